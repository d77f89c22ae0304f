import { DaemonSet, type DaemonSetStatus } from '@treeline/api'
import type { ReconcileContext } from '@treeline/client'
import { objectKey } from '../ownership/object-key.js'
import { isPodAvailable, isPodReady } from '../pods/pod-state.js'
import { retryOnConflict } from '../retry-on-conflict.js'
import { byCreationAndNode, type DaemonView } from './daemon-plan.js'
import { isUpdated } from './daemon-pod.js'
import { fitOf } from './node-fit.js'

type Counts = Omit<DaemonSetStatus, 'conditions' | 'observedGeneration' | 'collisionCount'>

/** How many nodes have, should have or should not have a pod, and how these are. */
export function daemonCounts({ set, nodes, podsByNode, hash, now }: DaemonView): Counts {
  const counts = {
    desiredNumberScheduled: 0,
    currentNumberScheduled: 0,
    numberMisscheduled: 0,
    numberReady: 0,
    updatedNumberScheduled: 0,
    numberAvailable: 0,
    numberUnavailable: 0,
  }
  for (const node of nodes) {
    const pod = [...(podsByNode.get(node.metadata.name ?? '') ?? [])].sort(byCreationAndNode)[0]
    if (!fitOf(set, node).run) {
      if (pod) counts.numberMisscheduled++
      continue
    }
    counts.desiredNumberScheduled++
    if (!pod) continue
    counts.currentNumberScheduled++
    if (isPodReady(pod)) counts.numberReady++
    if (isPodAvailable(pod, set.spec?.minReadySeconds ?? 0, now)) counts.numberAvailable++
    if (isUpdated(set, pod, hash)) counts.updatedNumberScheduled++
  }
  counts.numberUnavailable = counts.desiredNumberScheduled - counts.numberAvailable
  return counts
}

/** Writes the counts if they are news; the generation only after a pass that acted on it. */
export async function writeDaemonStatus(
  { client, signal }: ReconcileContext,
  set: DaemonSet,
  counts: Counts,
  collisionCount: number,
  acted: boolean,
): Promise<void> {
  const { status, metadata } = set
  const same = (Object.keys(counts) as (keyof Counts)[]).every((field) => (status?.[field] ?? 0) === counts[field])
  const observed = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  if (same && observed && (status?.collisionCount ?? 0) === collisionCount) return
  await retryOnConflict(
    set,
    () => client.get(DaemonSet, objectKey(set), { signal }),
    (current) => {
      const next: DaemonSetStatus = {
        ...current.status,
        ...counts,
        ...(acted && { observedGeneration: metadata.generation }),
        ...(collisionCount > 0 && { collisionCount }),
      }
      return client.updateStatus(DaemonSet, { ...current, status: next }, { signal })
    },
  )
}
