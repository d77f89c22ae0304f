import { horizontalPodAutoscalerTypes } from './horizontal-pod-autoscaler.js'
import { metricTypes } from './metric.js'

/** Every declared type of autoscaling.v2. */
export const autoscalingV2Types = { ...horizontalPodAutoscalerTypes, ...metricTypes } as const
