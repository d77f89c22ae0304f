import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type HorizontalPodAutoscaler = TypeOf<'autoscaling.v2.HorizontalPodAutoscaler'>
export type HorizontalPodAutoscalerList = ListOf<HorizontalPodAutoscaler>

export const HorizontalPodAutoscaler: Kind<HorizontalPodAutoscaler> = defineKind('autoscaling.v2.HorizontalPodAutoscaler', {
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
  subresources: [statusSubresource],
})
