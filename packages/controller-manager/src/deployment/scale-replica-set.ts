import { type Deployment, ReplicaSet } from '@treeline/api'
import type { ReconcileContext } from '@treeline/client'
import { wantedBy } from './replica-sets.js'
import { sizeAnnotations } from './revisions.js'

/** Gives a ReplicaSet the size it should have, and tells so on the Deployment. True if its size changed. */
export async function scaleReplicaSet(
  { client, events, signal }: ReconcileContext,
  deployment: Deployment,
  set: ReplicaSet,
  replicas: number,
): Promise<boolean> {
  const before = wantedBy(set)
  const sizes = sizeAnnotations(deployment)
  const known = set.metadata.annotations ?? {}
  if (before === replicas && Object.entries(sizes).every(([name, value]) => known[name] === value)) return false
  const metadata = { ...set.metadata, annotations: { ...known, ...sizes } }
  await client.update(ReplicaSet, { ...set, metadata, spec: { ...set.spec, replicas } as ReplicaSet['spec'] }, { signal })
  if (before === replicas) return false
  const direction = before < replicas ? 'up' : 'down'
  const message = `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${replicas}`
  events.event(deployment, 'Normal', 'ScalingReplicaSet', message)
  return true
}

/** The same, leaving alone one that has its size, even if its annotations are out of date. */
export async function resizeReplicaSet(
  context: ReconcileContext,
  deployment: Deployment,
  set: ReplicaSet,
  replicas: number,
): Promise<boolean> {
  return wantedBy(set) !== replicas && (await scaleReplicaSet(context, deployment, set, replicas))
}
