import type { Job, Pod } from '@treeline/api'
import { parseTime } from '@treeline/machinery'
import { podCondition } from '../pods/pod-state.js'

export const trackingFinalizer = 'batch.kubernetes.io/job-tracking'
export const indexAnnotation = 'batch.kubernetes.io/job-completion-index'
const failureCount = 'batch.kubernetes.io/job-index-failure-count'
const ignoredFailureCount = 'batch.kubernetes.io/job-index-ignored-failure-count'
export const failureAnnotations = { counted: failureCount, ignored: ignoredFailureCount }

export const isIndexed = (job: Job) => job.spec?.completionMode === 'Indexed'
export const isSuspended = (job: Job) => job.spec?.suspend === true
export const isPerIndex = (job: Job) => job.spec?.backoffLimitPerIndex !== undefined

/** Pods are replaced once they have failed, not as soon as they are being deleted. */
export function replacesFailedOnly(job: Job): boolean {
  return job.spec?.podReplacementPolicy === 'Failed' || job.spec?.podFailurePolicy !== undefined
}

/** Its end has not been counted yet. */
export function isTracked(pod: Pod): boolean {
  return pod.metadata.finalizers?.includes(trackingFinalizer) === true
}

export function isSucceeded(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded'
}

/** Counts as failed: it has failed, or is being deleted by someone before it could succeed. */
export function isFailed(pod: Pod, job: Job): boolean {
  if (pod.status?.phase === 'Failed') return true
  return !replacesFailedOnly(job) && pod.metadata.deletionTimestamp !== undefined && !isSucceeded(pod)
}

/** The completion index of a pod; undefined if it has none that the Job knows. */
export function indexOf(pod: Pod, job: Job): number | undefined {
  const index = rawIndexOf(pod)
  return index !== undefined && index < (job.spec?.completions ?? 0) ? index : undefined
}

export function rawIndexOf(pod: Pod): number | undefined {
  const text = pod.metadata.annotations?.[indexAnnotation]
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}

/** Failures of its index before this pod: those that count, and those that a policy ignores. */
export function failuresBefore(pod: Pod): { readonly counted: number; readonly ignored: number } {
  const read = (name: string) => {
    const text = pod.metadata.annotations?.[name]
    return text !== undefined && /^\d+$/.test(text) ? Math.min(Number(text), 0x7fffffff) : 0
  }
  return { counted: read(failureCount), ignored: read(ignoredFailureCount) }
}

/** When a pod ended, in milliseconds, by the best evidence there is. */
export function finishedAt(pod: Pod): number {
  return containersFinished(pod) ?? notReadySince(pod) ?? deletedAt(pod) ?? parseTime(pod.metadata.creationTimestamp ?? '') ?? 0
}

function containersFinished(pod: Pod): number | undefined {
  const sidecars = new Set(
    (pod.spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name),
  )
  const statuses = [
    ...(pod.status?.containerStatuses ?? []),
    ...(pod.status?.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name)),
  ]
  const times = statuses.map(({ state }) => parseTime(state?.terminated?.finishedAt ?? ''))
  if (times.length === 0 || times.includes(undefined)) return undefined
  return Math.max(...times.map((time) => time ?? 0))
}

function notReadySince(pod: Pod): number | undefined {
  const ready = podCondition(pod, 'Ready')
  return ready?.status === 'False' ? parseTime(ready.lastTransitionTime ?? '') : undefined
}

function deletedAt({ metadata }: Pod): number | undefined {
  const time = parseTime(metadata.deletionTimestamp ?? '')
  return time === undefined ? undefined : time - (metadata.deletionGracePeriodSeconds ?? 0) * 1000
}
