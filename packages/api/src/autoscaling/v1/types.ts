import type { TypeOf } from '../../declaration/type-of.js'

export type AutoscalingV1CrossVersionObjectReference = TypeOf<'autoscaling.v1.CrossVersionObjectReference'>
export type AutoscalingV1HorizontalPodAutoscalerSpec = TypeOf<'autoscaling.v1.HorizontalPodAutoscalerSpec'>
export type AutoscalingV1HorizontalPodAutoscalerStatus = TypeOf<'autoscaling.v1.HorizontalPodAutoscalerStatus'>
export type ScaleSpec = TypeOf<'autoscaling.v1.ScaleSpec'>
export type ScaleStatus = TypeOf<'autoscaling.v1.ScaleStatus'>
