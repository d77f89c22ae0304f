import type { TypeTable } from '../../declaration/type-table.js'

export const subjectAccessReviewTypes = {
  FieldSelectorAttributes: {
    rawSelector: ['string', 1],
    requirements: ['meta.v1.FieldSelectorRequirement[]', 2],
  },
  LabelSelectorAttributes: {
    rawSelector: ['string', 1],
    requirements: ['meta.v1.LabelSelectorRequirement[]', 2],
  },
  LocalSubjectAccessReview: {
    $: { object: true, about: 'Asks whether somebody may do something in a namespace.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['SubjectAccessReviewSpec!', 2],
    status: ['SubjectAccessReviewStatus', 3],
  },
  NonResourceAttributes: {
    path: ['string', 1],
    verb: ['string', 2],
  },
  NonResourceRule: {
    verbs: ['string[]!', 1],
    nonResourceURLs: ['string[]', 2],
  },
  ResourceAttributes: {
    namespace: ['string', 1],
    verb: ['string', 2],
    group: ['string', 3],
    version: ['string', 4],
    resource: ['string', 5],
    subresource: ['string', 6],
    name: ['string', 7],
    fieldSelector: ['FieldSelectorAttributes?', 8],
    labelSelector: ['LabelSelectorAttributes?', 9],
  },
  ResourceRule: {
    verbs: ['string[]!', 1],
    apiGroups: ['string[]', 2],
    resources: ['string[]', 3],
    resourceNames: ['string[]', 4],
  },
  SelfSubjectAccessReview: {
    $: { object: true, about: 'Asks whether who asks may do something.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['SelfSubjectAccessReviewSpec!', 2],
    status: ['SubjectAccessReviewStatus', 3],
  },
  SelfSubjectAccessReviewSpec: {
    resourceAttributes: ['ResourceAttributes?', 1],
    nonResourceAttributes: ['NonResourceAttributes?', 2],
  },
  SelfSubjectRulesReview: {
    $: { object: true, about: 'Asks what who asks may do in a namespace.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['SelfSubjectRulesReviewSpec!', 2],
    status: ['SubjectRulesReviewStatus', 3],
  },
  SelfSubjectRulesReviewSpec: {
    namespace: ['string', 1],
  },
  SubjectAccessReview: {
    $: { object: true, about: 'Asks whether somebody may do something.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['SubjectAccessReviewSpec!', 2],
    status: ['SubjectAccessReviewStatus', 3],
  },
  SubjectAccessReviewSpec: {
    resourceAttributes: ['ResourceAttributes?', 1],
    nonResourceAttributes: ['NonResourceAttributes?', 2],
    user: ['string', 3],
    groups: ['string[]', 4],
    extra: ['string[]{}', 5],
    uid: ['string', 6],
  },
  SubjectAccessReviewStatus: {
    allowed: ['boolean!', 1],
    denied: ['boolean', 4],
    reason: ['string', 2],
    evaluationError: ['string', 3],
  },
  SubjectRulesReviewStatus: {
    resourceRules: ['ResourceRule[]!', 1],
    nonResourceRules: ['NonResourceRule[]!', 2],
    incomplete: ['boolean!', 3],
    evaluationError: ['string', 4],
  },
} as const satisfies TypeTable
