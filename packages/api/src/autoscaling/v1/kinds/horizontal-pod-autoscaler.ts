import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Column, Kind } from '../../../kind.js'
import { autoscalerColumns, HorizontalPodAutoscaler } from '../../v2/kinds/horizontal-pod-autoscaler.js'
import { toV1, toV2 } from '../conversion.js'

export type AutoscalingV1HorizontalPodAutoscaler = TypeOf<'autoscaling.v1.HorizontalPodAutoscaler'>
export type AutoscalingV1HorizontalPodAutoscalerList = ListOf<AutoscalingV1HorizontalPodAutoscaler>

/** The first version, which knows processor time only; the rest is in annotations. */
export const AutoscalingV1HorizontalPodAutoscaler: Kind<AutoscalingV1HorizontalPodAutoscaler> = defineKind(
  'autoscaling.v1.HorizontalPodAutoscaler',
  {
    plural: 'horizontalpodautoscalers',
    shortNames: ['hpa'],
    categories: ['all'],
    subresources: [statusSubresource],
    columns: autoscalerColumns.map(
      (column): Column<AutoscalingV1HorizontalPodAutoscaler> => ({
        ...column,
        cell: (autoscaler, now) => column.cell(toV2(autoscaler), now),
      }),
    ),
    storedAs: { kind: HorizontalPodAutoscaler, toStored: toV2, fromStored: (stored) => toV1(stored as HorizontalPodAutoscaler) },
  },
)
