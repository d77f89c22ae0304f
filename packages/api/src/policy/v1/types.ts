import type { TypeOf } from '../../declaration/type-of.js'

export type PodDisruptionBudgetSpec = TypeOf<'policy.v1.PodDisruptionBudgetSpec'>
export type PodDisruptionBudgetStatus = TypeOf<'policy.v1.PodDisruptionBudgetStatus'>
export type UnhealthyPodEvictionPolicyType = TypeOf<'policy.v1.UnhealthyPodEvictionPolicyType'>
