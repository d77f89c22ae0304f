import type { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Findings, forEachItem } from '../findings.js'

type Container = TypeOf<'core.v1.Container'>
type Rule = TypeOf<'core.v1.ContainerRestartRule'>

const policies = ['Always', 'Never', 'OnFailure']
const operators = ['In', 'NotIn']
const maxRules = 20
const maxExitCodes = 255
const policyMissing = 'must specify restartPolicy when restart rules are used'

/** When one container is started again, where that is said for it alone. */
export function checkRestartPolicy(found: Findings, { restartPolicy, restartPolicyRules: rules = [] }: Container, path: FieldPath): void {
  if (restartPolicy === undefined) {
    if (rules.length === 0) return
    found.required(path.child('restartPolicy'), policyMissing)
  } else if (!policies.includes(restartPolicy)) found.notSupported(path.child('restartPolicy'), restartPolicy, policies)
  const at = path.child('restartPolicyRules')
  if (rules.length > maxRules) found.tooLong(at, maxRules)
  forEachItem(rules, at, (rule, here) => checkRule(found, rule, here))
}

function checkRule(found: Findings, { action, exitCodes }: Rule, path: FieldPath): void {
  if (action !== 'Restart') found.notSupported(path.child('action'), action ?? '', ['Restart'])
  const at = path.child('exitCodes')
  if (!exitCodes) {
    found.required(at, 'must be specified')
    return
  }
  const operator = exitCodes.operator ?? ''
  if (!operators.includes(operator)) found.notSupported(at.child('operator'), operator, operators)
  if ((exitCodes.values?.length ?? 0) > maxExitCodes) found.tooLong(at.child('values'), maxExitCodes)
}

/** The same of an init container; one that keeps running has no rules. */
export function checkInitRestartPolicy(found: Findings, container: Container, path: FieldPath): void {
  const { restartPolicy, restartPolicyRules: rules = [] } = container
  if (restartPolicy === undefined) {
    if (rules.length > 0) found.required(path.child('restartPolicy'), policyMissing)
  } else if (restartPolicy !== 'Always') checkRestartPolicy(found, container, path)
  else if (rules.length > 0) {
    found.forbidden(path.child('restartPolicyRules'), 'restartPolicyRules are not allowed for init containers with restart policy Always')
  }
}
