import { type Deployment, ReplicaSet } from '@treeline/api'
import type { ReconcileContext } from '@treeline/client'
import { isNotFound } from '@treeline/machinery'
import { objectKey } from '../ownership/object-key.js'
import { byCreation, wantedBy } from './replica-sets.js'
import { revisionOf } from './revisions.js'

/** What "keep all" is written as. */
const everything = 0x7fffffff

/** Deletes the oldest empty ReplicaSets beyond the history limit. */
export async function cleanupHistory(
  { client, signal }: ReconcileContext,
  deployment: Deployment,
  old: readonly ReplicaSet[],
): Promise<void> {
  const limit = deployment.spec?.revisionHistoryLimit
  if (limit === undefined || limit === everything) return
  const alive = old.filter((set) => !set.metadata.deletionTimestamp).sort(byRevision)
  for (const set of alive.slice(0, Math.max(0, alive.length - limit))) {
    const { replicas = 0, observedGeneration = 0 } = set.status ?? {}
    if (replicas !== 0 || wantedBy(set) !== 0 || (set.metadata.generation ?? 0) > observedGeneration) continue
    try {
      await client.delete(ReplicaSet, objectKey(set), { signal })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
}

function byRevision(a: ReplicaSet, b: ReplicaSet): number {
  const [first, second] = [revisionOf(a), revisionOf(b)]
  return first === undefined || second === undefined || first === second ? byCreation(a, b) : first - second
}
