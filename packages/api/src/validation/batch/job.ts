import { FieldPath, validateDnsLabel, validateLabelSelector } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { type PodRules, podRulesFor, strictPodRules } from '../core/pod-rules.js'
import { type Findings, findingsOf } from '../findings.js'
import { checkImmutable, sameValue } from '../immutable.js'
import { printedMap, printedSelector } from '../printed-map.js'
import { compileSelector } from '../selectors.js'
import { checkJobSpecParts, type JobSpec } from './job-spec.js'
import { checkJobStatusUpdate } from './job-status.js'

type Job = TypeOf<'batch.v1.Job'>
type Template = TypeOf<'core.v1.PodTemplateSpec'>

const path = FieldPath.root('spec')

export const jobValidation: Validation<Job> = {
  validate: (job) =>
    findingsOf((found) => {
      checkWhole(found, job, strictPodRules, false)
    }),
  validateUpdate: (job, old) =>
    findingsOf((found) => {
      const before: JobSpec = old.spec ?? {}
      const anySelectorValue = validateLabelSelector(before.selector, path).length > 0
      const rules = podRulesFor(before.template?.spec)
      // Upstream looks at the spec once as that of any Job, and again as the one that takes the place of another.
      checkWhole(found, job, rules, anySelectorValue)
      checkSpec(found, job.spec ?? {}, rules, anySelectorValue)
      checkChange(found, job.spec ?? {}, old)
    }),
  validateStatusUpdate: (job, old) => findingsOf((found) => checkJobStatusUpdate(found, job, old)),
}

function checkWhole(found: Findings, job: Job, rules: PodRules, anySelectorValue: boolean): void {
  checkGeneratedSelector(found, job)
  checkSpec(found, job.spec ?? {}, rules, anySelectorValue)
  checkHostnames(found, job)
}

function checkSpec(found: Findings, spec: JobSpec, rules: PodRules, anySelectorValue: boolean): void {
  checkJobSpecParts(found, spec, path, rules)
  const { selector, template } = spec
  if (!selector) found.required(path.child('selector'))
  else found.add(...validateLabelSelector(selector, path.child('selector'), { allowInvalidValues: anySelectorValue }))
  const labels = template?.metadata?.labels
  if (compileSelector(selector)?.matches(labels ?? {}) === false) {
    found.invalid(path.child('template', 'metadata', 'labels'), printedMap(labels), '`selector` does not match template `labels`')
  }
}

/** Unless its creator takes care of the selector, a Job selects the pods that carry its own uid and name. */
function checkGeneratedSelector(found: Findings, { metadata, spec }: Job): void {
  if (spec?.manualSelector || !spec?.selector) return
  const { uid = '', name = '' } = metadata
  if (uid === '') found.required('metadata.uid')
  const expected: Readonly<Record<string, string>> = {
    'controller-uid': uid,
    'job-name': name,
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
  }
  const labels = spec.template?.metadata?.labels ?? {}
  const at = path.child('template', 'metadata', 'labels')
  for (const [key, value] of Object.entries(expected)) {
    if (labels[key] === undefined) found.required(at.key(key), `must be '${value}'`)
    else if (labels[key] !== value) found.invalid(at.key(key), printedMap(labels), `must be '${value}'`)
  }
  if (compileSelector(spec.selector)?.matches(expected) === false) {
    found.invalid(path.child('selector'), printedSelector(spec.selector), '`selector` not auto-generated')
  }
}

/** Pods of an indexed Job are hosts named after it. */
function checkHostnames(found: Findings, { metadata, spec }: Job): void {
  if (spec?.completionMode !== 'Indexed' || !spec.completions || spec.completions < 0) return
  const hostname = `${metadata.name ?? ''}-${spec.completions - 1}`
  if (validateDnsLabel(hostname).length > 0) {
    found.invalid('metadata.name', metadata.name ?? '', `will not able to create pod with invalid DNS label: ${hostname}`)
  }
}

const fixed = ['completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy'] as const

function checkChange(found: Findings, spec: JobSpec, { spec: before = {}, status }: { spec?: JobSpec; status?: Job['status'] }): void {
  checkCompletions(found, spec, before)
  checkImmutable(found, spec.selector, before.selector, path.child('selector'))
  const mayMove = before.suspend === true && status?.startTime === undefined
  checkImmutable(found, spec.template, mayMove ? withPlacementOf(before.template, spec.template) : before.template, path.child('template'))
  for (const name of fixed) checkImmutable(found, spec[name], before[name], path.child(name))
}

/** Completions of an indexed Job change together with its parallelism. */
function checkCompletions(found: Findings, spec: JobSpec, before: JobSpec): void {
  const at = path.child('completions')
  if (spec.completionMode !== 'Indexed') checkImmutable(found, spec.completions, before.completions, at)
  else if (spec.completions !== undefined && !sameValue(spec.completions, before.completions) && spec.completions !== spec.parallelism) {
    found.invalid(at, spec.completions, 'can only be modified in tandem with spec.parallelism')
  }
}

/** The old template where the new one says its pods may run: until they do, that may change. */
function withPlacementOf(old: Template = {}, template: Template = {}): Template {
  const { affinity, nodeSelector, tolerations, schedulingGates } = template.spec ?? {}
  const { nodeAffinity: _, ...others } = old.spec?.affinity ?? {}
  const merged = { ...others, ...(affinity?.nodeAffinity && { nodeAffinity: affinity.nodeAffinity }) }
  const kept = affinity || Object.keys(others).length > 0 ? merged : undefined
  return {
    ...old,
    metadata: { ...old.metadata, annotations: template.metadata?.annotations, labels: template.metadata?.labels },
    ...(old.spec && { spec: { ...old.spec, affinity: kept, nodeSelector, tolerations, schedulingGates } }),
  } as Template
}
