import type { TypeTable } from '../../declaration/type-table.js'

export const schedulingTypes = {
  Affinity: {
    nodeAffinity: ['NodeAffinity?', 1],
    podAffinity: ['PodAffinity?', 2],
    podAntiAffinity: ['PodAntiAffinity?', 3],
  },
  NodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: ['NodeSelector?', 1],
    preferredDuringSchedulingIgnoredDuringExecution: ['PreferredSchedulingTerm[]', 2],
  },
  PodAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: ['PodAffinityTerm[]', 1],
    preferredDuringSchedulingIgnoredDuringExecution: ['WeightedPodAffinityTerm[]', 2],
  },
  PodAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: ['PodAffinityTerm[]', 1],
    preferredDuringSchedulingIgnoredDuringExecution: ['WeightedPodAffinityTerm[]', 2],
  },
  PodAffinityTerm: {
    labelSelector: ['meta.v1.LabelSelector?', 1],
    namespaces: ['string[]', 2],
    topologyKey: ['string!', 3],
    namespaceSelector: ['meta.v1.LabelSelector?', 4],
    matchLabelKeys: ['string[]', 5],
    mismatchLabelKeys: ['string[]', 6],
  },
  WeightedPodAffinityTerm: {
    weight: ['int32!', 1],
    podAffinityTerm: ['PodAffinityTerm!', 2],
  },
  PreferredSchedulingTerm: {
    weight: ['int32!', 1],
    preference: ['NodeSelectorTerm!', 2],
  },
  NodeSelector: {
    $: { atomic: true },
    nodeSelectorTerms: ['NodeSelectorTerm[]!', 1],
  },
  NodeSelectorTerm: {
    $: { atomic: true },
    matchExpressions: ['NodeSelectorRequirement[]', 1],
    matchFields: ['NodeSelectorRequirement[]', 2],
  },
  NodeSelectorRequirement: {
    key: ['string!', 1],
    operator: ['NodeSelectorOperator!', 2],
    values: ['string[]', 3],
  },
  TopologySpreadConstraint: {
    maxSkew: ['int32!', 1],
    topologyKey: ['string!', 2],
    whenUnsatisfiable: ['UnsatisfiableConstraintAction!', 3],
    labelSelector: ['meta.v1.LabelSelector?', 4],
    minDomains: ['int32?', 5],
    nodeAffinityPolicy: ['NodeInclusionPolicy?', 6],
    nodeTaintsPolicy: ['NodeInclusionPolicy?', 7],
    matchLabelKeys: ['string[]', 8],
  },
  Toleration: {
    key: ['string', 1],
    operator: ['TolerationOperator', 2],
    value: ['string', 3],
    effect: ['TaintEffect', 4],
    tolerationSeconds: ['int64?', 5],
  },
  Taint: {
    key: ['string!', 1],
    value: ['string', 2],
    effect: ['TaintEffect!', 3],
    timeAdded: ['Time?', 4],
  },
  TopologySelectorTerm: {
    $: { atomic: true },
    matchLabelExpressions: ['TopologySelectorLabelRequirement[]', 1],
  },
  TopologySelectorLabelRequirement: {
    key: ['string!', 1],
    values: ['string[]!', 2],
  },
  NodeInclusionPolicy: ['Ignore', 'Honor'],
  NodeSelectorOperator: ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'],
  TaintEffect: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
  TolerationOperator: ['Exists', 'Equal', 'Lt', 'Gt'],
  UnsatisfiableConstraintAction: ['DoNotSchedule', 'ScheduleAnyway'],
} as const satisfies TypeTable
