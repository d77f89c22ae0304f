import type { Container, ResourceRequirements } from '@treeline/api'
import { Quantity } from '@treeline/machinery'
import { type AssignedPod, isSidecar } from '../assigned-pod.js'

type Amounts = Readonly<Record<string, Quantity>>

export function amounts(list: Readonly<Record<string, string>> | undefined): Record<string, Quantity> {
  return Object.fromEntries(Object.entries(list ?? {}).map(([name, text]) => [name, Quantity.parse(text)]))
}

/**
 * What a pod counts for: the sum of its containers and sidecars, or more while init containers run, plus overhead.
 * Pod-level resources win where they are set.
 */
export function podTotal(pod: AssignedPod, which: 'requests' | 'limits'): Record<string, Quantity> {
  const of = (resources: ResourceRequirements | undefined) => amounts(resources?.[which])
  let total: Record<string, Quantity> = {}
  for (const container of pod.spec.containers) total = sum(total, of(container.resources))
  let sidecars: Record<string, Quantity> = {}
  let peak: Record<string, Quantity> = {}
  for (const container of pod.spec.initContainers ?? []) {
    if (isSidecar(container)) {
      sidecars = sum(sidecars, of(container.resources))
      total = sum(total, of(container.resources))
      peak = most(peak, sidecars)
    } else peak = most(peak, sum(sidecars, of(container.resources)))
  }
  return sum({ ...most(total, peak), ...of(pod.spec.resources) }, amounts(pod.spec.overhead))
}

/** The pod's limit of a resource, which exists only if every container has one. */
export function podLimit(pod: AssignedPod, resource: string): Quantity | undefined {
  const own = pod.spec.resources?.limits?.[resource]
  if (own !== undefined) return Quantity.parse(own)
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]
  return all.every((container) => container.resources?.limits?.[resource] !== undefined) ? podTotal(pod, 'limits')[resource] : undefined
}

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort'

/** The class as the API server computes it; the field of the status wins when it is set. */
export function qosClass(pod: AssignedPod): QosClass {
  const known = pod.status?.qosClass
  if (known === 'Guaranteed' || known === 'Burstable' || known === 'BestEffort') return known
  const lists = pod.spec.resources ? [pod.spec.resources] : allContainers(pod).map(({ resources }) => resources)
  const asks = lists.some((resources) =>
    computed.some((name) => positive(resources?.requests?.[name]) || positive(resources?.limits?.[name])),
  )
  if (!asks) return 'BestEffort'
  const guaranteed = lists.every((resources) =>
    computed.every((name) => {
      const limit = resources?.limits?.[name]
      const request = resources?.requests?.[name] ?? limit
      return positive(limit) && request !== undefined && Quantity.parse(request).equals(Quantity.parse(limit ?? '0'))
    }),
  )
  return guaranteed ? 'Guaranteed' : 'Burstable'
}

const computed = ['cpu', 'memory']

function allContainers(pod: AssignedPod): Container[] {
  return [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]
}

function positive(text: string | undefined): boolean {
  return text !== undefined && Quantity.parse(text).sign > 0
}

function sum(a: Amounts, b: Amounts): Record<string, Quantity> {
  const result = { ...a }
  for (const [name, amount] of Object.entries(b)) result[name] = result[name]?.add(amount) ?? amount
  return result
}

function most(a: Amounts, b: Amounts): Record<string, Quantity> {
  const result = { ...a }
  for (const [name, amount] of Object.entries(b)) {
    const other = result[name]
    result[name] = other !== undefined && other.cmp(amount) >= 0 ? other : amount
  }
  return result
}
