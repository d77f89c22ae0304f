import { FieldPath, validateLabelSelector } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Findings, forEachItem } from '../findings.js'
import { checkPositive } from '../numbers.js'
import { checkMatchLabelKeys } from './match-label-keys.js'

type Constraint = TypeOf<'core.v1.TopologySpreadConstraint'>

const actions = ['DoNotSchedule', 'ScheduleAnyway']
const policies = ['Honor', 'Ignore']

/** How pods are to be spread over zones, nodes and the like. */
export function checkTopologySpread(found: Findings, constraints: Constraint[] | undefined, path: FieldPath, anySelector: boolean): void {
  forEachItem(constraints, path, (constraint, at, index) => {
    const { maxSkew, topologyKey, whenUnsatisfiable: action, minDomains } = constraint
    checkPositive(found, maxSkew, at.child('maxSkew'))
    if (!topologyKey) found.required(at.child('topologyKey'), 'can not be empty')
    if (!actions.includes(action)) found.notSupported(at.child('whenUnsatisfiable'), action, actions)
    const repeated = constraints?.slice(index + 1).some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === action)
    if (repeated) found.duplicate(at.child('{topologyKey, whenUnsatisfiable}'), `{${topologyKey}, ${action}}`)
    if (minDomains !== undefined) checkMinDomains(found, minDomains, action, at.child('minDomains'))
    for (const name of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
      const policy = constraint[name]
      if (policy !== undefined && !policies.includes(policy)) found.notSupported(at.child(name), policy, policies)
    }
    checkMatchLabelKeys(found, constraint, at)
    if (!anySelector) found.add(...validateLabelSelector(constraint.labelSelector, at.child('labelSelector')))
  })
}

function checkMinDomains(found: Findings, minDomains: number, action: string, path: FieldPath): void {
  checkPositive(found, minDomains, path)
  if (action !== 'DoNotSchedule') {
    found.invalid(path, minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`)
  }
}

const nowhere = FieldPath.root('topologySpreadConstraints')

/** Whether selectors of a stored pod are wrong already. */
export function hasInvalidSpreadSelector(constraints: readonly Constraint[] | undefined): boolean {
  return (constraints ?? []).some(({ labelSelector }) => validateLabelSelector(labelSelector, nowhere).length > 0)
}
