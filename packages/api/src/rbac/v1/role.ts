import type { TypeTable } from '../../declaration/type-table.js'

export const roleTypes = {
  AggregationRule: {
    clusterRoleSelectors: ['meta.v1.LabelSelector[]', 1],
  },
  ClusterRole: {
    $: { object: true, about: 'What may be done in the cluster, or in any namespace.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    rules: ['PolicyRule[]', 2, { empty: 'encoded', about: 'What may be done.' }],
    aggregationRule: ['AggregationRule?', 3, { about: 'Roles whose rules are gathered in it.' }],
  },
  ClusterRoleBinding: {
    $: { object: true, about: 'Gives a cluster role to users everywhere.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    subjects: ['Subject[]', 2, { about: 'Who gets it.' }],
    roleRef: ['RoleRef!', 3, { about: 'The role; cannot be changed.' }],
  },
  PolicyRule: {
    verbs: ['string[]!', 1, { about: 'What may be done with them; * for all.' }],
    apiGroups: ['string[]', 2, { about: 'Groups of the resources; "" is the core group.' }],
    resources: ['string[]', 3, { about: 'Resources, as in URLs, with subresources after a slash; * for all.' }],
    resourceNames: ['string[]', 4, { about: 'Only objects of these names.' }],
    nonResourceURLs: ['string[]', 5, { about: 'Paths that are not resources.' }],
  },
  Role: {
    $: { object: true, about: 'What may be done in a namespace.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    rules: ['PolicyRule[]', 2, { empty: 'encoded', about: 'What may be done.' }],
  },
  RoleBinding: {
    $: { object: true, about: 'Gives a role, of either sort, to users within a namespace.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    subjects: ['Subject[]', 2, { about: 'Who gets it.' }],
    roleRef: ['RoleRef!', 3, { about: 'The role; cannot be changed.' }],
  },
  RoleRef: {
    $: { atomic: true },
    apiGroup: ['string!', 1],
    kind: ['string!', 2],
    name: ['string!', 3],
  },
  Subject: {
    $: { atomic: true },
    kind: ['string!', 1],
    apiGroup: ['string', 2],
    name: ['string!', 3],
    namespace: ['string', 4],
  },
} as const satisfies TypeTable
