import type { CronJob } from '@treeline/api'
import { parseTime } from '@treeline/machinery'
import type { Schedule } from './schedule.js'

/** A start that is due, and how many were due since the last one; counting ends at `countLimit`. */
export interface Due {
  readonly time: number
  readonly missed: number
}

const countLimit = 101
/** How far back is looked for the newest start, step by step, in milliseconds. */
const windows = [3_600_000, 86_400_000, 32 * 86_400_000, 366 * 86_400_000, Number.POSITIVE_INFINITY]

/** The newest start that should have been made by now; undefined if none is due. */
export function dueStart(cronJob: CronJob, schedule: Schedule, now: number): Due | undefined {
  const { startingDeadlineSeconds } = cronJob.spec ?? {}
  const window = startingDeadlineSeconds === undefined ? Number.NEGATIVE_INFINITY : now - startingDeadlineSeconds * 1000
  const since = Math.max(lastStart(cronJob), window)
  const time = newestBefore(schedule, since, now)
  return time === undefined ? undefined : { time, missed: countBetween(schedule, since, now) }
}

/** When to look again, in milliseconds from now: at the next start, and a little later so that it is due then. */
export function untilNext(schedule: Schedule, now: number): number | undefined {
  const next = schedule.next(now)
  return next === undefined ? undefined : next - now + 100
}

function lastStart({ status, metadata }: CronJob): number {
  return parseTime(status?.lastScheduleTime ?? '') ?? parseTime(metadata.creationTimestamp ?? '') ?? 0
}

/** Looks at ever longer stretches before now, so that a start missed for a year costs no more than one missed for an hour. */
function newestBefore(schedule: Schedule, since: number, now: number): number | undefined {
  for (const window of windows) {
    const from = Math.max(since, now - window)
    let newest: number | undefined
    for (let time = schedule.next(from); time !== undefined && time <= now; time = schedule.next(time)) newest = time
    if (newest !== undefined || from === since) return newest
  }
  return undefined
}

function countBetween(schedule: Schedule, since: number, now: number): number {
  let count = 0
  for (let time = schedule.next(since); time !== undefined && time <= now && count < countLimit; time = schedule.next(time)) count++
  return count
}
