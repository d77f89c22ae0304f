import type { Kind } from '../../kind.js'
import { PodDisruptionBudget } from './kinds/pod-disruption-budget.js'

export * from './kinds/eviction.js'
export * from './kinds/pod-disruption-budget.js'
export type * from './types.js'

/** In discovery's order. */
export const policyV1Kinds: readonly Kind[] = [PodDisruptionBudget]
