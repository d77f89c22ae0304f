import type { Kind } from '../../kind.js'
import { HorizontalPodAutoscaler } from './kinds/horizontal-pod-autoscaler.js'

export * from './kinds/horizontal-pod-autoscaler.js'
export type * from './types.js'

/** In discovery's order. */
export const autoscalingV2Kinds: readonly Kind[] = [HorizontalPodAutoscaler]
