import type { TypeTable } from '../../declaration/type-table.js'

export const roleTypes = {
  AggregationRule: {
    clusterRoleSelectors: ['meta.v1.LabelSelector[]', 1],
  },
  ClusterRole: {
    $: { object: true },
    metadata: ['meta.v1.ObjectMeta', 1],
    rules: ['PolicyRule[]', 2, { empty: 'encoded' }],
    aggregationRule: ['AggregationRule?', 3],
  },
  ClusterRoleBinding: {
    $: { object: true },
    metadata: ['meta.v1.ObjectMeta', 1],
    subjects: ['Subject[]', 2],
    roleRef: ['RoleRef!', 3],
  },
  PolicyRule: {
    verbs: ['string[]!', 1],
    apiGroups: ['string[]', 2],
    resources: ['string[]', 3],
    resourceNames: ['string[]', 4],
    nonResourceURLs: ['string[]', 5],
  },
  Role: {
    $: { object: true },
    metadata: ['meta.v1.ObjectMeta', 1],
    rules: ['PolicyRule[]', 2, { empty: 'encoded' }],
  },
  RoleBinding: {
    $: { object: true },
    metadata: ['meta.v1.ObjectMeta', 1],
    subjects: ['Subject[]', 2],
    roleRef: ['RoleRef!', 3],
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
