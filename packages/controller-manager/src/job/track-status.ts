import { Job, type JobStatus, type Pod } from '@treeline/api'
import type { ReconcileContext } from '@treeline/client'
import { judgeFailure } from './failure-policy.js'
import { IndexRanges } from './index-ranges.js'
import { jobCondition, trueCondition, withJobCondition } from './job-conditions.js'
import { indexOf, isFailed, isIndexed, isSucceeded, isTracked, rawIndexOf } from './job-pods.js'
import type { JobSync } from './job-sync.js'
import { removeTracking } from './tracking-finalizer.js'

/** Uids written into a status at a time. */
const mostUncounted = 500

/** What tracking needs to remember between looks. */
export interface TrackingMemory {
  /** Notes pods whose finalizer is being removed, until the cache shows it. */
  releasing(jobUid: string, podUid: string): void
  notReleased(jobUid: string, podUid: string): void
  /** The first status write has succeeded: what was counted is counted. */
  counted(): void
}

/**
 * Counts ended pods so that each counts once, whatever happens in between: their uids go into the status, then their
 * finalizers are removed, then the uids become numbers. True if the Job is finished for good.
 */
export async function trackStatus(context: ReconcileContext, sync: JobSync, changed: boolean, memory: TrackingMemory): Promise<boolean> {
  const held = new Set(
    sync.pods.filter((pod) => isTracked(pod) && !sync.released.has(pod.metadata.uid ?? '')).map((pod) => pod.metadata.uid ?? ''),
  )
  let dirty = settleUncounted(sync.status, held) || changed
  const { ended, full, dirty: counted } = countEnded(sync)
  dirty ||= counted
  dirty = writeIndexes(sync) || dirty
  dirty = announceEnd(sync, context.clock.now()) || dirty
  if (dirty) {
    await writeStatus(context, sync)
    memory.counted()
  }
  const failure = await release(context, sync, ended, held, memory)
  dirty = settleUncounted(sync.status, held)
  if (failure !== undefined) {
    if (dirty) await writeStatus(context, sync)
    throw failure
  }
  const finished = !full && finish(sync)
  if (dirty || finished) await writeStatus(context, sync)
  return finished
}

/** Turns uids of pods that have no finalizer any more into numbers; true if there were some. */
function settleUncounted(status: JobStatus, held: ReadonlySet<string>): boolean {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {}
  const left = { succeeded: succeeded.filter((uid) => held.has(uid)), failed: failed.filter((uid) => held.has(uid)) }
  const settled = { succeeded: succeeded.length - left.succeeded.length, failed: failed.length - left.failed.length }
  if (settled.succeeded === 0 && settled.failed === 0) return false
  status.succeeded = (status.succeeded ?? 0) + settled.succeeded
  status.failed = (status.failed ?? 0) + settled.failed
  status.uncountedTerminatedPods = uncountedOf(left.succeeded, left.failed)
  return true
}

function uncountedOf(succeeded: string[], failed: string[]): JobStatus['uncountedTerminatedPods'] {
  return { ...(succeeded.length > 0 && { succeeded }), ...(failed.length > 0 && { failed }) }
}

/** Puts ended pods on the list of those to count, as many as fit; `ended` are those that may go then. */
function countEnded(sync: JobSync): { readonly ended: Pod[]; readonly full: boolean; readonly dirty: boolean } {
  const { job, status, uncounted } = sync
  const succeeded = [...(status.uncountedTerminatedPods?.succeeded ?? [])]
  const failed = [...(status.uncountedTerminatedPods?.failed ?? [])]
  const indexes: number[] = []
  const ended: Pod[] = []
  let dirty = false
  let full = false
  const pods = isIndexed(job) ? [...sync.pods].sort((a, b) => (rawIndexOf(a) ?? -1) - (rawIndexOf(b) ?? -1)) : sync.pods
  for (const pod of pods) {
    const uid = pod.metadata.uid ?? ''
    if (!isTracked(pod) || sync.released.has(uid)) continue
    const lost = isFailed(pod, job)
    if (!mayBeReleased(sync, pod, lost)) continue
    ended.push(pod)
    const index = indexOf(pod, job)
    if (isSucceeded(pod) && !uncounted.failed.has(uid)) {
      if (isIndexed(job)) {
        if (index !== undefined && !sync.previousIndexes.has(index)) {
          indexes.push(index)
          dirty = true
        }
      } else if (!uncounted.succeeded.has(uid)) {
        succeeded.push(uid)
        dirty = true
      }
    } else if (lost || (sync.finished && sync.finished.type !== 'SuccessCriteriaMet')) {
      const counts = !uncounted.failed.has(uid) && (!isIndexed(job) || index !== undefined) && judgeFailure(job, pod).counts
      if (counts) {
        failed.push(uid)
        dirty = true
      }
    }
    if (indexes.length + succeeded.length + failed.length >= mostUncounted) {
      full = true
      break
    }
  }
  status.uncountedTerminatedPods = uncountedOf(succeeded, failed)
  sync.succeededIndexes = sync.previousIndexes.union(IndexRanges.of(indexes))
  return { ended, full, dirty }
}

/** A failed pod of an index stays until the next one carries on its count of failures. */
function mayBeReleased({ job, finished, lastFailed }: JobSync, pod: Pod, lost: boolean): boolean {
  if (job.metadata.deletionTimestamp || finished || isSucceeded(pod)) return true
  const index = rawIndexOf(pod)
  return lost && (index === undefined || lastFailed.get(index)?.metadata.uid !== pod.metadata.uid)
}

function writeIndexes({ job, status, succeededIndexes, failedIndexes }: JobSync): boolean {
  if (!isIndexed(job)) return false
  const completed = succeededIndexes.toString()
  const failed = failedIndexes?.toString()
  const changed = completed !== (status.completedIndexes ?? '') || failed !== status.failedIndexes
  status.succeeded = succeededIndexes.size
  status.completedIndexes = completed
  if (failed !== undefined) status.failedIndexes = failed
  return changed
}

/** Writes down how the Job will end, before what shows it is let go. */
function announceEnd(sync: JobSync, now: number): boolean {
  const { finished, status, job } = sync
  if (finished?.type === 'FailureTarget') {
    status.conditions = [...(status.conditions ?? []), finished]
    sync.finished = jobCondition('Failed', finished.reason ?? '', finished.message ?? '', now)
    return true
  }
  if (finished?.type !== 'SuccessCriteriaMet') return false
  const known = trueCondition(job, 'SuccessCriteriaMet') !== undefined
  if (!known) status.conditions = [...(status.conditions ?? []), finished]
  sync.finished = jobCondition('Complete', finished.reason ?? '', finished.message ?? '', now)
  return !known
}

async function release(
  context: ReconcileContext,
  { job }: JobSync,
  pods: readonly Pod[],
  held: Set<string>,
  memory: TrackingMemory,
): Promise<unknown> {
  const jobUid = job.metadata.uid ?? ''
  const results = await Promise.allSettled(
    pods.map(async (pod) => {
      const uid = pod.metadata.uid ?? ''
      memory.releasing(jobUid, uid)
      try {
        await removeTracking(context, pod)
        held.delete(uid)
      } catch (error) {
        memory.notReleased(jobUid, uid)
        throw error
      }
    }),
  )
  return results.find((result) => result.status === 'rejected')?.reason
}

/** Writes the last word if nothing is left to count and nothing runs any more; true if it did. */
function finish(sync: JobSync): boolean {
  const { finished, status, terminating } = sync
  if (!finished) return false
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {}
  if (succeeded.length + failed.length > 0 || terminating > 0) return false
  status.conditions = [...withJobCondition(status.conditions, finished)]
  if (finished.type === 'Complete') status.completionTime = finished.lastTransitionTime ?? undefined
  return true
}

async function writeStatus({ client, signal }: ReconcileContext, sync: JobSync): Promise<void> {
  sync.job = await client.updateStatus(Job, { ...sync.job, status: sync.status }, { signal })
}
