import {
  type Amounts,
  amountsOf,
  type LimitRangeItem,
  type PersistentVolumeClaim,
  type Pod,
  podLimits,
  podRequests,
  type ResourceList,
} from '@treeline/api'
import { Quantity } from '@treeline/machinery'

/** What breaks the limits of containers and of the whole pod, in upstream's words. */
export function podProblems(limits: readonly LimitRangeItem[], pod: Pod): string[] {
  const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])]
  // The overhead of a pod is not its author's, so limits are about the containers alone.
  const bare: Pod = { ...pod, spec: pod.spec && { ...pod.spec, overhead: undefined } }
  return limits.flatMap((limit) => {
    if (limit.type === 'Container') {
      return containers.flatMap(({ resources }) => problems(limit, amountsOf(resources?.requests), amountsOf(resources?.limits)))
    }
    return limit.type === 'Pod' ? problems(limit, podRequests(bare), podLimits(bare)) : []
  })
}

/** What breaks the limits of claims; only their requests count. */
export function claimProblems(limits: readonly LimitRangeItem[], claim: PersistentVolumeClaim): string[] {
  const requests = amountsOf(claim.spec?.resources?.requests)
  return limits
    .filter(({ type }) => type === 'PersistentVolumeClaim')
    .flatMap((limit) => [
      ...each(limit.min, (name, bound) => belowMinimum(limit.type, name, bound, requests.get(name), undefined)),
      ...each(limit.max, (name, bound) => requestAboveMaximum(limit.type, name, bound, requests.get(name))),
    ])
}

const problems = (limit: LimitRangeItem, requests: Amounts, limits: Amounts): string[] => [
  ...each(limit.min, (name, bound) => belowMinimum(limit.type, name, bound, requests.get(name), limits.get(name))),
  ...each(limit.max, (name, bound) => aboveMaximum(limit.type, name, bound, requests.get(name), limits.get(name))),
  ...each(limit.maxLimitRequestRatio, (name, bound) => aboveRatio(limit.type, name, bound, requests.get(name), limits.get(name))),
]

const each = (list: ResourceList | undefined, check: (name: string, bound: Quantity) => string | undefined): string[] =>
  [...amountsOf(list)].sort(([left], [right]) => (left < right ? -1 : 1)).flatMap(([name, bound]) => check(name, bound) ?? [])

function belowMinimum(type: string, name: string, bound: Quantity, request?: Quantity, limit?: Quantity): string | undefined {
  const rule = `minimum ${name} usage per ${type} is ${bound}`
  if (!request) return `${rule}.  No request is specified`
  if (request.cmp(bound) < 0) return `${rule}, but request is ${request}`
  return limit && limit.cmp(bound) < 0 ? `${rule}, but limit is ${limit}` : undefined
}

function aboveMaximum(type: string, name: string, bound: Quantity, request?: Quantity, limit?: Quantity): string | undefined {
  const rule = `maximum ${name} usage per ${type} is ${bound}`
  if (!limit) return `${rule}.  No limit is specified`
  if (limit.cmp(bound) > 0) return `${rule}, but limit is ${limit}`
  return request && request.cmp(bound) > 0 ? `${rule}, but request is ${request}` : undefined
}

function requestAboveMaximum(type: string, name: string, bound: Quantity, request?: Quantity): string | undefined {
  const rule = `maximum ${name} usage per ${type} is ${bound}`
  if (!request) return `${rule}.  No request is specified`
  return request.cmp(bound) > 0 ? `${rule}, but request is ${request}` : undefined
}

function aboveRatio(type: string, name: string, bound: Quantity, request = Quantity.zero, limit = Quantity.zero): string | undefined {
  const rule = `${name} max limit to request ratio per ${type} is ${bound}`
  if (request.isZero) return `${rule}, but no request is specified or request is 0`
  if (limit.isZero) return `${rule}, but no limit is specified or limit is 0`
  const ratio = limit.milliValue() / request.milliValue()
  return ratio * 1000 > bound.milliValue() ? `${rule}, but provided ratio is ${ratio.toFixed(6)}` : undefined
}
