import type { Job, Pod } from '@treeline/api'
import { keyOf, type ReconcileContext } from '@treeline/client'
import { isNotFound } from '@treeline/machinery'
import type { Expectations } from '../expectations/expectations.js'
import { slowStart } from '../expectations/slow-start.js'
import { compareForDeletion } from '../pods/deletion-rank.js'
import { createPod, deletePod, isNamespaceTerminating } from '../pods/pod-control.js'
import { isPodReady, isPodTerminating } from '../pods/pod-state.js'
import { IndexRanges } from './index-ranges.js'
import { jobPod } from './job-pod-template.js'
import { isIndexed, isPerIndex, isSuspended, rawIndexOf, replacesFailedOnly } from './job-pods.js'
import { type JobSync, lookAgain } from './job-sync.js'
import { backoffLeft, indexBackoffLeft } from './pod-backoff.js'
import { removeTracking } from './tracking-finalizer.js'

/** Pods created or deleted in one pass. */
const burst = 500

/** Deletes pods that are too many, or else creates those that are missing; keeps the counts. Gives the first error. */
export async function manageJob(context: ReconcileContext, sync: JobSync, expectations: Expectations): Promise<unknown> {
  const { job } = sync
  const surplus = isSuspended(job) ? sync.active : Math.max(0, sync.active - wantedActive(sync))
  const doomed = podsToRemove(job, sync.activePods, surplus, context.clock.now())
  if (isSuspended(job) || doomed.length > 0)
    return removePods(context, sync, isSuspended(job) ? doomed : doomed.slice(0, burst), expectations)
  const replaced = replacesFailedOnly(job) ? sync.terminating : 0
  const missing = wantedActive(sync) - replaced - sync.active
  return missing > 0 ? addPods(context, sync, Math.min(missing, burst), expectations) : undefined
}

function wantedActive({ job, succeeded, active }: JobSync): number {
  const { completions, parallelism = 1 } = job.spec ?? {}
  if (completions === undefined) return succeeded > 0 ? active : parallelism
  return Math.max(0, Math.min(completions - succeeded, parallelism))
}

async function addPods(context: ReconcileContext, sync: JobSync, missing: number, expectations: Expectations): Promise<unknown> {
  const { job } = sync
  const now = context.clock.now()
  const wait = isPerIndex(job) ? 0 : backoffLeft(sync.backoff, now)
  if (wait > 0) {
    lookAgain(sync, wait)
    return undefined
  }
  const indexes = isIndexed(job) ? indexesToStart(sync, missing, now) : undefined
  const count = indexes?.length ?? missing
  if (count === 0) return undefined
  const uid = job.metadata.uid ?? ''
  expectations.expectCreations(uid, count)
  const { succeeded, error } = await slowStart(count, async (nth) => {
    const index = indexes?.[nth]
    try {
      await createPod(context, jobPod(job, index, index === undefined ? undefined : sync.lastFailed.get(index)), job)
    } catch (failure) {
      if (!isNamespaceTerminating(failure)) throw failure
    }
  })
  expectations.created(uid, count - succeeded)
  sync.active += succeeded
  return error
}

/** The first indexes without pod or result whose back-off is over. */
function indexesToStart(sync: JobSync, count: number, now: number): number[] {
  const { job, activePods, succeededIndexes, failedIndexes = IndexRanges.empty } = sync
  const indexes = (pods: readonly Pod[]) => IndexRanges.of(pods.flatMap((pod) => rawIndexOf(pod) ?? []))
  let taken = succeededIndexes.union(indexes(activePods)).union(failedIndexes)
  if (replacesFailedOnly(job)) taken = taken.union(indexes(sync.pods.filter(isPodTerminating)))
  const candidates = taken.gaps(count, job.spec?.completions ?? 0)
  if (!isPerIndex(job)) return candidates
  const waits = candidates.map((index) => indexBackoffLeft(sync.lastFailed.get(index), now))
  const ready = candidates.filter((_, nth) => waits[nth] === 0)
  if (ready.length === 0 && waits.length > 0) lookAgain(sync, Math.min(...waits))
  return ready
}

/** Pods with an index that is taken or too high, then the least wanted, `surplus` at least. */
function podsToRemove(job: Job, active: readonly Pod[], surplus: number, now: number): Pod[] {
  const rank = compareForDeletion(now)
  const ranked = [...active].map((pod) => ({ pod, neighbours: 0 })).sort(rank)
  const doomed = isIndexed(job)
    ? needless(
        job,
        ranked.map(({ pod }) => pod),
      )
    : []
  const left = ranked.map(({ pod }) => pod).filter((pod) => !doomed.includes(pod))
  return [...doomed, ...left.slice(0, Math.max(0, surplus - doomed.length))]
}

/** Of several pods of one index the most wanted stays, that is the last one. */
function needless(job: Job, ranked: readonly Pod[]): Pod[] {
  const last = new Map<number, Pod>()
  for (const pod of ranked) {
    const index = rawIndexOf(pod)
    if (index !== undefined && index < (job.spec?.completions ?? 0)) last.set(index, pod)
  }
  const kept = new Set(last.values())
  return ranked.filter((pod) => !kept.has(pod))
}

async function removePods(context: ReconcileContext, sync: JobSync, doomed: readonly Pod[], expectations: Expectations): Promise<unknown> {
  if (doomed.length === 0) return undefined
  const { job } = sync
  const uid = job.metadata.uid ?? ''
  expectations.expectDeletions(uid, doomed.map(keyOf))
  const results = await Promise.allSettled(
    doomed.map(async (pod) => {
      try {
        await removeTracking(context, pod)
        await deletePod(context, pod, job)
      } catch (error) {
        expectations.deleted(uid, keyOf(pod))
        if (!isNotFound(error)) throw error
      }
      countRemoved(sync, pod)
    }),
  )
  return results.find((result) => result.status === 'rejected')?.reason
}

/** Deletes all that runs, for a Job that has ended; the pods stay to be counted. Gives the first error. */
export async function removeAll(context: ReconcileContext, sync: JobSync): Promise<unknown> {
  const results = await Promise.allSettled(
    sync.activePods.map(async (pod) => {
      try {
        await deletePod(context, pod, sync.job)
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
      countRemoved(sync, pod)
    }),
  )
  return results.find((result) => result.status === 'rejected')?.reason
}

function countRemoved(sync: JobSync, pod: Pod): void {
  sync.active--
  sync.terminating++
  if (isPodReady(pod)) sync.ready--
}
