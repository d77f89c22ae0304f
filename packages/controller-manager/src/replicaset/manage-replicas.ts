import { Pod, ReplicaSet } from '@treeline/api'
import { keyOf, type ReconcileContext } from '@treeline/client'
import { isNotFound } from '@treeline/machinery'
import type { Expectations } from '../expectations/expectations.js'
import { slowStart } from '../expectations/slow-start.js'
import { controllerOf, controllerReference } from '../ownership/controller-ref.js'
import { compareForDeletion } from '../pods/deletion-rank.js'
import { createPod, deletePod, isNamespaceTerminating } from '../pods/pod-control.js'
import { podFromTemplate } from '../pods/pod-from-template.js'
import { isPodActive } from '../pods/pod-state.js'
import type { ReplicatingObject, Replicator } from './replicator.js'

/** Pods created or deleted in one pass. */
const burst = 500

/** Creates the pods that are missing, or deletes the least wanted of those too many. Gives the error that stopped it. */
export async function manageReplicas<T extends ReplicatingObject>(
  context: ReconcileContext,
  { kind }: Replicator<T>,
  owner: T,
  active: readonly Pod[],
  expectations: Expectations,
): Promise<unknown> {
  const missing = (owner.spec?.replicas ?? 1) - active.length
  const uid = owner.metadata.uid ?? ''
  if (missing > 0) {
    const count = Math.min(missing, burst)
    const reference = controllerReference(kind, owner)
    expectations.expectCreations(uid, count)
    const { succeeded, error } = await slowStart(count, async () => {
      try {
        await createPod(context, podFromTemplate(owner.spec?.template, owner, reference), owner)
      } catch (failure) {
        if (!isNamespaceTerminating(failure)) throw failure
      }
    })
    expectations.created(uid, count - succeeded)
    return error
  }
  if (missing === 0) return undefined
  const doomed = leastWanted(context, owner, active, Math.min(-missing, burst))
  expectations.expectDeletions(uid, doomed.map(keyOf))
  const results = await Promise.allSettled(
    doomed.map(async (pod) => {
      try {
        await deletePod(context, pod, owner)
      } catch (error) {
        expectations.deleted(uid, keyOf(pod))
        if (!isNotFound(error)) throw error
      }
    }),
  )
  return results.find((result) => result.status === 'rejected')?.reason
}

/** The `count` pods to delete first. */
function leastWanted({ cache, clock }: ReconcileContext, owner: ReplicatingObject, active: readonly Pod[], count: number): readonly Pod[] {
  if (count >= active.length) return active
  const onNode = new Map<string, number>()
  for (const pod of familyPods(cache, owner)) {
    if (!isPodActive(pod)) continue
    const node = pod.spec?.nodeName ?? ''
    onNode.set(node, (onNode.get(node) ?? 0) + 1)
  }
  return active
    .map((pod) => ({ pod, neighbours: onNode.get(pod.spec?.nodeName ?? '') ?? 0 }))
    .sort(compareForDeletion(clock.now()))
    .slice(0, count)
    .map(({ pod }) => pod)
}

/** Pods of all ReplicaSets that have the same controller as this one; of one without a controller, its own. */
function familyPods(cache: ReconcileContext['cache'], owner: ReplicatingObject): readonly Pod[] {
  const parent = controllerOf(owner)
  const family = parent ? cache.byIndex(ReplicaSet, 'controller', parent.uid) : [owner]
  return family.flatMap((member) => cache.byIndex(Pod, 'controller', member.metadata.uid ?? ''))
}
