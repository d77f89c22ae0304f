import type { TypeOf } from '../../declaration/type-of.js'

type MetricSpec = TypeOf<'autoscaling.v2.MetricSpec'>
type MetricStatus = TypeOf<'autoscaling.v2.MetricStatus'>
type Target = TypeOf<'autoscaling.v2.MetricTarget'>
type Current = TypeOf<'autoscaling.v2.MetricValueStatus'>

const shown = 2

/** `cpu: 40%/80%, 3/5 (avg)`: the first metrics, each measured and aimed at. */
export function metricsCell(specs: readonly MetricSpec[] | undefined, statuses: readonly MetricStatus[] | undefined): string {
  if (!specs?.length) return '<none>'
  const entries = specs.slice(0, shown).map((spec, index) => metric(spec, statuses?.[index]))
  return specs.length > shown ? `${entries.join(', ')} + ${specs.length - shown} more...` : entries.join(', ')
}

function metric(spec: MetricSpec, status: MetricStatus | undefined): string {
  switch (spec.type) {
    case 'External':
      return value(spec.external?.target, status?.external?.current)
    case 'Object':
      return value(spec.object?.target, status?.object?.current)
    case 'Pods':
      return `${status?.pods ? amount(status.pods.current.averageValue) : unknown}/${amount(spec.pods?.target.averageValue)}`
    case 'Resource':
      return resource(spec.resource, status?.resource?.current)
    case 'ContainerResource':
      return resource(spec.containerResource, status?.containerResource?.current)
    default:
      return '<unknown type>'
  }
}

const unknown = '<unknown>'
const amount = (quantity: string | undefined): string => quantity ?? '0'

function value(target: Target | undefined, current: Current | undefined): string {
  if (target?.averageValue !== undefined) return `${current?.averageValue ?? unknown}/${target.averageValue} (avg)`
  return `${current ? amount(current.value) : unknown}/${amount(target?.value)}`
}

function resource(spec: { name: string; target: Target } | undefined, current: Current | undefined): string {
  const { averageValue, averageUtilization } = spec?.target ?? {}
  if (averageValue !== undefined) return `${spec?.name}: ${current ? amount(current.averageValue) : unknown}/${averageValue}`
  const measured = current?.averageUtilization === undefined ? unknown : `${current.averageUtilization}%`
  return `${spec?.name}: ${measured}/${averageUtilization === undefined ? '<auto>' : `${averageUtilization}%`}`
}
