import { Quantity } from '@treeline/machinery'
import type { AssignedPod } from '../assigned-pod.js'
import { podTotal } from '../resources/requests.js'
import type { AdmissionContext, Refusal } from './admission.js'

/** Whether the node has room beside what runs already. Resources that the node does not know are somebody else's to count. */
export function resourceRefusal(pod: AssignedPod, { others, allocatable }: AdmissionContext): Refusal | undefined {
  const most = Number(allocatable['pods'] ?? Number.POSITIVE_INFINITY)
  if (others.length + 1 > most) return insufficient('pods', 1, others.length, most)
  for (const [resource, wanted] of Object.entries(podTotal(pod, 'requests'))) {
    const has = allocatable[resource]
    if (has === undefined || wanted.sign <= 0) continue
    const used = others.reduce((sum, other) => sum.add(podTotal(other, 'requests')[resource] ?? Quantity.zero), Quantity.zero)
    const capacity = Quantity.parse(has)
    if (used.add(wanted).cmp(capacity) <= 0) continue
    const number = (quantity: Quantity) => (resource === 'cpu' ? quantity.milliValue() : quantity.value())
    return insufficient(resource, number(wanted), number(used), number(capacity))
  }
  return undefined
}

function insufficient(resource: string, requested: number, used: number, capacity: number): Refusal {
  const message = `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`
  return { reason: `OutOf${resource}`, message }
}
