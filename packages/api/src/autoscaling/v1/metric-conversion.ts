import type { TypeOf } from '../../declaration/type-of.js'

type MetricV2 = TypeOf<'autoscaling.v2.MetricSpec'>
type StatusV2 = TypeOf<'autoscaling.v2.MetricStatus'>
type Target = TypeOf<'autoscaling.v2.MetricTarget'>
type Current = TypeOf<'autoscaling.v2.MetricValueStatus'>
type Reference = TypeOf<'autoscaling.v2.CrossVersionObjectReference'>
type Selector = TypeOf<'meta.v1.LabelSelector'>

interface Named {
  metricName: string
  selector?: Selector
}

interface ResourceTarget {
  name: string
  targetAverageUtilization?: number
  targetAverageValue?: string
}

interface ResourceValue {
  name: string
  currentAverageUtilization?: number
  currentAverageValue: string
}

/** A metric as version 1 writes it into an annotation. */
export interface V1Metric {
  type: string
  object?: Named & { target: Reference; targetValue: string; averageValue?: string }
  pods?: Named & { targetAverageValue: string }
  resource?: ResourceTarget
  containerResource?: ResourceTarget & { container: string }
  external?: { metricName: string; metricSelector?: Selector; targetValue?: string; targetAverageValue?: string }
}

/** What was measured, in the same form. */
export interface V1MetricStatus {
  type: string
  object?: Named & { target: Reference; currentValue: string; averageValue?: string }
  pods?: Named & { currentAverageValue: string }
  resource?: ResourceValue
  containerResource?: ResourceValue & { container: string }
  external?: { metricName: string; metricSelector?: Selector; currentValue: string; currentAverageValue?: string }
}

export function metricToV1({ type, object, pods, resource, containerResource, external }: MetricV2): V1Metric {
  return defined<V1Metric>({
    type,
    object: object && {
      target: object.describedObject,
      metricName: object.metric.name,
      targetValue: object.target.value ?? '0',
      selector: object.metric.selector,
      averageValue: object.target.averageValue,
    },
    pods: pods && { metricName: pods.metric.name, targetAverageValue: pods.target.averageValue ?? '0', selector: pods.metric.selector },
    resource: resource && resourceTarget(resource),
    containerResource: containerResource && { ...resourceTarget(containerResource), container: containerResource.container },
    external: external && {
      metricName: external.metric.name,
      metricSelector: external.metric.selector,
      targetValue: external.target.value,
      targetAverageValue: external.target.averageValue,
    },
  })
}

export function metricFromV1({ type, object, pods, resource, containerResource, external }: V1Metric): MetricV2 {
  return defined<MetricV2>({
    type,
    object: object && {
      describedObject: object.target,
      metric: { name: object.metricName, selector: object.selector },
      target: valueTarget(object.averageValue === undefined ? 'Value' : 'AverageValue', object.targetValue ?? '0', object.averageValue),
    },
    pods: pods && {
      metric: { name: pods.metricName, selector: pods.selector },
      target: valueTarget('AverageValue', undefined, pods.targetAverageValue ?? '0'),
    },
    resource: resource && { name: resource.name, target: utilizationTarget(resource) },
    containerResource: containerResource && {
      name: containerResource.name,
      container: containerResource.container,
      target: utilizationTarget(containerResource),
    },
    external: external && {
      metric: { name: external.metricName, selector: external.metricSelector },
      target: valueTarget(external.targetValue === undefined ? 'AverageValue' : 'Value', external.targetValue, external.targetAverageValue),
    },
  })
}

export function metricStatusToV1({ type, object, pods, resource, containerResource, external }: StatusV2): V1MetricStatus {
  return defined<V1MetricStatus>({
    type,
    object: object && {
      target: object.describedObject,
      metricName: object.metric.name,
      currentValue: object.current.value ?? '0',
      selector: object.metric.selector,
      averageValue: object.current.averageValue,
    },
    pods: pods && { metricName: pods.metric.name, currentAverageValue: pods.current.averageValue ?? '0', selector: pods.metric.selector },
    resource: resource && resourceValue(resource),
    containerResource: containerResource && { ...resourceValue(containerResource), container: containerResource.container },
    external: external && {
      metricName: external.metric.name,
      metricSelector: external.metric.selector,
      currentValue: external.current.value ?? '0',
      currentAverageValue: external.current.averageValue,
    },
  })
}

export function metricStatusFromV1({ type, object, pods, resource, containerResource, external }: V1MetricStatus): StatusV2 {
  return defined<StatusV2>({
    type,
    object: object && {
      describedObject: object.target,
      metric: { name: object.metricName, selector: object.selector },
      current: { value: object.currentValue ?? '0', averageValue: object.averageValue },
    },
    pods: pods && {
      metric: { name: pods.metricName, selector: pods.selector },
      current: { averageValue: pods.currentAverageValue ?? '0' },
    },
    resource: resource && { name: resource.name, current: currentOf(resource) },
    containerResource: containerResource && {
      name: containerResource.name,
      container: containerResource.container,
      current: currentOf(containerResource),
    },
    external: external && {
      metric: { name: external.metricName, selector: external.metricSelector },
      current: { value: external.currentValue ?? '0', averageValue: external.currentAverageValue },
    },
  })
}

const resourceTarget = ({ name, target }: { name: string; target: Target }): ResourceTarget => ({
  name,
  targetAverageUtilization: target.averageUtilization,
  targetAverageValue: target.averageValue,
})

const resourceValue = ({ name, current }: { name: string; current: Current }): ResourceValue => ({
  name,
  currentAverageUtilization: current.averageUtilization,
  currentAverageValue: current.averageValue ?? '0',
})

const utilizationTarget = ({ targetAverageUtilization, targetAverageValue }: ResourceTarget): Target => ({
  type: targetAverageUtilization === undefined ? 'AverageValue' : 'Utilization',
  averageValue: targetAverageValue,
  averageUtilization: targetAverageUtilization,
})

const currentOf = ({ currentAverageUtilization, currentAverageValue }: ResourceValue): Current => ({
  averageValue: currentAverageValue ?? '0',
  averageUtilization: currentAverageUtilization,
})

const valueTarget = (type: string, value: string | undefined, averageValue: string | undefined): Target => ({ type, value, averageValue })

/** Without members that are undefined, at any depth. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      if (member === undefined) return []
      return [[name, typeof member === 'object' && member !== null && !Array.isArray(member) ? defined(member) : member]]
    }),
  ) as T
}
