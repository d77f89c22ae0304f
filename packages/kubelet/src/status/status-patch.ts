import type { PodCondition, PodStatus } from '@treeline/api'
import { deepEqual } from '@treeline/machinery'

/** Fields that the agent decides alone. */
const ownFields = [
  'observedGeneration',
  'phase',
  'reason',
  'message',
  'hostIP',
  'podIP',
  'startTime',
  'qosClass',
  'initContainerStatuses',
  'containerStatuses',
  'ephemeralContainerStatuses',
] as const

/**
 * The strategic merge patch that turns the status the server has into ours, touching nothing of anybody else's.
 * Undefined when there is nothing to say.
 */
export function statusPatch(base: PodStatus, status: PodStatus): object | undefined {
  const patch: Record<string, unknown> = {}
  for (const field of ownFields) {
    if (!deepEqual(base[field], status[field])) patch[field] = status[field] ?? null
  }
  for (const field of ['hostIPs', 'podIPs'] as const) {
    const list = keyedByIp(base[field] ?? [], status[field] ?? [])
    if (list !== undefined) patch[field] = list
  }
  const conditions = (status.conditions ?? [])
    .filter((condition) => !holdsCondition(base.conditions ?? [], condition))
    .map((condition) => ({ ...condition, reason: condition.reason ?? null, message: condition.message ?? null }))
  if (conditions.length > 0) patch['conditions'] = conditions
  return Object.keys(patch).length === 0 ? undefined : patch
}

function keyedByIp(before: readonly { ip: string }[], after: readonly { ip: string }[]): object[] | undefined {
  if (deepEqual(before, after)) return undefined
  const gone = before.filter(({ ip }) => !after.some((other) => other.ip === ip))
  return [...after, ...gone.map(({ ip }) => ({ $patch: 'delete', ip }))]
}

function holdsCondition(conditions: readonly PodCondition[], wanted: PodCondition): boolean {
  const found = conditions.find(({ type }) => type === wanted.type)
  const essence = ({ status, reason, message, lastTransitionTime, observedGeneration }: PodCondition) => ({
    status,
    reason: reason ?? '',
    message: message ?? '',
    lastTransitionTime: lastTransitionTime ?? null,
    observedGeneration: observedGeneration ?? 0,
  })
  return found !== undefined && deepEqual(essence(found), essence(wanted))
}
