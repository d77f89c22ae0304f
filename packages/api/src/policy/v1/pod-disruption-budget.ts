import type { TypeTable } from '../../declaration/type-table.js'

export const podDisruptionBudgetTypes = {
  Eviction: {
    $: { object: true, about: 'Asks a pod to leave, as far as its disruption budgets allow.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    deleteOptions: ['meta.v1.DeleteOptions?', 2],
  },
  PodDisruptionBudget: {
    $: { object: true, about: 'How many of a set of pods may be away at once when that can be chosen.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['PodDisruptionBudgetSpec', 2],
    status: ['PodDisruptionBudgetStatus', 3],
  },
  PodDisruptionBudgetSpec: {
    minAvailable: ['IntOrString?', 1, { about: 'Pods that must stay, as a number or a share.' }],
    selector: ['meta.v1.LabelSelector?', 2, { replace: true, about: 'Pods it is for.' }],
    maxUnavailable: ['IntOrString?', 3, { about: 'Pods that may be away, as a number or a share.' }],
    unhealthyPodEvictionPolicy: ['UnhealthyPodEvictionPolicyType?', 4, { about: 'Whether pods that are not ready are protected too.' }],
  },
  PodDisruptionBudgetStatus: {
    observedGeneration: ['int64', 1],
    disruptedPods: ['Time{}', 2],
    disruptionsAllowed: ['int32!', 3],
    currentHealthy: ['int32!', 4],
    desiredHealthy: ['int32!', 5],
    expectedPods: ['int32!', 6],
    conditions: ['meta.v1.Condition[]', 7, { keys: ['type'], merge: 'type' }],
  },
  UnhealthyPodEvictionPolicyType: ['IfHealthyBudget', 'AlwaysAllow'],
} as const satisfies TypeTable
