import { Quantity } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'

/** Amounts by resource name, such as `cpu`. */
export type ResourceAmounts = Map<string, Quantity>

type PodSpec = TypeOf<'core.v1.PodSpec'>
type Container = TypeOf<'core.v1.Container'>

/**
 * What the containers of a pod need together (KEP-753): all containers and sidecars at once, or, where that is more,
 * one init container beside the sidecars started before it.
 */
export function containerResources(spec: PodSpec, which: 'requests' | 'limits'): ResourceAmounts {
  const total: ResourceAmounts = new Map()
  for (const container of spec.containers ?? []) addAmounts(total, amountsOf(container, which))
  const sidecars: ResourceAmounts = new Map()
  const initPeak: ResourceAmounts = new Map()
  for (const container of spec.initContainers ?? []) {
    const own = amountsOf(container, which)
    if (container.restartPolicy === 'Always') {
      addAmounts(total, own)
      addAmounts(sidecars, own)
      raiseAmounts(initPeak, sidecars)
    } else {
      addAmounts(own, sidecars)
      raiseAmounts(initPeak, own)
    }
  }
  raiseAmounts(total, initPeak)
  return total
}

/** May be asked for on the pod as a whole (KEP-2837). */
export function isPodLevelResource(name: string): boolean {
  return name === 'cpu' || name === 'memory' || isHugePages(name)
}

export function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-')
}

function amountsOf(container: Container, which: 'requests' | 'limits'): ResourceAmounts {
  return new Map(Object.entries(container.resources?.[which] ?? {}).map(([name, amount]) => [name, Quantity.parse(amount)]))
}

function addAmounts(to: ResourceAmounts, more: ResourceAmounts): void {
  for (const [name, amount] of more) to.set(name, to.get(name)?.add(amount) ?? amount)
}

function raiseAmounts(to: ResourceAmounts, least: ResourceAmounts): void {
  for (const [name, amount] of least) {
    const present = to.get(name)
    if (!present || present.cmp(amount) < 0) to.set(name, amount)
  }
}
