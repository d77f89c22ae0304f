import type { TypeTable } from '../../declaration/type-table.js'

export const namespaceTypes = {
  Namespace: {
    $: { object: true, about: 'A room of its own for names. Deleting it deletes what is in it, which `spec.finalizers` waits for.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['NamespaceSpec', 2],
    status: ['NamespaceStatus', 3],
  },
  NamespaceSpec: {
    finalizers: ['FinalizerName[]', 1, { about: 'Who has to be done before the namespace goes.' }],
  },
  NamespaceStatus: {
    phase: ['NamespacePhase', 1],
    conditions: ['NamespaceCondition[]', 2, { keys: ['type'], merge: 'type' }],
  },
  NamespaceCondition: {
    type: ['NamespaceConditionType!', 1],
    status: ['ConditionStatus!', 2],
    lastTransitionTime: ['Time', 4],
    reason: ['string', 5],
    message: ['string', 6],
  },
  LimitRange: {
    $: { object: true, about: 'Bounds and defaults of what each pod, container or claim of a namespace may ask for.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['LimitRangeSpec', 2],
  },
  LimitRangeSpec: {
    limits: ['LimitRangeItem[]!', 1],
  },
  LimitRangeItem: {
    type: ['LimitType!', 1],
    max: ['Quantity{}', 2],
    min: ['Quantity{}', 3],
    default: ['Quantity{}', 4],
    defaultRequest: ['Quantity{}', 5],
    maxLimitRequestRatio: ['Quantity{}', 6],
  },
  ResourceQuota: {
    $: { object: true, about: 'Bounds of what all objects of a namespace together may use.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['ResourceQuotaSpec', 2],
    status: ['ResourceQuotaStatus', 3],
  },
  ResourceQuotaSpec: {
    hard: ['Quantity{}', 1],
    scopes: ['ResourceQuotaScope[]', 2],
    scopeSelector: ['ScopeSelector?', 3],
  },
  ResourceQuotaStatus: {
    hard: ['Quantity{}', 1],
    used: ['Quantity{}', 2],
  },
  ScopeSelector: {
    $: { atomic: true },
    matchExpressions: ['ScopedResourceSelectorRequirement[]', 1],
  },
  ScopedResourceSelectorRequirement: {
    scopeName: ['ResourceQuotaScope!', 1],
    operator: ['ScopeSelectorOperator!', 2],
    values: ['string[]', 3],
  },
  FinalizerName: ['kubernetes', '*'],
  LimitType: ['Pod', 'Container', 'PersistentVolumeClaim', '*'],
  NamespaceConditionType: [
    'NamespaceDeletionDiscoveryFailure',
    'NamespaceDeletionContentFailure',
    'NamespaceDeletionGroupVersionParsingFailure',
    'NamespaceContentRemaining',
    'NamespaceFinalizersRemaining',
    '*',
  ],
  NamespacePhase: ['Active', 'Terminating'],
  ResourceQuotaScope: [
    'Terminating',
    'NotTerminating',
    'BestEffort',
    'NotBestEffort',
    'PriorityClass',
    'CrossNamespacePodAffinity',
    'VolumeAttributesClass',
  ],
  ScopeSelectorOperator: ['In', 'NotIn', 'Exists', 'DoesNotExist'],
} as const satisfies TypeTable
