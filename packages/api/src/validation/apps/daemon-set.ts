import { FieldPath, validateLabelSelector } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { type PodRules, podRulesFor, strictPodRules } from '../core/pod-rules.js'
import { checkLastingPods, checkPodTemplate } from '../core/pod-template.js'
import { type Findings, findingsOf } from '../findings.js'
import { checkImmutable, sameValue } from '../immutable.js'
import { checkAtMostAll, checkIntOrPercent, isZeroAmount } from '../int-or-percent.js'
import { checkNonNegative } from '../numbers.js'
import { printedMap } from '../printed-map.js'
import { compileSelector, isEmptySelector } from '../selectors.js'
import { checkCollisionCount } from './collision-count.js'

type DaemonSet = TypeOf<'apps.v1.DaemonSet'>

const path = FieldPath.root('spec')
const status = FieldPath.root('status')

export const daemonSetValidation: Validation<DaemonSet> = {
  validate: (set) => findingsOf((found) => checkDaemonSet(found, set, strictPodRules)),
  validateUpdate: (set, old) =>
    findingsOf((found) => {
      checkTemplateGeneration(found, set, old)
      checkImmutable(found, set.spec?.selector, old.spec?.selector, path.child('selector'))
      checkDaemonSet(found, set, podRulesFor(old.spec?.template?.spec))
    }),
  validateStatusUpdate: (set, old) =>
    findingsOf((found) => {
      for (const name of counts) checkNonNegative(found, set.status?.[name], status.child(name))
      checkCollisionCount(found, set.status, old.status)
    }),
}

const counts = [
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'observedGeneration',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
  'collisionCount',
] as const

const generationAnnotation = 'deprecated.daemonset.template.generation'

const generationOf = ({ metadata }: DaemonSet): number => Number(metadata.annotations?.[generationAnnotation] ?? 0)

/** The template's own generation counts with the template. */
function checkTemplateGeneration(found: Findings, set: DaemonSet, old: DaemonSet): void {
  const at = path.child('templateGeneration')
  const now = generationOf(set)
  const before = generationOf(old)
  const changed = !sameValue(set.spec?.template, old.spec?.template)
  if (now < before) found.invalid(at, now, 'must not be decremented')
  if (now === before && changed) found.invalid(at, now, 'must be incremented upon template update')
  else if (now > before && !changed) found.invalid(at, now, 'must not be incremented without template update')
}

function checkDaemonSet(found: Findings, set: DaemonSet, rules: PodRules): void {
  const { spec } = set
  const selector = spec?.selector
  const template = spec?.template ?? {}
  found.add(...validateLabelSelector(selector, path.child('selector'), { allowInvalidValues: rules.affinity.anyPodValues }))
  const labels = template.metadata?.labels
  if (compileSelector(selector)?.matches(labels ?? {}) === false) {
    found.invalid(path.child('template', 'metadata', 'labels'), printedMap(labels), '`selector` does not match template `labels`')
  }
  if (selector && isEmptySelector(selector)) found.invalid(path.child('selector'), selector, 'empty selector is invalid for daemonset')
  checkPodTemplate(found, template, path.child('template'), rules)
  checkLastingPods(found, template, 'DaemonSet', path.child('template'))
  checkNonNegative(found, spec?.minReadySeconds, path.child('minReadySeconds'))
  checkNonNegative(found, generationOf(set), path.child('templateGeneration'))
  checkStrategy(found, spec?.updateStrategy ?? {}, path.child('updateStrategy'))
  checkNonNegative(found, spec?.revisionHistoryLimit, path.child('revisionHistoryLimit'))
}

const strategies = ['RollingUpdate', 'OnDelete']

function checkStrategy(found: Findings, { type, rollingUpdate }: TypeOf<'apps.v1.DaemonSetUpdateStrategy'>, at: FieldPath): void {
  const here = at.child('rollingUpdate')
  if (!strategies.includes(type ?? '')) {
    const printed = rollingUpdate && { MaxUnavailable: rollingUpdate.maxUnavailable ?? 0, MaxSurge: rollingUpdate.maxSurge ?? 0 }
    found.notSupported(at, { Type: type ?? '', RollingUpdate: printed ?? null }, strategies)
  } else if (type === 'RollingUpdate' && !rollingUpdate) found.required(here)
  else if (type === 'RollingUpdate' && rollingUpdate) checkRollingUpdate(found, rollingUpdate, here)
}

function checkRollingUpdate(found: Findings, { maxUnavailable, maxSurge }: TypeOf<'apps.v1.RollingUpdateDaemonSet'>, at: FieldPath): void {
  checkIntOrPercent(found, maxUnavailable, at.child('maxUnavailable'))
  checkIntOrPercent(found, maxSurge, at.child('maxSurge'))
  checkAtMostAll(found, maxUnavailable, at.child('maxUnavailable'))
  checkAtMostAll(found, maxSurge, at.child('maxSurge'))
  const unavailable = !isZeroAmount(maxUnavailable)
  const surge = !isZeroAmount(maxSurge)
  if (unavailable && surge) found.invalid(at.child('maxSurge'), maxSurge, 'may not be set when maxUnavailable is non-zero')
  else if (!unavailable && !surge) found.required(at.child('maxUnavailable'), 'cannot be 0 when maxSurge is 0')
}
