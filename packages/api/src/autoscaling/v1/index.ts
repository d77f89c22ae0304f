import type { Kind } from '../../kind.js'
import { AutoscalingV1HorizontalPodAutoscaler } from './kinds/horizontal-pod-autoscaler.js'

export * from './kinds/horizontal-pod-autoscaler.js'
export * from './kinds/scale.js'
export type * from './types.js'

/** In discovery's order. */
export const autoscalingV1Kinds: readonly Kind[] = [AutoscalingV1HorizontalPodAutoscaler]
