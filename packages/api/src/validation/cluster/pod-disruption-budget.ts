import { FieldPath, validateLabelSelector } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { checkConditions } from '../conditions.js'
import { type Findings, findingsOf } from '../findings.js'
import { checkAtMostAll, checkIntOrPercent } from '../int-or-percent.js'
import { checkNonNegative } from '../numbers.js'
import { printedSelector } from '../printed-map.js'

type Budget = TypeOf<'policy.v1.PodDisruptionBudget'>

const path = FieldPath.root('spec')
const status = FieldPath.root('status')
const evictionPolicies = ['AlwaysAllow', 'IfHealthyBudget']
const counts = ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const

/** How many pods may be taken away at once. */
export const podDisruptionBudgetValidation: Validation<Budget> = {
  validate: (budget) => findingsOf((found) => checkSpec(found, budget, false)),
  validateUpdate: (budget, old) =>
    findingsOf((found) => checkSpec(found, budget, validateLabelSelector(old.spec?.selector, path).length > 0)),
  validateStatusUpdate: ({ status: current }) =>
    findingsOf((found) => {
      checkConditions(found, current?.conditions, status.child('conditions'))
      for (const name of counts) checkNonNegative(found, current?.[name], status.child(name))
    }),
}

function checkSpec(found: Findings, { spec = {} }: Budget, anySelectorValue: boolean): void {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: eviction } = spec
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    const printed = {
      MinAvailable: minAvailable,
      Selector: printedSelector(selector),
      MaxUnavailable: maxUnavailable,
      UnhealthyPodEvictionPolicy: eviction ?? null,
    }
    found.invalid(path, printed, 'minAvailable and maxUnavailable cannot be both set')
  }
  for (const name of ['minAvailable', 'maxUnavailable'] as const) {
    if (spec[name] === undefined) continue
    checkIntOrPercent(found, spec[name], path.child(name))
    checkAtMostAll(found, spec[name], path.child(name))
  }
  found.add(...validateLabelSelector(selector, path.child('selector'), { allowInvalidValues: anySelectorValue }))
  if (eviction !== undefined && !evictionPolicies.includes(eviction)) {
    found.notSupported(path.child('unhealthyPodEvictionPolicy'), eviction, evictionPolicies)
  }
}
