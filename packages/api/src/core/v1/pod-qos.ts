import { Quantity } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'

type PodSpec = TypeOf<'core.v1.PodSpec'>
type Amounts = { [name: string]: string }

/**
 * The class by which a pod under memory pressure is chosen: Guaranteed when every container has equal requests and
 * limits of cpu and memory, BestEffort when none has any, Burstable otherwise. Resources of the pod as a whole take
 * the place of its containers'.
 */
export function qosClass(spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const owners = spec.resources ? [{ resources: spec.resources }] : [...(spec.containers ?? []), ...(spec.initContainers ?? [])]
  const requests = new Map<string, Quantity>()
  const limits = new Map<string, Quantity>()
  let allLimited = true
  for (const { resources } of owners) {
    addTo(requests, resources?.requests)
    const limited = addTo(limits, resources?.limits)
    // A pod that sets only requests of its own may still have the limits of none.
    if (limited < counted.length && !(spec.resources && !hasAny(resources?.limits))) allLimited = false
  }
  if (requests.size === 0 && limits.size === 0) return 'BestEffort'
  const equal = [...requests].every(([name, amount]) => limits.get(name)?.equals(amount))
  return allLimited && equal && requests.size === limits.size ? 'Guaranteed' : 'Burstable'
}

const counted = ['cpu', 'memory']

/** Adds what counts, and says how many different resources that was. */
function addTo(total: Map<string, Quantity>, amounts: Amounts | undefined): number {
  let found = 0
  for (const name of counted) {
    const amount = amounts?.[name] === undefined ? undefined : Quantity.parse(amounts[name])
    if (!amount || amount.sign <= 0) continue
    found++
    total.set(name, total.get(name)?.add(amount) ?? amount)
  }
  return found
}

const hasAny = (amounts: Amounts | undefined): boolean => Object.keys(amounts ?? {}).length > 0
