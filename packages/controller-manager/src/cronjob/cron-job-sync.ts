import { CronJob, type CronJobStatus, Job, type ObjectReference } from '@treeline/api'
import { type ReconcileContext, referenceTo } from '@treeline/client'
import { isAlreadyExists, isNotFound, parseTime } from '@treeline/machinery'
import { finishedCondition } from '../job/job-conditions.js'
import { controllerReference, isControlledBy } from '../ownership/controller-ref.js'
import { objectKey } from '../ownership/object-key.js'
import { messageOf } from '../pods/pod-control.js'
import { TimeZone } from './time-zone.js'

const scheduledAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp'

/** A CronJob in the course of one look, with the status in the making. */
export interface CronJobSync {
  readonly cronJob: CronJob
  status: CronJobStatus
  changed: boolean
}

function dropActive(sync: CronJobSync, uid: string | undefined): boolean {
  const active = sync.status.active ?? []
  const left = active.filter((reference) => reference.uid !== uid)
  if (left.length === active.length) return false
  sync.status = { ...sync.status, active: left }
  sync.changed = true
  return true
}

/** Brings the list of running Jobs and the time of the last success up to date with the Jobs there are. */
export async function followJobs(context: ReconcileContext, sync: CronJobSync, jobs: readonly Job[]): Promise<void> {
  const { client, events, signal } = context
  const { cronJob } = sync
  for (const job of jobs) {
    const end = finishedCondition(job)
    const listed = (sync.status.active ?? []).some(({ uid }) => uid === job.metadata.uid)
    if (!end && !listed) {
      const live = await client.get(CronJob, objectKey(cronJob), { signal })
      if (live.status?.active?.some(({ uid }) => uid === job.metadata.uid)) continue
      events.event(cronJob, 'Warning', 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${job.metadata.name}`)
    }
    if (!end) continue
    if (dropActive(sync, job.metadata.uid)) {
      events.event(cronJob, 'Normal', 'SawCompletedJob', `Saw completed job: ${job.metadata.name}, condition: ${end.type}`)
    }
    if (end.type === 'Complete') noteSuccess(sync, job)
  }
  for (const { namespace, name = '', uid } of sync.status.active ?? []) {
    if (jobs.some((job) => job.metadata.uid === uid) || (await exists(context, { namespace, name }))) continue
    events.event(cronJob, 'Normal', 'MissingJob', `Active job went missing: ${name}`)
    dropActive(sync, uid)
  }
}

function noteSuccess(sync: CronJobSync, job: Job): void {
  const completed = job.status?.completionTime
  const known = parseTime(sync.status.lastSuccessfulTime ?? '')
  if (!completed || (known !== undefined && known >= (parseTime(completed) ?? 0))) return
  sync.status = { ...sync.status, lastSuccessfulTime: completed }
  sync.changed = true
}

async function exists({ client, signal }: ReconcileContext, key: { namespace?: string; name: string }): Promise<boolean> {
  try {
    await client.get(Job, key, { signal })
    return true
  } catch (error) {
    if (isNotFound(error)) return false
    throw error
  }
}

/** Deletes finished Jobs beyond the limits of history, the oldest first. */
export async function cleanupJobs(context: ReconcileContext, sync: CronJobSync, jobs: readonly Job[]): Promise<void> {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = sync.cronJob.spec ?? {}
  const started = (job: Job) => parseTime(job.status?.startTime ?? '') ?? 0
  for (const [type, limit] of [
    ['Complete', successfulJobsHistoryLimit],
    ['Failed', failedJobsHistoryLimit],
  ] as const) {
    if (limit === undefined) continue
    const finished = jobs.filter((job) => finishedCondition(job)?.type === type && !job.metadata.deletionTimestamp)
    finished.sort((a, b) => started(a) - started(b) || (String(a.metadata.name) < String(b.metadata.name) ? -1 : 1))
    for (const job of finished.slice(0, Math.max(0, finished.length - limit))) await deleteJob(context, sync, job)
  }
}

/** Deletes a Job with its pods. False, with an event, if that failed. */
async function deleteJob({ client, events, signal }: ReconcileContext, sync: CronJobSync, job: Job): Promise<boolean> {
  try {
    await client.delete(Job, objectKey(job), { propagationPolicy: 'Background', signal })
  } catch (error) {
    if (!isNotFound(error)) {
      events.event(sync.cronJob, 'Warning', 'FailedDelete', `Deleted job: ${messageOf(error)}`)
      return false
    }
  }
  dropActive(sync, job.metadata.uid)
  events.event(sync.cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${job.metadata.name}`)
  return true
}

/** Deletes the Jobs that still run. Throws if one cannot be. */
export async function replaceActive(context: ReconcileContext, sync: CronJobSync): Promise<void> {
  for (const { namespace, name = '' } of sync.status.active ?? []) {
    const job = await context.client.get(Job, { namespace, name }, { signal: context.signal })
    if (!(await deleteJob(context, sync, job))) throw new Error(`could not replace job ${namespace}/${name}`)
  }
}

/** Name of the Job of a start: the same start never makes two. */
export function jobName(cronJob: CronJob, time: number): string {
  return `${cronJob.metadata.name}-${Math.floor(time / 60_000)}`
}

/** Makes the Job of a start and lists it as running. One that is there already counts as made. */
export async function startJob(
  { client, events, signal }: ReconcileContext,
  sync: CronJobSync,
  time: number,
  lastScheduleTime: string,
): Promise<void> {
  const { cronJob } = sync
  const { metadata, spec } = cronJob.spec?.jobTemplate ?? {}
  const zone = new TimeZone(cronJob.spec?.timeZone ?? 'UTC')
  const wanted: Job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: jobName(cronJob, time),
      namespace: cronJob.metadata.namespace,
      labels: { ...metadata?.labels },
      annotations: { ...metadata?.annotations, [scheduledAnnotation]: zone.formatTime(time) },
      ownerReferences: [controllerReference(CronJob, cronJob)],
    },
    spec,
  }
  let job: Job
  try {
    job = await client.create(Job, wanted, { signal })
    events.event(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${job.metadata.name}`)
  } catch (error) {
    if (!isAlreadyExists(error)) {
      events.event(cronJob, 'Warning', 'FailedCreate', `Error creating job: ${messageOf(error)}`)
      throw error
    }
    job = await client.get(Job, objectKey(wanted), { signal })
    if (!isControlledBy(job, cronJob)) return
  }
  const { kind, apiVersion, ...reference } = referenceTo({ ...job, apiVersion: 'batch/v1', kind: 'Job' })
  const active: ObjectReference[] = [...(sync.status.active ?? []), { kind, apiVersion, ...reference }]
  sync.status = { ...sync.status, active, lastScheduleTime }
  sync.changed = true
}
