import { type FieldPath, omittedValue } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { PodRules } from '../core/pod-rules.js'
import { checkPodTemplate } from '../core/pod-template.js'
import { checkDomainPrefixedPath } from '../domain-prefixed-path.js'
import { type Findings, forEachItem } from '../findings.js'
import { checkQualifiedName } from '../names.js'
import { checkNonNegative } from '../numbers.js'
import { countIndexes, IndexesError } from './completion-indexes.js'

export type JobSpec = Partial<TypeOf<'batch.v1.JobSpec'>>

const maxIndexedParallelism = 100_000
const maxFailedIndexes = 100_000
const manyCompletions = 100_000
const maxParallelismOfMany = 10_000
const maxFailedIndexesOfMany = 10_000
const managedByMaxLength = 63

const counts = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
] as const

/** What a Job is to do, but for its selector, which CronJobs do not have. */
export function checkJobSpecParts(found: Findings, spec: JobSpec, path: FieldPath, rules: PodRules): void {
  for (const name of counts) checkNonNegative(found, spec[name], path.child(name))
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    found.required(path.child('backoffLimitPerIndex'), 'when maxFailedIndexes is specified')
  }
  if (spec.managedBy !== undefined) {
    checkDomainPrefixedPath(found, spec.managedBy, path.child('managedBy'))
    if (Buffer.byteLength(spec.managedBy) > managedByMaxLength) found.tooLong(path.child('managedBy'), managedByMaxLength)
  }
  checkCompletionMode(found, spec, path)
  if (spec.podFailurePolicy) checkFailurePolicy(found, spec, path.child('podFailurePolicy', 'rules'))
  if (spec.successPolicy) checkSuccessPolicy(found, spec, path.child('successPolicy'))
  checkReplacement(found, spec, path.child('podReplacementPolicy'))
  checkPodTemplate(found, spec.template ?? {}, path.child('template'), rules)
  checkRestartPolicy(found, spec, path.child('template', 'spec', 'restartPolicy'))
}

const modes = ['NonIndexed', 'Indexed']
const indexedOnly = 'requires indexed completion mode'

function checkCompletionMode(found: Findings, spec: JobSpec, path: FieldPath): void {
  const { completionMode: mode, completions, parallelism, maxFailedIndexes: failed, backoffLimitPerIndex: perIndex } = spec
  if (mode !== undefined && !modes.includes(mode)) found.notSupported(path.child('completionMode'), mode, modes)
  if (mode === undefined || mode === 'NonIndexed') {
    if (perIndex !== undefined) found.invalid(path.child('backoffLimitPerIndex'), perIndex, indexedOnly)
    if (failed !== undefined) found.invalid(path.child('maxFailedIndexes'), failed, indexedOnly)
  }
  if (mode !== 'Indexed') return
  const failedPath = path.child('maxFailedIndexes')
  if (completions === undefined) found.required(path.child('completions'), 'when completion mode is Indexed')
  if (parallelism !== undefined && parallelism > maxIndexedParallelism) {
    found.invalid(
      path.child('parallelism'),
      parallelism,
      `must be less than or equal to ${maxIndexedParallelism} when completion mode is Indexed`,
    )
  }
  if (completions !== undefined && failed !== undefined && failed > completions) {
    found.invalid(failedPath, failed, 'must be less than or equal to completions')
  }
  if (failed !== undefined && failed > maxFailedIndexes)
    found.invalid(failedPath, failed, `must be less than or equal to ${maxFailedIndexes}`)
  if (completions === undefined || completions <= manyCompletions || perIndex === undefined) return
  const tooMuch = (limit: number) =>
    `must be less than or equal to ${limit} when completions are above ${manyCompletions} and used with backoff limit per index`
  if (failed === undefined) found.required(failedPath, `must be specified when completions is above ${manyCompletions}`)
  if (parallelism !== undefined && parallelism > maxParallelismOfMany) {
    found.invalid(path.child('parallelism'), parallelism, tooMuch(maxParallelismOfMany))
  }
  if (failed !== undefined && failed > maxFailedIndexesOfMany) found.invalid(failedPath, failed, tooMuch(maxFailedIndexesOfMany))
}

const maxRules = 20
const maxExitCodes = 255
const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore']
const operators = ['In', 'NotIn']
const statuses = ['False', 'True', 'Unknown']

const validValues = (values: readonly string[]): string => `valid values: [${values.map((value) => `"${value}"`).join(' ')}]`

function checkFailurePolicy(found: Findings, spec: JobSpec, path: FieldPath): void {
  const rules = spec.podFailurePolicy?.rules ?? []
  const podSpec = spec.template?.spec
  const containers = new Set([...(podSpec?.containers ?? []), ...(podSpec?.initContainers ?? [])].map(({ name }) => name))
  if (rules.length > maxRules) found.tooMany(path, rules.length, maxRules)
  forEachItem(rules, path, (rule, at) => {
    const action: string = rule.action ?? ''
    if (action === '') found.required(at.child('action'), validValues(actions))
    else if (action === 'FailIndex') {
      if (spec.backoffLimitPerIndex === undefined) found.invalid(at.child('action'), action, 'requires the backoffLimitPerIndex to be set')
    } else if (!actions.includes(action)) found.notSupported(at.child('action'), action, actions)
    if (rule.onExitCodes) checkExitCodes(found, rule.onExitCodes, containers, at.child('onExitCodes'))
    const conditions = rule.onPodConditions ?? []
    checkConditions(found, conditions, at.child('onPodConditions'))
    const both = rule.onExitCodes !== undefined && conditions.length > 0
    if (both) found.invalid(at, omittedValue, 'specifying both OnExitCodes and OnPodConditions is not supported')
    if (!rule.onExitCodes && conditions.length === 0) {
      found.invalid(at, omittedValue, 'specifying one of OnExitCodes and OnPodConditions is required')
    }
  })
}

function checkConditions(
  found: Findings,
  conditions: readonly TypeOf<'batch.v1.PodFailurePolicyOnPodConditionsPattern'>[],
  path: FieldPath,
): void {
  if (conditions.length > maxRules) found.tooMany(path, conditions.length, maxRules)
  forEachItem(conditions, path, ({ type, status }, at) => {
    checkQualifiedName(found, type, at.child('type'))
    if (!status) found.required(at.child('status'), validValues(statuses))
    else if (!statuses.includes(status)) found.notSupported(at.child('status'), status, statuses)
  })
}

function checkExitCodes(
  found: Findings,
  { operator, containerName, values }: TypeOf<'batch.v1.PodFailurePolicyOnExitCodesRequirement'>,
  containers: ReadonlySet<string>,
  path: FieldPath,
): void {
  if (!operator) found.required(path.child('operator'), validValues(operators))
  else if (!operators.includes(operator)) found.notSupported(path.child('operator'), operator, operators)
  if (containerName !== undefined && !containers.has(containerName)) {
    const detail = 'must be one of the container or initContainer names in the pod template'
    found.invalid(path.child('containerName'), containerName, detail)
  }
  const at = path.child('values')
  if (!values?.length) found.invalid(at, values ?? null, 'at least one value is required')
  else if (values.length > maxExitCodes) found.tooMany(at, values.length, maxExitCodes)
  const seen = new Set<number>()
  forEachItem(values, at, (value, here) => {
    if (operator === 'In' && value === 0) found.invalid(here, value, 'must not be 0 for the In operator')
    if (seen.has(value)) found.duplicate(here, value)
    seen.add(value)
  })
  if (values?.some((value, index) => index > 0 && (values[index - 1] ?? 0) > value)) found.invalid(at, values, 'must be ordered')
}

const maxSuccessRules = 20
const indexesMaxLength = 64 * 1024

function checkSuccessPolicy(found: Findings, spec: JobSpec, path: FieldPath): void {
  const rules = spec.successPolicy?.rules ?? []
  if (spec.completionMode !== 'Indexed') {
    const printed = spec.successPolicy?.rules?.map(({ succeededIndexes, succeededCount }) => ({
      SucceededIndexes: succeededIndexes ?? null,
      SucceededCount: succeededCount ?? null,
    }))
    found.invalid(path, { Rules: printed ?? null }, indexedOnly)
    return
  }
  const at = path.child('rules')
  if (rules.length === 0) found.required(at, 'at least one rules must be specified when the successPolicy is specified')
  if (rules.length > maxSuccessRules) found.tooMany(at, rules.length, maxSuccessRules)
  forEachItem(rules, at, (rule, here) => checkSuccessRule(found, rule, spec.completions ?? 0, here))
}

function checkSuccessRule(
  found: Findings,
  { succeededCount: count, succeededIndexes: indexes }: TypeOf<'batch.v1.SuccessPolicyRule'>,
  completions: number,
  path: FieldPath,
): void {
  if (count === undefined && indexes === undefined) {
    found.required(path, 'at least one of succeededCount or succeededIndexes must be specified')
  }
  let total = 0
  if (indexes !== undefined) {
    const at = path.child('succeededIndexes')
    if (Buffer.byteLength(indexes) > indexesMaxLength) found.tooLong(at, indexesMaxLength)
    try {
      total = countIndexes(indexes, completions)
    } catch (error) {
      if (!(error instanceof IndexesError)) throw error
      found.invalid(at, indexes, `error parsing succeededIndexes: ${error.message}`)
    }
  }
  if (count === undefined) return
  const at = path.child('succeededCount')
  checkNonNegative(found, count, at)
  if (count > completions) found.invalid(at, count, `must be less than or equal to ${completions} (the number of specified completions)`)
  if (indexes !== undefined && count > total) {
    found.invalid(at, count, `must be less than or equal to ${total} (the number of indexes in the specified succeededIndexes field)`)
  }
}

function checkReplacement(found: Findings, { podReplacementPolicy: policy, podFailurePolicy }: JobSpec, path: FieldPath): void {
  if (policy === undefined) return
  const supported = podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed']
  if (!supported.includes(policy)) found.notSupported(path, policy, supported)
}

function checkRestartPolicy(found: Findings, { template, podFailurePolicy }: JobSpec, path: FieldPath): void {
  const policy: string = template?.spec?.restartPolicy ?? ''
  if (policy === 'Always' || policy === '') found.required(path, 'valid values: "OnFailure", "Never"')
  else if (policy !== 'OnFailure' && policy !== 'Never') found.notSupported(path, policy, ['OnFailure', 'Never'])
  else if (podFailurePolicy && policy !== 'Never') {
    found.invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified')
  }
}
