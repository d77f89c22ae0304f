import { Pod } from '@treeline/api'
import type { ReconcileContext, ReconcileResult } from '@treeline/client'
import { isPodFinished } from '../pods/pod-state.js'
import { deploymentStatus, isComplete } from './deployment-status.js'
import { desiredReplicas } from './fenceposts.js'
import { cleanupHistory } from './history.js'
import { syncNewReplicaSet } from './new-replica-set.js'
import { activeSets, allSets, type ReplicaSets, totalOf, wantedBy } from './replica-sets.js'
import type { Rollout } from './rollout.js'
import { untilDeadline, withProgress } from './rollout-progress.js'
import { resizeReplicaSet } from './scale-replica-set.js'
import { growNew, shrinkOld } from './scaling-plan.js'

/** One step of a rolling update: the new ReplicaSet up if it may, else the old ones down if they may. */
export async function rollingStep(context: ReconcileContext, rollout: Rollout): Promise<ReconcileResult> {
  const sets = await syncNewReplicaSet(context, rollout, true)
  const { deployment } = rollout
  const { newest } = sets
  if (newest && (await resizeReplicaSet(context, deployment, newest, targetOfNew(rollout, sets, wantedBy(newest))))) {
    return reportRollout(context, rollout, sets)
  }
  let shrunk = false
  for (const { set, replicas } of shrinkOld(deployment, sets)) {
    shrunk = (await resizeReplicaSet(context, deployment, set, replicas)) || shrunk
  }
  if (!shrunk && isComplete(deployment, deployment.status)) await cleanupHistory(context, deployment, sets.old)
  return reportRollout(context, rollout, sets)
}

function targetOfNew({ deployment }: Rollout, sets: ReplicaSets, current: number): number {
  const wanted = desiredReplicas(deployment)
  if (current >= wanted || !sets.newest) return wanted
  return growNew(deployment, allSets(sets), sets.newest)
}

/** One step of a Recreate: the old ones down, and when none of their pods runs any more, the new one up. */
export async function recreateStep(context: ReconcileContext, rollout: Rollout): Promise<ReconcileResult> {
  let sets = await syncNewReplicaSet(context, rollout, false)
  let shrunk = false
  for (const set of activeSets(sets.old)) shrunk = (await resizeReplicaSet(context, rollout.deployment, set, 0)) || shrunk
  if (shrunk || oldPodsRun(context, sets)) return reportRollout(context, rollout, sets)
  if (!sets.newest) sets = await syncNewReplicaSet(context, rollout, true)
  const { deployment } = rollout
  if (sets.newest) await resizeReplicaSet(context, deployment, sets.newest, desiredReplicas(deployment))
  if (isComplete(deployment, deployment.status)) await cleanupHistory(context, deployment, sets.old)
  return reportRollout(context, rollout, sets)
}

function oldPodsRun({ cache }: ReconcileContext, { old }: ReplicaSets): boolean {
  if (totalOf(old, 'replicas') > 0) return true
  return old.some((set) => cache.byIndex(Pod, 'controller', set.metadata.uid ?? '').some((pod) => !isPodFinished(pod)))
}

/** Writes where the rollout stands; comes back at its deadline if nothing has changed. */
async function reportRollout(context: ReconcileContext, rollout: Rollout, sets: ReplicaSets): Promise<ReconcileResult> {
  const { deployment } = rollout
  const now = context.clock.now()
  const status = withProgress(deployment, sets, deploymentStatus(deployment, sets, now), now)
  if (await rollout.writeStatus(context, status)) return undefined
  const requeueAfter = untilDeadline(deployment, status, now)
  return requeueAfter === undefined ? undefined : { requeueAfter }
}
