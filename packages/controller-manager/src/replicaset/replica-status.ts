import type { Pod } from '@treeline/api'
import type { ReconcileContext } from '@treeline/client'
import { deepEqual, formatTime, labelSelectorFromSet } from '@treeline/machinery'
import { findCondition, withCondition, withoutCondition } from '../conditions.js'
import { objectKey } from '../ownership/object-key.js'
import { messageOf } from '../pods/pod-control.js'
import { isPodAvailable, isPodReady } from '../pods/pod-state.js'
import type { ReplicaStatus, ReplicatingObject, Replicator } from './replicator.js'

/** What the pods of an object amount to. */
export function replicaStatus(
  owner: ReplicatingObject,
  active: readonly Pod[],
  terminating: number | undefined,
  failure: unknown,
  now: number,
): ReplicaStatus {
  const { replicas: wanted = 1, minReadySeconds = 0, template } = owner.spec ?? {}
  const fullLabels = labelSelectorFromSet(template?.metadata?.labels)
  const ready = active.filter(isPodReady)
  return {
    ...owner.status,
    replicas: active.length,
    fullyLabeledReplicas: active.filter((pod) => fullLabels.matches(pod.metadata.labels ?? {})).length,
    readyReplicas: ready.length,
    availableReplicas: ready.filter((pod) => isPodAvailable(pod, minReadySeconds, now)).length,
    ...(terminating !== undefined && { terminatingReplicas: terminating }),
    conditions: conditionsAfter(owner, active.length - wanted, failure, now),
  }
}

function conditionsAfter({ status }: ReplicatingObject, surplus: number, failure: unknown, now: number): ReplicaStatus['conditions'] {
  const known = findCondition(status?.conditions, 'ReplicaFailure')
  if (failure === undefined) return known ? withoutCondition(status?.conditions, 'ReplicaFailure') : status?.conditions
  if (known) return status?.conditions
  return withCondition(status?.conditions, {
    type: 'ReplicaFailure',
    status: 'True',
    lastTransitionTime: formatTime(new Date(now)),
    reason: surplus < 0 ? 'FailedCreate' : 'FailedDelete',
    message: messageOf(failure),
  })
}

/** Writes the status if it says something new; once more when another writer came between. */
export async function writeReplicaStatus<T extends ReplicatingObject>(
  { client, signal }: ReconcileContext,
  { kind }: Replicator<T>,
  owner: T,
  status: ReplicaStatus,
): Promise<void> {
  if (owner.metadata.generation === owner.status?.observedGeneration && sameStatus(owner.status, status)) return
  const observed = { ...status, observedGeneration: owner.metadata.generation }
  try {
    await client.updateStatus(kind, { ...owner, status: observed }, { signal })
  } catch {
    const live = await client.get(kind, objectKey(owner), { signal })
    await client.updateStatus(kind, { ...live, status: observed }, { signal })
  }
}

function sameStatus(a: ReplicaStatus | undefined, b: ReplicaStatus): boolean {
  const counts = ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'terminatingReplicas'] as const
  return counts.every((field) => (a?.[field] ?? 0) === (b[field] ?? 0)) && deepEqual(a?.conditions ?? [], b.conditions ?? [])
}
