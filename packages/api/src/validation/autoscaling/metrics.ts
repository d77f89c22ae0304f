import { type FieldPath, Quantity, validatePathSegmentName } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Findings } from '../findings.js'
import { requireLabel } from '../names.js'
import { checkContainerResourceName } from '../resource-names.js'

type Metric = TypeOf<'autoscaling.v2.MetricSpec'>
type Target = TypeOf<'autoscaling.v2.MetricTarget'>
type Reference = TypeOf<'autoscaling.v2.CrossVersionObjectReference'>
type CheckReference = (reference: Reference, path: FieldPath) => void

const types = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource']

/** Fields of a metric in the order they are looked at, and the type each belongs to. */
const fields = [
  ['object', 'Object'],
  ['external', 'External'],
  ['pods', 'Pods'],
  ['resource', 'Resource'],
  ['containerResource', 'ContainerResource'],
] as const

/** What is measured, and how much of it there is to be. */
export function checkMetric(found: Findings, metric: Metric, path: FieldPath, checkReference: CheckReference): void {
  const { type } = metric
  if (!type) found.required(path.child('type'), 'must specify a metric source type')
  if (!types.includes(type)) found.notSupported(path.child('type'), type, types)
  const given = fields.filter(([field]) => metric[field])
  const first = given[0]?.[0]
  if (first) checkSource(found, metric, first, path.child(first), checkReference)
  const expected = fields.find(([, name]) => name === type)?.[0]
  if (!expected) found.notSupported(path.child('type'), type, types)
  else if (!metric[expected]) found.required(path.child(expected), 'must populate information for the given metric source')
  if (given.length === 1) return
  for (const [field] of given) if (field !== expected) found.forbidden(path.child(field), 'must populate the given metric source only')
}

function checkSource(
  found: Findings,
  metric: Metric,
  field: (typeof fields)[number][0],
  path: FieldPath,
  checkReference: CheckReference,
): void {
  const target = path.child('target')
  switch (field) {
    case 'object': {
      if (!metric.object) return
      checkReference(metric.object.describedObject, path.child('describedObject'))
      checkIdentifier(found, metric.object.metric, path.child('metric'))
      const { value, averageValue } = checkTarget(found, metric.object.target, target)
      if (value === undefined && averageValue === undefined) {
        found.required(target.child('averageValue'), 'must set either a target value or averageValue')
      }
      return
    }
    case 'external': {
      checkIdentifier(found, metric.external?.metric, path.child('metric'))
      const { value, averageValue } = checkTarget(found, metric.external?.target, target)
      if (value === undefined && averageValue === undefined) {
        found.required(target.child('averageValue'), 'must set either a target value for metric or a per-pod target')
      }
      if (value !== undefined && averageValue !== undefined) {
        found.forbidden(target.child('value'), 'may not set both a target value for metric and a per-pod target')
      }
      return
    }
    case 'pods': {
      checkIdentifier(found, metric.pods?.metric, path.child('metric'))
      const { averageValue } = checkTarget(found, metric.pods?.target, target)
      if (averageValue === undefined) found.required(target.child('averageValue'), 'must specify a positive target averageValue')
      return
    }
    case 'resource': {
      if (!metric.resource?.name) found.required(path.child('name'), 'must specify a resource name')
      checkUtilization(found, metric.resource?.target, target)
      return
    }
    case 'containerResource': {
      const { name, container } = metric.containerResource ?? {}
      if (!name) found.required(path.child('name'), 'must specify a resource name')
      else checkContainerResourceName(found, name, path.child('name'))
      if (!container) found.required(path.child('container'), 'must specify a container')
      else requireLabel(found, container, path.child('container'))
      checkUtilization(found, metric.containerResource?.target, target)
    }
  }
}

function checkIdentifier(found: Findings, metric: { name?: string } | undefined, path: FieldPath): void {
  if (!metric?.name) found.required(path.child('name'), 'must specify a metric name')
  else found.each(path.child('name'), metric.name, validatePathSegmentName(metric.name))
}

function checkUtilization(found: Findings, given: Target | undefined, path: FieldPath): void {
  const { averageUtilization, averageValue } = checkTarget(found, given, path)
  if (averageUtilization === undefined && averageValue === undefined) {
    found.required(path.child('averageUtilization'), 'must set either a target raw value or a target utilization')
  }
  if (averageUtilization !== undefined && averageValue !== undefined) {
    found.forbidden(path.child('averageValue'), 'may not set both a target raw value and a target utilization')
  }
}

const targetTypes = ['Utilization', 'Value', 'AverageValue']

function checkTarget(found: Findings, target: Target | undefined, path: FieldPath): Partial<Target> {
  const type: string = target?.type ?? ''
  if (type === '') found.required(path.child('type'), 'must specify a metric target type')
  if (!targetTypes.includes(type)) found.invalid(path.child('type'), type, 'must be either Utilization, Value, or AverageValue')
  for (const field of ['value', 'averageValue'] as const) {
    const amount = target?.[field]
    if (amount !== undefined && Quantity.parse(amount).sign !== 1) found.invalid(path.child(field), amount, 'must be positive')
  }
  const utilization = target?.averageUtilization
  if (utilization !== undefined && utilization < 1) found.invalid(path.child('averageUtilization'), utilization, 'must be greater than 0')
  return target ?? {}
}
