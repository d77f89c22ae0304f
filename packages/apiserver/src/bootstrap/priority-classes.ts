import { PriorityClass } from '@treeline/api'
import type { ApiInternals } from '../registry/internals.js'
import { ensure } from './ensure.js'

/** The highest value a user's PriorityClass may have. */
export const highestUserPriority = 1_000_000_000

/** The two classes of system-critical pods. */
export const systemPriorityClasses: readonly PriorityClass[] = [
  {
    metadata: { name: 'system-node-critical' },
    value: 2 * highestUserPriority + 1000,
    description: 'Used for system critical pods that must not be moved from their current node.',
    preemptionPolicy: 'PreemptLowerPriority',
  },
  {
    metadata: { name: 'system-cluster-critical' },
    value: 2 * highestUserPriority,
    description: 'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
    preemptionPolicy: 'PreemptLowerPriority',
  },
]

/** Makes the system priority classes that are missing. */
export async function ensurePriorityClasses(internals: ApiInternals): Promise<void> {
  await Promise.all(systemPriorityClasses.map((priorityClass) => ensure(internals, PriorityClass, priorityClass)))
}
