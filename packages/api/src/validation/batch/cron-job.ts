import { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { type PodRules, podRulesFor, strictPodRules } from '../core/pod-rules.js'
import { type Findings, findingsOf, requireOneOf } from '../findings.js'
import { checkNonNegative } from '../numbers.js'
import { printedSelector } from '../printed-map.js'
import { CronError, parseCronSchedule, timeZoneProblem } from './cron-schedule.js'
import { checkJobSpecParts } from './job-spec.js'

type CronJob = TypeOf<'batch.v1.CronJob'>

const path = FieldPath.root('spec')

/** A Job's name is that of its CronJob with eleven more characters. */
const nameMaxLength = 52

export const cronJobValidation: Validation<CronJob> = {
  validate: (cronJob) =>
    findingsOf((found) => {
      checkSpec(found, cronJob, undefined, strictPodRules)
      const { name = '' } = cronJob.metadata
      if (Buffer.byteLength(name) > nameMaxLength) found.invalid('metadata.name', name, `must be no more than ${nameMaxLength} characters`)
    }),
  validateUpdate: (cronJob, old) =>
    findingsOf((found) => checkSpec(found, cronJob, old, podRulesFor(old.spec?.jobTemplate?.spec?.template?.spec))),
}

function checkSpec(found: Findings, { spec }: CronJob, old: CronJob | undefined, rules: PodRules): void {
  const schedule = spec?.schedule ?? ''
  if (schedule === '') found.required(path.child('schedule'))
  else checkSchedule(found, schedule, spec?.timeZone, old?.spec?.schedule.includes('TZ') ?? false)
  checkNonNegative(found, spec?.startingDeadlineSeconds, path.child('startingDeadlineSeconds'))
  if (!old || old.spec?.timeZone !== spec?.timeZone) checkTimeZone(found, spec?.timeZone, path.child('timeZone'))
  requireOneOf(found, spec?.concurrencyPolicy, ['Allow', 'Forbid', 'Replace'], path.child('concurrencyPolicy'))
  checkTemplate(found, spec?.jobTemplate?.spec ?? {}, path.child('jobTemplate', 'spec'), rules)
  checkNonNegative(found, spec?.successfulJobsHistoryLimit, path.child('successfulJobsHistoryLimit'))
  checkNonNegative(found, spec?.failedJobsHistoryLimit, path.child('failedJobsHistoryLimit'))
}

function checkSchedule(found: Findings, schedule: string, timeZone: string | undefined, hadZone: boolean): void {
  const at = path.child('schedule')
  const problem = scheduleProblem(schedule)
  if (problem) found.invalid(at, schedule, problem)
  if (!schedule.includes('TZ')) return
  if (!hadZone) found.invalid(at, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead')
  else if (timeZone !== undefined) found.invalid(at, schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule')
}

function scheduleProblem(schedule: string): string | undefined {
  try {
    parseCronSchedule(schedule)
    return undefined
  } catch (error) {
    if (error instanceof CronError) return error.message
    throw error
  }
}

const zoneCharacters = /^[A-Za-z.\-_0-9+]{1,14}$/

function checkTimeZone(found: Findings, zone: string | undefined, at: FieldPath): void {
  if (zone === undefined) return
  if (zone === '') {
    found.invalid(at, zone, 'timeZone must be nil or non-empty string')
    return
  }
  const isPart = (part: string) => part !== '.' && part !== '..' && !part.startsWith('-') && zoneCharacters.test(part)
  if (!zone.split('/').every(isPart)) {
    found.invalid(at, zone, `unknown time zone ${zone}`)
    return
  }
  const local = zone.toLowerCase() === 'local'
  if (local) found.invalid(at, zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones')
  const problem = timeZoneProblem(zone)
  if (problem) found.invalid(at, zone, problem)
}

/** What the Job gets by itself cannot be given. */
function checkTemplate(found: Findings, spec: Partial<TypeOf<'batch.v1.JobSpec'>>, at: FieldPath, rules: PodRules): void {
  checkJobSpecParts(found, spec, at, rules)
  if (spec.selector) found.invalid(at.child('selector'), printedSelector(spec.selector), '`selector` will be auto-generated')
  if (spec.manualSelector) found.notSupported(at.child('manualSelector'), true, ['nil', 'false'])
}
