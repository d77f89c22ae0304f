import { type FieldError, FieldPath, Quantity, validatePathSegmentName } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { type Findings, findingsOf, forEachItem } from '../findings.js'
import { checkNonNegative, checkPositive } from '../numbers.js'
import { checkNonNegativeQuantity } from '../quantities.js'
import { checkMetric } from './metrics.js'

type Autoscaler = TypeOf<'autoscaling.v2.HorizontalPodAutoscaler'>
type AutoscalerSpec = TypeOf<'autoscaling.v2.HorizontalPodAutoscalerSpec'>
type Reference = TypeOf<'autoscaling.v2.CrossVersionObjectReference'>

const path = FieldPath.root('spec')
const status = FieldPath.root('status')

export const autoscalerValidation: Validation<Autoscaler> = {
  validate: (autoscaler) => checkAutoscaler(autoscaler),
  validateUpdate: checkAutoscaler,
  validateStatusUpdate: checkAutoscalerStatus,
}

/** What is wrong with an autoscaler, given what it was. */
export function checkAutoscaler(autoscaler: Autoscaler, old?: Autoscaler): FieldError[] {
  return findingsOf((found) => checkSpec(found, autoscaler.spec ?? ({} as AutoscalerSpec), old?.spec))
}

export function checkAutoscalerStatus({ status: current }: Autoscaler): FieldError[] {
  return findingsOf((found) => {
    checkNonNegative(found, current?.currentReplicas, status.child('currentReplicas'))
    checkNonNegative(found, current?.desiredReplicas, status.child('desiredReplicas'))
  })
}

function checkSpec(found: Findings, spec: AutoscalerSpec, old: AutoscalerSpec | undefined): void {
  const { minReplicas, maxReplicas = 0, scaleTargetRef: target } = spec
  const least = old?.minReplicas === 0 ? 0 : 1
  if (minReplicas !== undefined && minReplicas < least) {
    found.invalid(path.child('minReplicas'), minReplicas, `must be greater than or equal to ${least}`)
  }
  const most = path.child('maxReplicas')
  if (maxReplicas < 1) found.invalid(most, maxReplicas, 'must be greater than 0')
  if (minReplicas !== undefined && maxReplicas < minReplicas) {
    found.invalid(most, maxReplicas, 'must be greater than or equal to `minReplicas`')
  }
  const kept = old?.scaleTargetRef?.apiVersion === target?.apiVersion && old?.scaleTargetRef?.kind === target?.kind
  const versions = kept && old ? 'any' : target?.kind === 'ReplicationController' ? 'also-core' : 'grouped'
  checkReference(found, target, path.child('scaleTargetRef'), versions)
  const hadWrong = (old?.metrics ?? []).some(({ object }) => object && versionProblem(object.describedObject.apiVersion, 'also-core'))
  checkMetrics(found, spec, hadWrong)
  for (const direction of ['scaleUp', 'scaleDown'] as const) {
    const rules = spec.behavior?.[direction]
    if (rules) checkRules(found, rules, path.child('behavior', direction))
  }
}

function checkMetrics(found: Findings, { metrics, minReplicas }: AutoscalerSpec, anyVersion: boolean): void {
  const at = path.child('metrics')
  const check = (reference: Reference, here: FieldPath) => checkReference(found, reference, here, anyVersion ? 'any' : 'also-core')
  forEachItem(metrics, at, (metric, here) => checkMetric(found, metric, here, check))
  const wakes = (metrics ?? []).some(({ type }) => type === 'Object' || type === 'External')
  if (minReplicas === 0 && !wakes) {
    found.forbidden(at, 'must specify at least one Object or External metric to support scaling to zero replicas')
  }
}

/** Which versions a reference may name: any text, those with a group, or the core ones too. */
type Versions = 'any' | 'grouped' | 'also-core'

function checkReference(found: Findings, reference: Reference | undefined, at: FieldPath, versions: Versions): void {
  for (const field of ['kind', 'name'] as const) {
    const value = reference?.[field]
    if (!value) found.required(at.child(field))
    else found.each(at.child(field), value, validatePathSegmentName(value))
  }
  const apiVersion = reference?.apiVersion ?? ''
  const problem = versionProblem(apiVersion, versions)
  if (problem) found.invalid(at.child('apiVersion'), apiVersion, problem)
}

function versionProblem(apiVersion = '', versions: Versions): string | undefined {
  if (versions === 'any') return undefined
  const parts = apiVersion.split('/')
  if (parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`
  return versions === 'grouped' && (parts.length < 2 || parts[0] === '') ? 'apiVersion must specify API group' : undefined
}

const longestWindow = 3600
const longestPeriod = 1800
const selectPolicies = ['Disabled', 'Max', 'Min']
const policyTypes = ['Percent', 'Pods']

function checkRules(found: Findings, rules: TypeOf<'autoscaling.v2.HPAScalingRules'>, at: FieldPath): void {
  const { stabilizationWindowSeconds: window, selectPolicy, policies, tolerance } = rules
  const here = at.child('stabilizationWindowSeconds')
  if (window !== undefined && window < 0) found.invalid(here, window, 'must be greater than or equal to zero')
  if (window !== undefined && window > longestWindow) found.invalid(here, window, `must be less than or equal to ${longestWindow}`)
  if (selectPolicy !== undefined && !selectPolicies.includes(selectPolicy)) {
    found.notSupported(at.child('selectPolicy'), selectPolicy, selectPolicies)
  }
  if (!policies?.length) found.required(at.child('policies'), 'must specify at least one Policy')
  forEachItem(policies, at.child('policies'), ({ type, value, periodSeconds }, place) => {
    if (!policyTypes.includes(type)) found.notSupported(place.child('type'), type, policyTypes)
    checkPositive(found, value, place.child('value'))
    checkPositive(found, periodSeconds, place.child('periodSeconds'))
    if (periodSeconds > longestPeriod) {
      found.invalid(place.child('periodSeconds'), periodSeconds, `must be less than or equal to ${longestPeriod}`)
    }
  })
  if (tolerance !== undefined) checkNonNegativeQuantity(found, Quantity.parse(tolerance), at.child('tolerance'))
}
