import { Deployment, Pod, ReplicaSet } from '@treeline/api'
import { type ControllerDefinition, defineController, on, type ReconcileContext, type ReconcileResult } from '@treeline/client'
import { claim } from '../ownership/claim.js'
import { controllerIndex, controllerOf, refersTo } from '../ownership/controller-ref.js'
import { onOwned } from '../ownership/owned-watch.js'
import { compiledSelector } from '../ownership/selectors.js'
import { hasProgressDeadline, progressing, setCondition } from './deployment-conditions.js'
import { deploymentStatus } from './deployment-status.js'
import { desiredReplicas } from './fenceposts.js'
import { cleanupHistory } from './history.js'
import { syncNewReplicaSet } from './new-replica-set.js'
import { activeSets, allSets } from './replica-sets.js'
import { desiredAnnotation, numberAnnotation } from './revisions.js'
import { rollback, rollbackRevision } from './rollback.js'
import { Rollout } from './rollout.js'
import { recreateStep, rollingStep } from './rollout-strategies.js'
import { scaleReplicaSet } from './scale-replica-set.js'
import { spreadScaling } from './scaling-plan.js'

/** Moves the pods of a Deployment from one template to the next by ReplicaSets, one for each template it has had. */
export function deploymentController(): ControllerDefinition {
  return defineController({
    name: 'deployment-controller',
    workers: 5,
    watches: [
      on(Deployment),
      onOwned(ReplicaSet, Deployment, { selectorOf: ({ spec }) => compiledSelector(spec?.selector) }),
      on(Pod, recreatedWhenLastPodGoes, { indexes: controllerIndex }),
    ],
    reconcile,
  })
}

/** A Recreate waits for the last pod of the old ReplicaSets; other Deployments do not care for single pods. */
function recreatedWhenLastPodGoes(...[pod, , cache, type]: Parameters<NonNullable<ReturnType<typeof on<Pod>>['keys']>>): string[] {
  const owner = type === 'deleted' ? controllerOf(pod) : undefined
  if (!owner || !refersTo(owner, ReplicaSet)) return []
  const { namespace } = pod.metadata
  const parent = cache.get(ReplicaSet, `${namespace}/${owner.name}`)
  const reference = parent && controllerOf(parent)
  if (!reference) return []
  const key = `${namespace}/${reference.name}`
  if (cache.get(Deployment, key)?.spec?.strategy?.type !== 'Recreate') return []
  return cache.byIndex(Pod, 'controller', owner.uid).length === 0 ? [key] : []
}

async function reconcile(key: string, context: ReconcileContext): Promise<ReconcileResult> {
  const deployment = context.cache.get(Deployment, key)
  if (!deployment) return undefined
  const selector = compiledSelector(deployment.spec?.selector)
  if (selector.empty) return refuse(context, deployment)
  const owned = await claim(context, { owner: deployment, ownerKind: Deployment, kind: ReplicaSet, selector })
  const rollout = new Rollout(deployment, owned)
  if (deployment.metadata.deletionTimestamp) return reportOnly(context, rollout)
  await notePause(context, rollout)
  if (deployment.spec?.paused) return scaleOnly(context, rollout)
  const asked = rollbackRevision(deployment)
  if (asked !== undefined) {
    const sets = await syncNewReplicaSet(context, rollout, true)
    await rollback(context, rollout.deployment, sets, asked)
    return undefined
  }
  if (isScaling(rollout)) return scaleOnly(context, rollout)
  return deployment.spec?.strategy?.type === 'Recreate' ? recreateStep(context, rollout) : rollingStep(context, rollout)
}

async function refuse({ events, client, signal }: ReconcileContext, deployment: Deployment): Promise<ReconcileResult> {
  const message = 'This deployment is selecting all pods. A non-empty selector is required.'
  events.event(deployment, 'Warning', 'SelectingAll', message)
  const { generation = 0 } = deployment.metadata
  if ((deployment.status?.observedGeneration ?? 0) >= generation) return undefined
  await client.updateStatus(Deployment, { ...deployment, status: { ...deployment.status, observedGeneration: generation } }, { signal })
  return undefined
}

async function reportOnly(context: ReconcileContext, rollout: Rollout): Promise<ReconcileResult> {
  const sets = await syncNewReplicaSet(context, rollout, false)
  await rollout.writeStatus(context, deploymentStatus(rollout.deployment, sets, context.clock.now()))
  return undefined
}

/** Follows a change of size without rolling anything out; that is all a paused Deployment does. */
async function scaleOnly(context: ReconcileContext, rollout: Rollout): Promise<ReconcileResult> {
  const sets = await syncNewReplicaSet(context, rollout, false)
  const { deployment } = rollout
  for (const { set, replicas } of spreadScaling(deployment, sets)) await scaleReplicaSet(context, deployment, set, replicas)
  if (deployment.spec?.paused && rollbackRevision(deployment) === undefined) await cleanupHistory(context, deployment, sets.old)
  await rollout.writeStatus(context, deploymentStatus(deployment, sets, context.clock.now()))
  return undefined
}

/** A ReplicaSet that wants pods was last scaled for another size of the Deployment than the one it has now. */
function isScaling({ deployment, sets }: Rollout): boolean {
  return activeSets(allSets(sets)).some((set) => {
    const desired = numberAnnotation(set, desiredAnnotation)
    return desired !== undefined && desired !== desiredReplicas(deployment)
  })
}

/** Says that a Deployment is paused, or goes on, so that the time of pause does not count against its deadline. */
async function notePause(context: ReconcileContext, rollout: Rollout): Promise<void> {
  const { deployment } = rollout
  const known = progressing(deployment.status)?.reason
  if (!hasProgressDeadline(deployment) || known === 'ProgressDeadlineExceeded') return
  const paused = deployment.spec?.paused ?? false
  if (paused === (known === 'DeploymentPaused')) return
  const reason = paused ? 'DeploymentPaused' : 'DeploymentResumed'
  const message = paused ? 'Deployment is paused' : 'Deployment is resumed'
  const condition = { type: 'Progressing', status: 'Unknown' as const, reason, message }
  await rollout.writeStatus(context, setCondition(deployment.status ?? {}, condition, context.clock.now()))
}
