import { horizontalPodAutoscalerTypes } from './horizontal-pod-autoscaler.js'
import { scaleTypes } from './scale.js'

/** Every declared type of autoscaling.v1. */
export const autoscalingV1Types = { ...scaleTypes, ...horizontalPodAutoscalerTypes } as const
