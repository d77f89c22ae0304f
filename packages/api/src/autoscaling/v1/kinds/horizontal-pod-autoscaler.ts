import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type AutoscalingV1HorizontalPodAutoscaler = TypeOf<'autoscaling.v1.HorizontalPodAutoscaler'>
export type AutoscalingV1HorizontalPodAutoscalerList = ListOf<AutoscalingV1HorizontalPodAutoscaler>

export const AutoscalingV1HorizontalPodAutoscaler: Kind<AutoscalingV1HorizontalPodAutoscaler> = defineKind(
  'autoscaling.v1.HorizontalPodAutoscaler',
  {
    plural: 'horizontalpodautoscalers',
    shortNames: ['hpa'],
    categories: ['all'],
    subresources: [statusSubresource],
  },
)
