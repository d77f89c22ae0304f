import { Event } from '@treeline/api'
import { fnv32a, formatMicroTime, isStatusError } from '@treeline/machinery'
import type { RepairProblem } from '../allocation/repair.js'
import { serverFieldManager } from '../bootstrap/ensure.js'
import type { ApiInternals } from '../registry/internals.js'

/** Tells of an allocation that could not be put right, with the Service it is about. Once for as long as events are kept. */
export async function recordProblem(
  internals: ApiInternals,
  { service, reason, message }: RepairProblem,
  now: () => number,
): Promise<void> {
  const { name = '', namespace = '', uid = '', resourceVersion } = service.metadata
  const isPort = reason.startsWith('Port')
  const event: Event = {
    metadata: { name: `${name}.${fnv32a(`${uid} ${message}`).toString(16).padStart(8, '0')}`, namespace },
    involvedObject: { kind: 'Service', apiVersion: 'v1', namespace, name, uid, resourceVersion },
    reason,
    message,
    type: 'Warning',
    action: isPort ? 'PortAllocation' : 'ClusterIPAllocation',
    eventTime: formatMicroTime(new Date(now())),
    reportingComponent: isPort ? 'portallocator-repair-controller' : 'ipallocator-repair-controller',
    reportingInstance: serverFieldManager,
  }
  try {
    await internals.create(Event, event, { fieldManager: serverFieldManager })
  } catch (error) {
    if (!isStatusError(error, 'AlreadyExists')) throw error
  }
}
