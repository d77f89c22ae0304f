import { CronJob, Job } from '@treeline/api'
import { type ControllerDefinition, defineController, on, type ReconcileContext, type ReconcileResult } from '@treeline/client'
import { formatTime, parseTime } from '@treeline/machinery'
import { objectKey } from '../ownership/object-key.js'
import { onOwned } from '../ownership/owned-watch.js'
import { messageOf } from '../pods/pod-control.js'
import { retryOnConflict } from '../retry-on-conflict.js'
import { type CronJobSync, cleanupJobs, followJobs, jobName, replaceActive, startJob } from './cron-job-sync.js'
import { dueStart, untilNext } from './due-times.js'
import { parseSchedule, type Schedule } from './schedule.js'

/** Missed starts beyond which something is wrong with the clock or the schedule. */
const tooManyMissed = 100

/** Starts Jobs when their time has come. */
export function cronJobController(): ControllerDefinition {
  return defineController({
    name: 'cronjob-controller',
    workers: 5,
    watches: [on(CronJob), onOwned(Job, CronJob)],
    reconcile,
  })
}

async function reconcile(key: string, context: ReconcileContext): Promise<ReconcileResult> {
  const { cache, client, signal } = context
  const cronJob = cache.get(CronJob, key)
  if (!cronJob) return undefined
  const jobs = cache.byIndex(Job, 'controller', cronJob.metadata.uid ?? '')
  const sync: CronJobSync = { cronJob, status: { ...cronJob.status }, changed: false }
  let failure: unknown
  let requeueAfter: number | undefined
  try {
    await followJobs(context, sync, jobs)
    requeueAfter = cronJob.metadata.deletionTimestamp ? undefined : await startIfDue(context, sync)
    await cleanupJobs(context, sync, jobs)
  } catch (error) {
    failure = error
  }
  if (sync.changed) {
    await retryOnConflict(
      cronJob,
      () => client.get(CronJob, objectKey(cronJob), { signal }),
      (current) => client.updateStatus(CronJob, { ...current, status: sync.status }, { signal }),
    )
  }
  if (failure !== undefined) throw failure
  return requeueAfter === undefined ? undefined : { requeueAfter }
}

/** Makes the Job that is due, if the policy lets it; milliseconds until the next one. */
async function startIfDue(context: ReconcileContext, sync: CronJobSync): Promise<number | undefined> {
  const { cronJob } = sync
  const { clock, events } = context
  const warn = (reason: string, message: string) => events.event(cronJob, 'Warning', reason, message)
  const { schedule: text = '', suspend, startingDeadlineSeconds, concurrencyPolicy } = cronJob.spec ?? {}
  const schedule = suspend ? undefined : readSchedule(cronJob, warn)
  if (!schedule) return undefined
  const now = clock.now()
  const next = untilNext(schedule, now)
  const due = dueStart(cronJob, schedule, now)
  if (!due) return next
  if (due.missed > tooManyMissed) {
    warn('TooManyMissedTimes', 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew')
  }
  if (startingDeadlineSeconds !== undefined && due.time + startingDeadlineSeconds * 1000 < now) {
    warn('MissSchedule', `Missed scheduled time to start a job: ${rfc1123(due.time)}`)
    return next
  }
  const active = sync.status.active ?? []
  const made = active.some(({ name }) => name === jobName(cronJob, due.time)) || parseTime(sync.status.lastScheduleTime ?? '') === due.time
  if (made) return next
  if (concurrencyPolicy === 'Forbid' && active.length > 0) {
    const message = 'Not starting job because prior execution is running and concurrency policy is Forbid'
    events.event(cronJob, 'Normal', 'JobAlreadyActive', message)
    return next
  }
  if (concurrencyPolicy === 'Replace') await replaceActive(context, sync)
  if (text.includes('TZ')) {
    const more = 'see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details'
    warn('UnsupportedSchedule', `CRON_TZ or TZ used in schedule "${text}" is not officially supported, ${more}`)
  }
  await startJob(context, sync, due.time, formatTime(new Date(due.time)))
  return next
}

/** The schedule of a CronJob; without one it could be read from, an event says why. */
function readSchedule({ spec }: CronJob, warn: (reason: string, message: string) => void): Schedule | undefined {
  const { schedule: text = '', timeZone } = spec ?? {}
  try {
    return parseSchedule(text, timeZone)
  } catch (error) {
    if (error instanceof RangeError) warn('UnknownTimeZone', `invalid timeZone: "${timeZone}": unknown time zone ${timeZone}`)
    else warn('UnparseableSchedule', `unparseable schedule: "${text}" : ${messageOf(error)}`)
    return undefined
  }
}

/** `Mon, 02 Jan 2006 15:04:05 +0000` */
function rfc1123(time: number): string {
  return new Date(time).toUTCString().replace('GMT', '+0000')
}
