import { type Pod, StatefulSet, type StatefulSetStatus } from '@treeline/api'
import type { ReconcileContext } from '@treeline/client'
import { objectKey } from '../ownership/object-key.js'
import { isPodAvailable, isPodReady } from '../pods/pod-state.js'
import { retryOnConflict } from '../retry-on-conflict.js'
import { wantedReplicas } from './ordinals.js'
import { revisionLabel } from './stateful-pod.js'

export const isRunningAndReady = (pod: Pod) => pod.status?.phase === 'Running' && isPodReady(pod)

/** Not ready for long enough, or on its way out. */
export function isUnavailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  return !isPodAvailable(pod, minReadySeconds, now) || pod.metadata.deletionTimestamp !== undefined
}

/** What the pods of a set amount to. */
export function statefulSetStatus(
  set: StatefulSet,
  pods: readonly Pod[],
  revisions: { readonly current: string; readonly update: string; readonly collisionCount: number },
  now: number,
): StatefulSetStatus {
  const minReadySeconds = set.spec?.minReadySeconds ?? 0
  const ready = pods.filter(isRunningAndReady)
  const staying = pods.filter((pod) => !pod.metadata.deletionTimestamp)
  const ofRevision = (name: string) => staying.filter((pod) => pod.metadata.labels?.[revisionLabel] === name).length
  return {
    observedGeneration: set.metadata.generation,
    replicas: pods.length,
    readyReplicas: ready.length,
    availableReplicas: ready.filter((pod) => isPodAvailable(pod, minReadySeconds, now)).length,
    currentReplicas: ofRevision(revisions.current),
    updatedReplicas: ofRevision(revisions.update),
    currentRevision: revisions.current,
    updateRevision: revisions.update,
    collisionCount: revisions.collisionCount,
  }
}

/** When all pods are of the new revision and ready, that is the current one. */
function completed(set: StatefulSet, status: StatefulSetStatus): StatefulSetStatus {
  const wanted = wantedReplicas(set)
  const rolling = (set.spec?.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate'
  if (!rolling || status.updatedReplicas !== wanted || status.readyReplicas !== wanted || status.replicas !== wanted) return status
  return { ...status, currentReplicas: status.updatedReplicas, currentRevision: status.updateRevision }
}

const compared = [
  'replicas',
  'currentReplicas',
  'readyReplicas',
  'updatedReplicas',
  'availableReplicas',
  'currentRevision',
  'updateRevision',
] as const

/** Writes the status if it says something new. Conditions that others set are kept. */
export async function writeStatefulSetStatus(
  { client, signal }: ReconcileContext,
  set: StatefulSet,
  status: StatefulSetStatus,
): Promise<void> {
  const next = completed(set, status)
  const known = set.status
  const newer = (next.observedGeneration ?? 0) > (known?.observedGeneration ?? 0)
  if (
    !newer &&
    compared.every(
      (field) => (next[field] ?? (field.endsWith('Revision') ? '' : 0)) === (known?.[field] ?? (field.endsWith('Revision') ? '' : 0)),
    )
  )
    return
  await retryOnConflict(
    set,
    () => client.get(StatefulSet, objectKey(set), { signal }),
    (current) => {
      const conditions = current.status?.conditions
      return client.updateStatus(StatefulSet, { ...current, status: { ...next, ...(conditions && { conditions }) } }, { signal })
    },
    5,
  )
}
