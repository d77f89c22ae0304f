import type { TypeTable } from '../../declaration/type-table.js'

export const flowSchemaTypes = {
  FlowDistinguisherMethod: {
    type: ['FlowDistinguisherMethodType!', 1],
  },
  FlowSchema: {
    $: { object: true, about: 'Which requests belong together, and to which priority level.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['FlowSchemaSpec', 2],
    status: ['FlowSchemaStatus', 3],
  },
  FlowSchemaCondition: {
    type: ['string', 1],
    status: ['ConditionStatus', 2],
    lastTransitionTime: ['Time', 3],
    reason: ['string', 4],
    message: ['string', 5],
  },
  FlowSchemaSpec: {
    priorityLevelConfiguration: ['PriorityLevelConfigurationReference!', 1],
    matchingPrecedence: ['int32', 2, { empty: 'encoded' }],
    distinguisherMethod: ['FlowDistinguisherMethod?', 3],
    rules: ['PolicyRulesWithSubjects[]', 4],
  },
  FlowSchemaStatus: {
    conditions: ['FlowSchemaCondition[]', 1, { keys: ['type'], merge: 'type' }],
  },
  GroupSubject: {
    name: ['string!', 1],
  },
  NonResourcePolicyRule: {
    verbs: ['string[]!', 1, { set: true }],
    nonResourceURLs: ['string[]!', 6, { set: true }],
  },
  PolicyRulesWithSubjects: {
    subjects: ['Subject[]!', 1],
    resourceRules: ['ResourcePolicyRule[]', 2],
    nonResourceRules: ['NonResourcePolicyRule[]', 3],
  },
  ResourcePolicyRule: {
    verbs: ['string[]!', 1, { set: true }],
    apiGroups: ['string[]!', 2, { set: true }],
    resources: ['string[]!', 3, { set: true }],
    clusterScope: ['boolean', 4],
    namespaces: ['string[]', 5, { set: true, empty: 'encoded' }],
  },
  ServiceAccountSubject: {
    namespace: ['string!', 1],
    name: ['string!', 2],
  },
  Subject: {
    kind: ['SubjectKind!', 1],
    user: ['UserSubject?', 2],
    group: ['GroupSubject?', 3],
    serviceAccount: ['ServiceAccountSubject?', 4],
  },
  UserSubject: {
    name: ['string!', 1],
  },
  ConditionStatus: ['True', 'False', 'Unknown', '*'],
  FlowDistinguisherMethodType: ['ByUser', 'ByNamespace', '*'],
  SubjectKind: ['User', 'Group', 'ServiceAccount', '*'],
} as const satisfies TypeTable
