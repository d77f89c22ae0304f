import type { ListOf, TypeOf } from '../../declaration/type-of.js'

export type Eviction = TypeOf<'policy.v1.Eviction'>
export type PodDisruptionBudget = TypeOf<'policy.v1.PodDisruptionBudget'>
export type PodDisruptionBudgetList = ListOf<PodDisruptionBudget>
export type PodDisruptionBudgetSpec = TypeOf<'policy.v1.PodDisruptionBudgetSpec'>
export type PodDisruptionBudgetStatus = TypeOf<'policy.v1.PodDisruptionBudgetStatus'>
export type UnhealthyPodEvictionPolicyType = TypeOf<'policy.v1.UnhealthyPodEvictionPolicyType'>
