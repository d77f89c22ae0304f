import type { Job, JobCondition, JobStatus, Pod } from '@treeline/api'
import { isPodActive, isPodReady, isPodTerminating } from '../pods/pod-state.js'
import { judgeFailure } from './failure-policy.js'
import { IndexRanges } from './index-ranges.js'
import { failuresBefore, finishedAt, indexOf, isFailed, isIndexed, isPerIndex, isSucceeded, isTracked } from './job-pods.js'
import { type BackoffRecord, nextBackoff } from './pod-backoff.js'

/** One look at a Job and its pods, and what is found out on the way. */
export interface JobSync {
  /** As last written, with the status in the making. */
  job: Job
  status: JobStatus
  readonly pods: readonly Pod[]
  readonly activePods: readonly Pod[]
  /** Pods whose finalizer was removed, though the cache does not show it yet. */
  readonly released: ReadonlySet<string>
  readonly uncounted: { readonly succeeded: ReadonlySet<string>; readonly failed: ReadonlySet<string> }
  active: number
  ready: number
  terminating: number
  succeeded: number
  readonly failed: number
  readonly previousIndexes: IndexRanges
  succeededIndexes: IndexRanges
  /** Only with a limit of failures for each index. */
  readonly failedIndexes: IndexRanges | undefined
  /** The last failed pod of each index that has neither succeeded, failed nor a running pod: it holds the count of failures. */
  readonly lastFailed: ReadonlyMap<number, Pod>
  readonly backoff: BackoffRecord
  /** How the Job ends, if it does. */
  finished: JobCondition | undefined
  /** Milliseconds after which to look again. */
  requeueAfter: number | undefined
}

/** Sums up the pods of a Job. */
export function summarise(job: Job, pods: readonly Pod[], released: ReadonlySet<string>, known: BackoffRecord): JobSync {
  const { uncountedTerminatedPods = {}, ...status } = job.status ?? {}
  const uncounted = { succeeded: new Set(uncountedTerminatedPods.succeeded ?? []), failed: new Set(uncountedTerminatedPods.failed ?? []) }
  const tracked = pods.filter((pod) => isTracked(pod) && !released.has(pod.metadata.uid ?? ''))
  const valid = tracked.filter((pod) => !isIndexed(job) || indexOf(pod, job) !== undefined)
  const unseen = (known: ReadonlySet<string>) => valid.filter((pod) => !known.has(pod.metadata.uid ?? ''))
  const newSucceeded = unseen(uncounted.succeeded).filter(isSucceeded)
  const newFailed = unseen(uncounted.failed).filter((pod) => isFailed(pod, job))
  const activePods = pods.filter(isPodActive)
  const completions = job.spec?.completions ?? 0
  const previousIndexes = IndexRanges.parse(status.completedIndexes, completions)
  const ended = IndexRanges.of(pods.flatMap((pod) => (isSucceeded(pod) && isTracked(pod) ? (indexOf(pod, job) ?? []) : [])))
  const succeededIndexes = previousIndexes.union(ended)
  const failedIndexes = isIndexed(job) && isPerIndex(job) ? failedIndexesOf(job, pods) : undefined
  return {
    job,
    status: { ...status, uncountedTerminatedPods },
    pods,
    activePods,
    released,
    uncounted,
    active: activePods.length,
    ready: activePods.filter(isPodReady).length,
    terminating: pods.filter(isPodTerminating).length,
    succeeded: isIndexed(job) ? succeededIndexes.size : (status.succeeded ?? 0) + newSucceeded.length + uncounted.succeeded.size,
    failed: (status.failed ?? 0) + newFailed.filter((pod) => judgeFailure(job, pod).counts).length + uncounted.failed.size,
    previousIndexes,
    succeededIndexes,
    failedIndexes,
    lastFailed: failedIndexes ? lastFailedByIndex(job, valid, activePods, succeededIndexes, failedIndexes) : new Map(),
    backoff: nextBackoff(known, newSucceeded, newFailed),
    finished: undefined,
    requeueAfter: undefined,
  }
}

function failedIndexesOf(job: Job, pods: readonly Pod[]): IndexRanges {
  const { completions = 0, backoffLimitPerIndex = 0 } = job.spec ?? {}
  const failed = pods.flatMap((pod) => {
    const index = isTracked(pod) ? indexOf(pod, job) : undefined
    if (index === undefined || !isFailed(pod, job)) return []
    const { counts, failsIndex } = judgeFailure(job, pod)
    return failsIndex || (counts && failuresBefore(pod).counted >= backoffLimitPerIndex) ? [index] : []
  })
  return IndexRanges.parse(job.status?.failedIndexes, completions).union(IndexRanges.of(failed))
}

function lastFailedByIndex(
  job: Job,
  tracked: readonly Pod[],
  active: readonly Pod[],
  succeeded: IndexRanges,
  failed: IndexRanges,
): Map<number, Pod> {
  const running = new Set(active.map((pod) => indexOf(pod, job)))
  const last = new Map<number, Pod>()
  const failures = (pod: Pod) => failuresBefore(pod).counted + failuresBefore(pod).ignored
  for (const pod of tracked) {
    const index = indexOf(pod, job)
    if (index === undefined || !isFailed(pod, job) || succeeded.has(index) || failed.has(index) || running.has(index)) continue
    const known = last.get(index)
    if (!known || (failures(known) <= failures(pod) && finishedAt(known) <= finishedAt(pod))) last.set(index, pod)
  }
  return last
}

/** Asks to look again after a delay, unless that is asked for sooner already. */
export function lookAgain(sync: JobSync, after: number): void {
  sync.requeueAfter = Math.min(sync.requeueAfter ?? Number.POSITIVE_INFINITY, after)
}
