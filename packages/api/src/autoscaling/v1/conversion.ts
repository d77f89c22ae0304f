import type { TypeOf } from '../../declaration/type-of.js'
import { behaviorFromText, behaviorToText } from './behavior-annotation.js'
import { metricFromV1, metricStatusFromV1, metricStatusToV1, metricToV1, type V1Metric, type V1MetricStatus } from './metric-conversion.js'

type AutoscalerV1 = TypeOf<'autoscaling.v1.HorizontalPodAutoscaler'>
type AutoscalerV2 = TypeOf<'autoscaling.v2.HorizontalPodAutoscaler'>
type MetricV2 = TypeOf<'autoscaling.v2.MetricSpec'>

/** Where the first version keeps what it has no fields for, so that nothing is lost on the way. */
const annotations = {
  metrics: 'autoscaling.alpha.kubernetes.io/metrics',
  currentMetrics: 'autoscaling.alpha.kubernetes.io/current-metrics',
  conditions: 'autoscaling.alpha.kubernetes.io/conditions',
  behavior: 'autoscaling.alpha.kubernetes.io/behavior',
} as const

/** An autoscaler of version 1 as version 2 has it. Annotations that cannot be read count as absent, as upstream has it. */
export function toV2({ spec, status, metadata, ...rest }: AutoscalerV1): AutoscalerV2 {
  const kept = metadata.annotations ?? {}
  const { targetCPUUtilizationPercentage: target, ...specRest } = spec ?? { maxReplicas: 0, scaleTargetRef: { kind: '', name: '' } }
  const { currentCPUUtilizationPercentage: current, ...statusRest } = status ?? { currentReplicas: 0, desiredReplicas: 0 }
  const own = target === undefined ? [] : [cpu(target)]
  const others = readList<V1Metric>(kept[annotations.metrics])?.map(metricFromV1) ?? []
  const behavior = behaviorFromText(kept[annotations.behavior])
  const measured = readList<V1MetricStatus>(kept[annotations.currentMetrics])?.map(metricStatusFromV1)
  const conditions = readList<TypeOf<'autoscaling.v2.HorizontalPodAutoscalerCondition'>>(kept[annotations.conditions])
  const metrics = [...others, ...own]
  return {
    ...rest,
    apiVersion: 'autoscaling/v2',
    metadata: withoutKept(metadata),
    spec: { ...specRest, metrics: metrics.length > 0 ? metrics : [cpu(80)], ...(behavior && { behavior }) },
    status: {
      ...statusRest,
      ...(measured ? { currentMetrics: measured } : current === undefined ? {} : { currentMetrics: [measuredCpu(current)] }),
      ...(conditions && { conditions }),
    },
  }
}

/** The way back. */
export function toV1({ spec, status, metadata, ...rest }: AutoscalerV2): AutoscalerV1 {
  const { metrics = [], behavior, ...specRest } = spec ?? { maxReplicas: 0, scaleTargetRef: { kind: '', name: '' } }
  const { currentMetrics: measurements, conditions = [], ...statusRest } = status ?? { desiredReplicas: 0 }
  // Encoded as null when nothing was measured yet.
  const currentMetrics = measurements ?? []
  const target = metrics.find(isCpuUtilization)?.resource?.target.averageUtilization
  const measured = currentMetrics.findLast(
    ({ type, resource }) => type === 'Resource' && resource?.name === 'cpu' && resource.current.averageUtilization !== undefined,
  )
  const others = metrics.filter((metric) => !isCpuUtilization(metric)).map(metricToV1)
  const kept = {
    ...(others.length > 0 && { [annotations.metrics]: JSON.stringify(others) }),
    ...(currentMetrics.length > 0 && { [annotations.currentMetrics]: JSON.stringify(currentMetrics.map(metricStatusToV1)) }),
    ...(behavior && { [annotations.behavior]: behaviorToText(behavior) }),
    ...(conditions.length > 0 && { [annotations.conditions]: JSON.stringify(conditions) }),
  }
  const base = withoutKept(metadata)
  const annotated = Object.keys(kept).length > 0 ? { ...base, annotations: { ...base.annotations, ...kept } } : base
  return {
    ...rest,
    apiVersion: 'autoscaling/v1',
    metadata: annotated,
    spec: { ...specRest, ...(target !== undefined && { targetCPUUtilizationPercentage: target }) },
    status: {
      currentReplicas: 0,
      ...statusRest,
      ...(measured?.resource && { currentCPUUtilizationPercentage: measured.resource.current.averageUtilization }),
    },
  }
}

const cpu = (averageUtilization: number): MetricV2 => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
})

const measuredCpu = (averageUtilization: number) => ({ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization } } })

const isCpuUtilization = ({ type, resource }: MetricV2): boolean =>
  type === 'Resource' && resource?.name === 'cpu' && resource.target.averageUtilization !== undefined

function withoutKept(metadata: AutoscalerV1['metadata']): AutoscalerV1['metadata'] {
  const names: ReadonlySet<string> = new Set(Object.values(annotations))
  const entries = Object.entries(metadata.annotations ?? {})
  const left = entries.filter(([name]) => !names.has(name))
  if (left.length === entries.length) return metadata
  const { annotations: _annotations, ...rest } = metadata
  return left.length > 0 ? { ...rest, annotations: Object.fromEntries(left) } : rest
}

function readList<T>(text: string | undefined): T[] | undefined {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null) ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
