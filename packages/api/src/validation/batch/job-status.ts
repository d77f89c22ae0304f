import { FieldPath, omittedValue } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Findings, forEachItem } from '../findings.js'
import { sameValue } from '../immutable.js'
import { checkNonNegative } from '../numbers.js'
import { commonIndex, countIndexes, IndexesError } from './completion-indexes.js'

type Job = TypeOf<'batch.v1.Job'>
type JobStatus = NonNullable<Job['status']>

const path = FieldPath.root('status')
const counts = ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const

/** What may be said of how a Job went. Rules that look at one field hold when that field changes. */
export function checkJobStatusUpdate(found: Findings, job: Job, old: Job): void {
  const now = stateOf(job)
  const before = stateOf(old)
  for (const name of counts) checkNonNegative(found, now.status[name], path.child(name))
  checkUncounted(found, now.status)
  for (const rule of rules) if (rule.changes(now, before)) rule.check(found, now, before)
  checkConditionsKept(found, now, before)
}

interface State {
  readonly status: JobStatus
  readonly spec: Partial<TypeOf<'batch.v1.JobSpec'>>
  /** Types of the conditions that hold. */
  readonly holds: ReadonlySet<string>
  readonly finished: boolean
  readonly indexed: boolean
}

function stateOf({ status = {}, spec = {} as TypeOf<'batch.v1.JobSpec'> }: Job): State {
  const holds = new Set((status.conditions ?? []).filter((condition) => condition.status === 'True').map(({ type }) => type as string))
  return { status, spec, holds, finished: holds.has('Complete') || holds.has('Failed'), indexed: spec.completionMode === 'Indexed' }
}

function checkUncounted(found: Findings, { uncountedTerminatedPods: pods }: JobStatus): void {
  const seen = new Set<string>()
  for (const name of ['succeeded', 'failed'] as const) {
    forEachItem(pods?.[name], path.child('uncountedTerminatedPods', name), (uid, at) => {
      if (uid === '') found.invalid(at, uid, 'must not be empty')
      else if (seen.has(uid)) found.duplicate(at, uid)
      seen.add(uid)
    })
  }
}

interface Rule {
  changes(now: State, before: State): boolean
  check(found: Findings, now: State, before: State): void
}

const always = (): boolean => true
const finishes = (now: State, before: State): boolean => now.finished !== before.finished
const flips =
  (...types: readonly string[]) =>
  (now: State, before: State): boolean =>
    types.some((type) => now.holds.has(type) !== before.holds.has(type))
const sets =
  (...fields: readonly (keyof JobStatus)[]) =>
  (now: State, before: State): boolean =>
    fields.some((field) => !sameValue(now.status[field], before.status[field]))
const either =
  (...parts: readonly ((now: State, before: State) => boolean)[]) =>
  (now: State, before: State): boolean =>
    parts.some((part) => part(now, before))

const refuseConditions = (detail: string, wrong: (now: State) => boolean): Rule['check'] => {
  return (found, now) => {
    if (wrong(now)) found.invalid(path.child('conditions'), omittedValue, detail)
  }
}

/** In the order upstream complains. */
const rules: readonly Rule[] = [
  {
    changes: flips('Complete', 'Failed'),
    check: refuseConditions(
      'cannot set Complete=True and Failed=true conditions',
      ({ holds }) => holds.has('Complete') && holds.has('Failed'),
    ),
  },
  {
    changes: flips('Complete', 'FailureTarget'),
    check: refuseConditions(
      'cannot set Complete=True and FailureTarget=true conditions',
      ({ holds }) => holds.has('Complete') && holds.has('FailureTarget'),
    ),
  },
  {
    changes: either(flips('Complete'), sets('completionTime')),
    check(found, { status, holds }) {
      const at = path.child('completionTime')
      const complete = holds.has('Complete')
      if (status.completionTime && !complete) {
        found.invalid(at, status.completionTime, 'cannot set completionTime when there is no Complete=True condition')
      }
      if (!status.completionTime && complete) found.required(at, 'completionTime is required for Complete jobs')
    },
  },
  {
    changes: sets('startTime', 'completionTime'),
    check(found, { status: { startTime, completionTime } }) {
      if (startTime && completionTime && Date.parse(completionTime) < Date.parse(startTime)) {
        found.invalid(path.child('completionTime'), completionTime, 'must be equal to or after `startTime`')
      }
    },
  },
  {
    changes: either(flips('Failed'), sets('failedIndexes')),
    check: refuseConditions(
      'cannot set Failed=True condition without the FailureTarget=true condition',
      ({ holds }) => holds.has('Failed') && !holds.has('FailureTarget'),
    ),
  },
  {
    changes: flips('Complete', 'SuccessCriteriaMet'),
    check: refuseConditions(
      'cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
      ({ holds }) => holds.has('Complete') && !holds.has('SuccessCriteriaMet'),
    ),
  },
  {
    changes: either(finishes, sets('active')),
    check(found, { status: { active = 0 }, finished }) {
      if (active > 0 && finished) found.invalid(path.child('active'), active, 'active>0 is invalid for finished job')
    },
  },
  {
    changes: either(finishes, sets('startTime')),
    check(found, { status, spec, finished }) {
      const neverRan = spec.suspend === true && spec.completions === 0
      if (!status.startTime && finished && !neverRan) found.required(path.child('startTime'), 'startTime is required for finished job')
    },
  },
  {
    changes: either(finishes, sets('uncountedTerminatedPods')),
    check(found, { status: { uncountedTerminatedPods: pods }, finished }) {
      if (!finished || !(pods?.failed?.length || pods?.succeeded?.length)) return
      const printed = { Succeeded: pods.succeeded ?? null, Failed: pods.failed ?? null }
      found.invalid(path.child('uncountedTerminatedPods'), printed, 'must be empty for finished job')
    },
  },
  {
    changes: sets('completedIndexes'),
    check: (found, { status, spec }) => checkIndexes(found, status.completedIndexes ?? '', spec.completions, 'completedIndexes'),
  },
  {
    changes: sets('failedIndexes'),
    check(found, { status, spec }) {
      if (status.failedIndexes !== undefined && spec.backoffLimitPerIndex !== undefined) {
        checkIndexes(found, status.failedIndexes, spec.completions, 'failedIndexes')
      }
    },
  },
  {
    changes: sets('completedIndexes'),
    check(found, { status, indexed }) {
      if (status.completedIndexes && !indexed) {
        const detail = 'cannot set non-empty completedIndexes when non-indexed completion mode'
        found.invalid(path.child('completedIndexes'), status.completedIndexes, detail)
      }
    },
  },
  {
    changes: sets('failedIndexes'),
    check(found, { status, spec }) {
      if (spec.backoffLimitPerIndex === undefined && status.failedIndexes !== undefined) {
        const detail = 'cannot set non-null failedIndexes when backoffLimitPerIndex is null'
        found.invalid(path.child('failedIndexes'), status.failedIndexes, detail)
      }
    },
  },
  {
    changes: sets('failedIndexes', 'completedIndexes'),
    check(found, { status, spec }) {
      if (spec.completions === undefined || status.failedIndexes === undefined) return
      const index = commonIndex(status.completedIndexes ?? '', status.failedIndexes, spec.completions)
      if (index === undefined) return
      found.invalid(path.child('failedIndexes'), status.failedIndexes, `failedIndexes and completedIndexes overlap at index: ${index}`)
    },
  },
  {
    changes: either(finishes, sets('terminating')),
    check(found, { status: { terminating = 0 }, finished }) {
      if (terminating > 0 && finished) found.invalid(path.child('terminating'), terminating, 'terminating>0 is invalid for finished job')
    },
  },
  {
    changes: sets('ready', 'active'),
    check(found, { status: { ready, active = 0 } }) {
      if (ready !== undefined && ready > active) found.invalid(path.child('ready'), ready, 'cannot set more ready pods than active')
    },
  },
  {
    changes: always,
    check: refuseConditions(
      'cannot set SuccessCriteriaMet=True and Failed=true conditions',
      ({ holds }) => holds.has('SuccessCriteriaMet') && holds.has('Failed'),
    ),
  },
  {
    changes: always,
    check: refuseConditions(
      'cannot set SuccessCriteriaMet=True and FailureTarget=true conditions',
      ({ holds }) => holds.has('SuccessCriteriaMet') && holds.has('FailureTarget'),
    ),
  },
  {
    changes: always,
    check: refuseConditions(
      'cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True',
      ({ holds, spec }) => spec.successPolicy !== undefined && holds.has('Complete') && !holds.has('SuccessCriteriaMet'),
    ),
  },
]

function checkIndexes(found: Findings, indexes: string, completions: number | undefined, field: string): void {
  if (completions === undefined) return
  try {
    countIndexes(indexes, completions)
  } catch (error) {
    if (!(error instanceof IndexesError)) throw error
    found.invalid(path.child(field), indexes, `error parsing ${field}: ${error.message}`)
  }
}

/** How a Job ended stays, and so do its counts. */
function checkConditionsKept(found: Findings, now: State, before: State): void {
  const at = path.child('conditions')
  for (const type of ['Failed', 'Complete', 'FailureTarget']) {
    if (before.holds.has(type) && !now.holds.has(type)) {
      found.invalid(at, omittedValue, `cannot disable the terminal ${type}=True condition`)
    }
  }
  checkCountsKept(found, now, before)
  const { completionTime, startTime } = now.status
  const ended = before.status.completionTime
  if (completionTime && ended && completionTime !== ended) found.invalid(path.child('completionTime'), completionTime, 'field is immutable')
  if (before.status.startTime && before.status.startTime !== startTime && !now.spec.suspend && !isResuming(now, before)) {
    found.required(path.child('startTime'), 'startTime cannot be removed for unsuspended job')
  }
  if (before.holds.has('SuccessCriteriaMet') && !now.holds.has('SuccessCriteriaMet')) {
    found.invalid(at, omittedValue, 'cannot disable the SuccessCriteriaMet=True condition')
  }
  if (before.holds.has('Complete') && !before.holds.has('SuccessCriteriaMet') && now.holds.has('SuccessCriteriaMet')) {
    found.invalid(at, omittedValue, 'cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions')
  }
}

function checkCountsKept(found: Findings, now: State, before: State): void {
  const { failed = 0, succeeded = 0 } = now.status
  if (failed < (before.status.failed ?? 0)) found.invalid(path.child('failed'), failed, 'cannot decrease the failed counter')
  // An indexed Job that is scaled down loses indexes that had succeeded.
  const scalable = now.indexed && now.spec.completions === now.spec.parallelism
  if (!scalable && succeeded < (before.status.succeeded ?? 0)) {
    found.invalid(path.child('succeeded'), succeeded, 'cannot decrease the succeeded counter')
  }
}

const isResuming = (now: State, before: State): boolean =>
  before.holds.has('Suspended') && (now.status.conditions ?? []).some(({ type, status }) => type === 'Suspended' && status === 'False')
