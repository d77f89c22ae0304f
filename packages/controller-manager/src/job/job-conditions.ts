import type { Job, JobCondition } from '@treeline/api'
import { formatTime } from '@treeline/machinery'
import { findCondition } from '../conditions.js'

export function jobCondition(
  type: JobCondition['type'],
  reason: string,
  message: string,
  now: number,
  status: JobCondition['status'] = 'True',
): JobCondition {
  const time = formatTime(new Date(now))
  return { type, status, lastProbeTime: time, lastTransitionTime: time, reason, message }
}

/** A condition that is true. */
export function trueCondition(job: Job, type: JobCondition['type']): JobCondition | undefined {
  const condition = findCondition(job.status?.conditions, type)
  return condition?.status === 'True' ? condition : undefined
}

/** Complete or failed, for good. */
export function finishedCondition(job: Job): JobCondition | undefined {
  return trueCondition(job, 'Complete') ?? trueCondition(job, 'Failed')
}

/** Sets a condition in its place; one that is false is not begun with. The list itself if nothing is new. */
export function withJobCondition(conditions: readonly JobCondition[] | undefined, next: JobCondition): readonly JobCondition[] {
  const known = findCondition(conditions, next.type)
  if (!known) return next.status === 'False' ? (conditions ?? []) : [...(conditions ?? []), next]
  if (known.status === next.status && known.reason === next.reason && known.message === next.message) return conditions ?? []
  return (conditions ?? []).map((condition) => (condition === known ? next : condition))
}
