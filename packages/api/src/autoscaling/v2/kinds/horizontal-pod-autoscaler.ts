import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Column, Kind } from '../../../kind.js'
import { metricsCell } from '../metrics-cell.js'

export type HorizontalPodAutoscaler = TypeOf<'autoscaling.v2.HorizontalPodAutoscaler'>
export type HorizontalPodAutoscalerList = ListOf<HorizontalPodAutoscaler>

/** Of both versions; an object of the first is read as one of the second. */
export const autoscalerColumns: readonly Column<HorizontalPodAutoscaler>[] = [
  nameColumn,
  column('Reference', 'string', 'What it scales.', ({ spec }) => `${spec?.scaleTargetRef.kind ?? ''}/${spec?.scaleTargetRef.name ?? ''}`),
  column('Targets', 'string', 'Measured, of what is aimed at.', ({ spec, status }) => metricsCell(spec?.metrics, status?.currentMetrics)),
  column('MinPods', 'string', 'The least number of pods.', ({ spec }) =>
    spec?.minReplicas === undefined ? '<unset>' : String(spec.minReplicas),
  ),
  column('MaxPods', 'string', 'The greatest number of pods.', ({ spec }) => spec?.maxReplicas ?? 0),
  column('Replicas', 'string', 'Pods there are.', ({ status }) => status?.currentReplicas ?? 0),
  ageColumn,
]

/** Changes the number of pods of a workload with what they do. */
export const HorizontalPodAutoscaler: Kind<HorizontalPodAutoscaler> = defineKind('autoscaling.v2.HorizontalPodAutoscaler', {
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
  subresources: [statusSubresource],
  columns: autoscalerColumns,
})
