import { Job, Pod } from '@treeline/api'
import {
  type Clock,
  type ControllerDefinition,
  defineController,
  keyOf,
  on,
  type ReconcileContext,
  type ReconcileResult,
} from '@treeline/client'
import { formatTime } from '@treeline/machinery'
import { Expectations } from '../expectations/expectations.js'
import { observing } from '../expectations/observe.js'
import { claim } from '../ownership/claim.js'
import { controllerIndex, controllerOf, refersTo } from '../ownership/controller-ref.js'
import { onOwned } from '../ownership/owned-watch.js'
import { compiledSelector } from '../ownership/selectors.js'
import { finishedCondition, jobCondition, withJobCondition } from './job-conditions.js'
import { decideEnd, isComplete } from './job-end.js'
import { isIndexed, isSuspended, isTracked, trackingFinalizer } from './job-pods.js'
import { type JobSync, summarise } from './job-sync.js'
import { manageJob, removeAll } from './manage-job.js'
import { type BackoffRecord, noFailures } from './pod-backoff.js'
import { type TrackingMemory, trackStatus } from './track-status.js'
import { removeTracking } from './tracking-finalizer.js'

/** Changes of pods are gathered for this long, in milliseconds. */
const batchPeriod = 1000
const ownManager = 'kubernetes.io/job-controller'

/** Runs pods until enough of them have succeeded, and frees pods whose Job counts them no more. */
export function jobControllers(clock: Pick<Clock, 'now'>): ControllerDefinition[] {
  return [jobController(clock), jobOrphanController()]
}

const isManagedElsewhere = ({ spec }: Job) => spec?.managedBy !== undefined && spec.managedBy !== ownManager

function jobController(clock: Pick<Clock, 'now'>): ControllerDefinition {
  const expectations = new Expectations(clock)
  const backoffs = new Map<string, BackoffRecord>()
  const released = new Map<string, Set<string>>()
  const finished = new Set<string>()
  const observe = observing<Pod>(expectations, Job)

  function forget(uid: string): void {
    expectations.forget(uid)
    backoffs.delete(uid)
    released.delete(uid)
    finished.delete(uid)
  }

  async function reconcile(key: string, context: ReconcileContext): Promise<ReconcileResult> {
    const job = context.cache.get(Job, key)
    if (!job || isManagedElsewhere(job)) return undefined
    const uid = job.metadata.uid ?? ''
    if (finishedCondition(job)) {
      forget(uid)
      return undefined
    }
    if (finished.has(uid)) return undefined
    const upToDate = expectations.satisfied(uid)
    const selector = compiledSelector(job.spec?.selector)
    const pods = await claim(context, { owner: job, ownerKind: Job, kind: Pod, selector, finalizers: [trackingFinalizer] })
    const sync = summarise(job, pods, new Set(released.get(uid)), backoffs.get(uid) ?? noFailures)
    const now = context.clock.now()
    if (!sync.status.startTime && !isSuspended(job)) sync.status.startTime = formatTime(new Date(now))
    sync.finished = decideEnd(sync, now)
    const { failure, changed } = sync.finished
      ? { failure: await endPods(context, sync, upToDate), changed: false }
      : await runPods(context, sync, upToDate, expectations)
    const memory: TrackingMemory = {
      releasing: (jobUid, podUid) => released.set(jobUid, (released.get(jobUid) ?? new Set<string>()).add(podUid)),
      notReleased: (jobUid, podUid) => released.get(jobUid)?.delete(podUid),
      counted: () => backoffs.set(uid, sync.backoff),
    }
    if (await trackStatus(context, sync, countsChanged(sync) || changed, memory)) {
      finished.add(uid)
      tellEnd(context, sync)
    }
    if (failure !== undefined) throw failure
    return sync.requeueAfter === undefined ? undefined : { requeueAfter: sync.requeueAfter }
  }

  return defineController({
    name: 'job-controller',
    workers: 5,
    backoff: { base: 1000, cap: 60_000 },
    watches: [
      on(
        Job,
        (job, old) => {
          if (isManagedElsewhere(job) || (old && finishedCondition(job))) return []
          const specChanged = !old || old.metadata.generation !== job.metadata.generation
          return [{ key: keyOf(job), after: specChanged ? 0 : batchPeriod }]
        },
        {
          observe: ({ type, object }) => {
            if (type === 'deleted') forget(object.metadata.uid ?? '')
          },
        },
      ),
      batched(
        onOwned(Pod, Job, {
          selectorOf: ({ spec }) => compiledSelector(spec?.selector),
          observe: (event) => {
            observe(event)
            const { object, type } = event
            const owner = controllerOf(object)?.uid
            if (owner && (type === 'deleted' || !isTracked(object))) released.get(owner)?.delete(object.metadata.uid ?? '')
          },
        }),
      ),
    ],
    reconcile,
  })
}

/** The same watch, its keys delayed so that many changes make one look. */
function batched(watch: ReturnType<typeof onOwned>): ReturnType<typeof onOwned> {
  const { keys } = watch
  return {
    ...watch,
    keys: (...event) => [...(keys?.(...event) ?? [])].map((key) => (typeof key === 'string' ? { key, after: batchPeriod } : key)),
  }
}

/** Deletes what still runs. As long as something may be left, the Job is not declared finished. */
async function endPods(context: ReconcileContext, sync: JobSync, upToDate: boolean): Promise<unknown> {
  const failure = await removeAll(context, sync)
  if (sync.active > 0 || !upToDate) sync.finished = undefined
  return failure
}

async function runPods(
  context: ReconcileContext,
  sync: JobSync,
  upToDate: boolean,
  expectations: Expectations,
): Promise<{ readonly failure: unknown; readonly changed: boolean }> {
  const manages = upToDate && !sync.job.metadata.deletionTimestamp
  const failure = manages ? await manageJob(context, sync, expectations) : undefined
  if (isComplete(sync)) {
    const message = 'Reached expected number of succeeded pods'
    sync.finished = jobCondition('SuccessCriteriaMet', 'CompletionsReached', message, context.clock.now())
    return { failure, changed: false }
  }
  return { failure, changed: manages && noteSuspension(context, sync) }
}

/** Says that a Job is suspended, or goes on; its time begins anew then. */
function noteSuspension({ events, clock }: ReconcileContext, sync: JobSync): boolean {
  const now = clock.now()
  const suspended = isSuspended(sync.job)
  const condition = suspended
    ? jobCondition('Suspended', 'JobSuspended', 'Job suspended', now)
    : jobCondition('Suspended', 'JobResumed', 'Job resumed', now, 'False')
  const known = sync.status.conditions ?? []
  const conditions = withJobCondition(known, condition)
  if (conditions === known || (conditions.length === 0 && known.length === 0)) return false
  sync.status.conditions = [...conditions]
  events.event(sync.job, 'Normal', suspended ? 'Suspended' : 'Resumed', suspended ? 'Job suspended' : 'Job resumed')
  if (!suspended) sync.status.startTime = formatTime(new Date(now))
  return true
}

/** Puts the counts into the status; true if they are news. */
function countsChanged({ status, job, active, ready, terminating }: JobSync): boolean {
  const before = job.status
  Object.assign(status, { active, ready, terminating })
  return (before?.active ?? 0) !== active || before?.ready !== ready || before?.terminating !== terminating
}

function tellEnd({ events }: ReconcileContext, { job, finished, status }: JobSync): void {
  if (finished?.type === 'Failed') {
    events.event(job, 'Warning', finished.reason ?? '', finished.message ?? '')
    return
  }
  const completions = job.spec?.completions
  if (completions !== undefined && !isIndexed(job) && (status.succeeded ?? 0) > completions) {
    events.event(job, 'Warning', 'TooManySucceededPods', 'Too many succeeded pods running after completion count reached')
  }
  events.event(job, 'Normal', 'Completed', 'Job completed')
}

/** Frees pods that wait to be counted by a Job that is gone, finished or not theirs any more. */
function jobOrphanController(): ControllerDefinition {
  const isOrphan = (pod: Pod, cache: ReconcileContext['cache']): boolean => {
    if (!isTracked(pod)) return false
    const owner = controllerOf(pod)
    if (!owner) return true
    if (!refersTo(owner, Job)) return false
    const job = cache.get(Job, `${pod.metadata.namespace}/${owner.name}`)
    if (!job || job.metadata.uid !== owner.uid) return true
    return !isManagedElsewhere(job) && finishedCondition(job) !== undefined
  }
  return defineController({
    name: 'job-controller-orphan-pods',
    watches: [
      on(Pod, (pod, _old, cache, type) => (type !== 'deleted' && isOrphan(pod, cache) ? [{ key: keyOf(pod), after: batchPeriod }] : []), {
        indexes: controllerIndex,
      }),
      on(Job, (job, _old, cache, type) => {
        if (type !== 'deleted' && !finishedCondition(job)) return []
        const pods = cache.byIndex(Pod, 'controller', job.metadata.uid ?? '').filter(isTracked)
        return pods.map((pod) => ({ key: keyOf(pod), after: batchPeriod }))
      }),
    ],
    async reconcile(key, context) {
      const pod = context.cache.get(Pod, key)
      if (pod && isOrphan(pod, context.cache)) await removeTracking(context, pod)
      return undefined
    },
  })
}
