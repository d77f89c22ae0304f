import { Deployment, ReplicaSet } from '@treeline/api'
import type { ReconcileContext } from '@treeline/client'
import { isAlreadyExists } from '@treeline/machinery'
import { controllerOf, controllerReference } from '../ownership/controller-ref.js'
import { objectKey } from '../ownership/object-key.js'
import { isNamespaceTerminating, messageOf } from '../pods/pod-control.js'
import { sameTemplate } from '../pods/template-equality.js'
import { podTemplateHashLabel, templateHash } from '../pods/template-hash.js'
import { hasProgressDeadline, progressing, setCondition } from './deployment-conditions.js'
import type { ReplicaSets } from './replica-sets.js'
import { annotationsForNew, maxRevision, revisionAnnotation, sizeAnnotations } from './revisions.js'
import type { Rollout } from './rollout.js'
import { growNew } from './scaling-plan.js'

/** Longest object name. */
const nameLimit = 253

/**
 * Brings the ReplicaSet of the template and the Deployment up to date with each other: revision, annotations,
 * minReadySeconds. With `create` it is made where it is missing.
 */
export async function syncNewReplicaSet(context: ReconcileContext, rollout: Rollout, create: boolean): Promise<ReplicaSets> {
  const { newest, old } = rollout.sets
  const revision = maxRevision(old) + 1
  if (newest) return { newest: await updateExisting(context, rollout, newest, revision), old }
  if (!create) return rollout.sets
  return { newest: await createNew(context, rollout, revision), old }
}

async function updateExisting(context: ReconcileContext, rollout: Rollout, set: ReplicaSet, revision: number): Promise<ReplicaSet> {
  const { deployment } = rollout
  const known = set.metadata.annotations ?? {}
  const annotations = annotationsForNew(deployment, known, revision)
  const minReadySeconds = deployment.spec?.minReadySeconds
  const changed = Object.entries(annotations).some(([name, value]) => known[name] !== value)
  if (changed || (set.spec?.minReadySeconds ?? 0) !== (minReadySeconds ?? 0)) {
    const updated = { ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, minReadySeconds } } as ReplicaSet
    return context.client.update(ReplicaSet, updated, { signal: context.signal })
  }
  const message = `Found new replica set "${set.metadata.name}"`
  const found = hasProgressDeadline(deployment) && !progressing(deployment.status)
  await rollout.record(context, {
    revision: annotations[revisionAnnotation] ?? '',
    ...(found && { progressing: { status: 'True', reason: 'FoundNewReplicaSet', message } }),
  })
  return set
}

async function createNew(context: ReconcileContext, rollout: Rollout, revision: number): Promise<ReplicaSet> {
  const { deployment } = rollout
  const wanted = replicaSetOf(deployment, revision, rollout.sets.old)
  const name = wanted.metadata.name
  const replicas = wanted.spec?.replicas ?? 0
  let created: ReplicaSet
  try {
    created = await context.client.create(ReplicaSet, wanted, { signal: context.signal })
    if (replicas > 0) context.events.event(deployment, 'Normal', 'ScalingReplicaSet', `Scaled up replica set ${name} from 0 to ${replicas}`)
  } catch (error) {
    if (isAlreadyExists(error)) {
      const existing = await existingTwin(context, rollout, wanted)
      if (!existing) throw error
      await rollout.record(context, { revision: String(revision) })
      return existing
    }
    if (!isNamespaceTerminating(error))
      await reportFailure(context, rollout, `Failed to create new replica set "${name}": ${messageOf(error)}`)
    throw error
  }
  const message = `Created new replica set "${name}"`
  await rollout.record(context, {
    revision: String(revision),
    ...(hasProgressDeadline(deployment) && { progressing: { status: 'True', reason: 'NewReplicaSetCreated', message } }),
  })
  return created
}

/**
 * The ReplicaSet of this name if it is the Deployment's own, of the same template, only not in the cache yet. If it is
 * another one, the hashes collided: the count of collisions goes up and the next try takes another name.
 */
async function existingTwin(context: ReconcileContext, rollout: Rollout, wanted: ReplicaSet): Promise<ReplicaSet | undefined> {
  const { deployment } = rollout
  const existing = await context.client.get(ReplicaSet, objectKey(wanted), { signal: context.signal })
  const own = controllerOf(existing)?.uid === deployment.metadata.uid
  if (own && sameTemplate(existing.spec?.template, deployment.spec?.template)) return existing
  await rollout.writeStatus(context, { ...deployment.status, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 })
  return undefined
}

async function reportFailure(context: ReconcileContext, rollout: Rollout, message: string): Promise<void> {
  const { deployment } = rollout
  context.events.event(deployment, 'Warning', 'ReplicaSetCreateError', message)
  if (!hasProgressDeadline(deployment)) return
  const condition = { type: 'Progressing' as const, status: 'False' as const, reason: 'ReplicaSetCreateError', message }
  await rollout.writeStatus(context, setCondition(deployment.status ?? {}, condition, context.clock.now()))
}

/** The ReplicaSet to create for the template, already of the size it may have. */
function replicaSetOf(deployment: Deployment, revision: number, old: readonly ReplicaSet[]): ReplicaSet {
  const { name = '', namespace } = deployment.metadata
  const { template, selector, minReadySeconds } = deployment.spec ?? {}
  const hash = templateHash(template, deployment.status?.collisionCount)
  const hashLabel = { [podTemplateHashLabel]: hash }
  const labels = { ...template?.metadata?.labels, ...hashLabel }
  const set: ReplicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name.slice(0, nameLimit - hash.length - 1)}-${hash}`,
      namespace,
      labels,
      annotations: { ...annotationsForNew(deployment, {}, revision), ...sizeAnnotations(deployment) },
      ownerReferences: [controllerReference(Deployment, deployment)],
    },
    spec: {
      replicas: 0,
      ...(minReadySeconds !== undefined && { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, ...hashLabel } },
      template: { ...template, metadata: { ...template?.metadata, labels } },
    },
  }
  return { ...set, spec: { ...set.spec, replicas: growNew(deployment, [...old, set], set) } as ReplicaSet['spec'] }
}
