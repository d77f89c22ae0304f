import type { Job, JobCondition, Pod } from '@treeline/api'
import { judgeFailure } from './failure-policy.js'
import { jobCondition, trueCondition } from './job-conditions.js'
import { isFailed, isIndexed, isSuspended } from './job-pods.js'
import { type JobSync, lookAgain } from './job-sync.js'
import { fulfilledRule } from './success-policy.js'

/**
 * Whether the Job ends, other than by reaching its completions. What was decided before stays; then come the policy on
 * failures, the limit of failures, the deadline, the limits by index, and the policy on success.
 */
export function decideEnd(sync: JobSync, now: number): JobCondition | undefined {
  return decided(sync.job, now) ?? failed(sync, now) ?? (isIndexed(sync.job) ? endOfIndexed(sync, now) : undefined)
}

function decided(job: Job, now: number): JobCondition | undefined {
  const success = trueCondition(job, 'SuccessCriteriaMet')
  if (success) return success
  const failure = trueCondition(job, 'FailureTarget')
  return failure && jobCondition('Failed', failure.reason ?? '', failure.message ?? '', now)
}

function failed(sync: JobSync, now: number): JobCondition | undefined {
  const { job, pods } = sync
  const failure = (reason: string, message: string) => jobCondition('FailureTarget', reason, message, now)
  const message = job.spec?.podFailurePolicy && messageOfFailingPod(job, pods)
  if (message) return failure('PodFailurePolicy', message)
  if (sync.failed > (job.spec?.backoffLimit ?? 6) || restartedTooOften(job, pods)) {
    return failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit')
  }
  const left = untilDeadline(job, sync.status.startTime ?? undefined, now)
  if (left !== undefined && left <= 0) return failure('DeadlineExceeded', 'Job was active longer than specified deadline')
  if (left !== undefined) lookAgain(sync, left)
  return undefined
}

function endOfIndexed(sync: JobSync, now: number): JobCondition | undefined {
  const { job, failedIndexes, succeededIndexes } = sync
  const { maxFailedIndexes, completions = 0 } = job.spec ?? {}
  if (failedIndexes && failedIndexes.size > 0) {
    if (maxFailedIndexes !== undefined && failedIndexes.size > maxFailedIndexes) {
      const message = 'Job has exceeded the specified maximal number of failed indexes'
      return jobCondition('FailureTarget', 'MaxFailedIndexesExceeded', message, now)
    }
    if (failedIndexes.size + succeededIndexes.size >= completions) {
      return jobCondition('FailureTarget', 'FailedIndexes', 'Job has failed indexes', now)
    }
  }
  const rule = fulfilledRule(job, succeededIndexes)
  return rule === undefined ? undefined : jobCondition('SuccessCriteriaMet', 'SuccessPolicy', rule, now)
}

function messageOfFailingPod(job: Job, pods: readonly Pod[]): string | undefined {
  for (const pod of pods) {
    const message = isFailed(pod, job) ? judgeFailure(job, pod).jobMessage : undefined
    if (message) return message
  }
  return undefined
}

/** Containers that are restarted in place count by their restarts. */
function restartedTooOften(job: Job, pods: readonly Pod[]): boolean {
  if (job.spec?.template?.spec?.restartPolicy !== 'OnFailure') return false
  const limit = job.spec.backoffLimit ?? 6
  let restarts = 0
  for (const { status } of pods) {
    if (status?.phase !== 'Running' && status?.phase !== 'Pending') continue
    for (const { restartCount } of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]) restarts += restartCount
  }
  return limit === 0 ? restarts > 0 : restarts >= limit
}

/** Milliseconds until the deadline; undefined if there is none, or it does not run. */
function untilDeadline(job: Job, startTime: string | undefined, now: number): number | undefined {
  const seconds = job.spec?.activeDeadlineSeconds
  if (seconds === undefined || startTime === undefined || isSuspended(job)) return undefined
  return Date.parse(startTime) + seconds * 1000 - now
}

/** All completions are reached, or, without a number of them, one pod has succeeded and all have ended. */
export function isComplete({ job, succeeded, active }: JobSync): boolean {
  const completions = job.spec?.completions
  return active === 0 && (completions === undefined ? succeeded > 0 : succeeded >= completions)
}
