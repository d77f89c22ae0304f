import { deepEqual, type FieldPath, validateLabelName, validateLabelValue } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Findings, forEachItem } from '../findings.js'
import { type InternalForm, internalForm } from '../internal-form.js'

type Toleration = TypeOf<'core.v1.Toleration'>
type Taint = TypeOf<'core.v1.Taint'>

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** Taints a pod puts up with. */
export function checkTolerations(found: Findings, tolerations: readonly Toleration[] | undefined, path: FieldPath): void {
  forEachItem(tolerations, path, ({ key, operator, value = '', effect, tolerationSeconds }, at) => {
    if (key) found.add(...validateLabelName(key, at.child('key')))
    else if (operator !== 'Exists') {
      found.invalid(
        at.child('operator'),
        operator ?? '',
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      )
    }
    if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
      found.invalid(at.child('effect'), effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set")
    }
    checkOperator(found, operator ?? '', value, at.child('operator'))
    if (effect) checkEffect(found, effect, at.child('effect'))
  })
}

function checkOperator(found: Findings, operator: string, value: string, path: FieldPath): void {
  switch (operator) {
    case '':
    case 'Equal': {
      const problems = validateLabelValue(value)
      if (problems.length > 0) found.invalid(path, value, problems.join(';'))
      break
    }
    case 'Exists':
      if (value !== '') found.invalid(path, value, "value must be empty when `operator` is 'Exists'")
      break
    case 'Lt':
    case 'Gt':
      found.notSupported(path, operator, ['Equal', 'Exists', 'Lt', 'Gt'])
      break
    default:
      found.notSupported(path, operator, ['Equal', 'Exists'])
  }
}

function checkEffect(found: Findings, effect: string, path: FieldPath): void {
  if (!effects.includes(effect)) found.notSupported(path, effect, effects)
}

/** On an update tolerations may only be added, and their seconds changed. */
export function checkAddedTolerations(
  found: Findings,
  tolerations: readonly Toleration[],
  old: readonly Toleration[],
  path: FieldPath,
): void {
  const kept = old.every((before) =>
    tolerations.some((after) => deepEqual({ ...before, tolerationSeconds: undefined }, { ...after, tolerationSeconds: undefined })),
  )
  if (kept) checkTolerations(found, tolerations, path)
  else found.forbidden(path, 'existing toleration can not be modified except its tolerationSeconds')
}

const printedTaint: InternalForm = [
  ['Key', 'key', ''],
  ['Value', 'value', ''],
  ['Effect', 'effect', ''],
  ['TimeAdded', 'timeAdded', null],
]

/** Taints of a node: each key and effect once. */
export function checkTaints(found: Findings, taints: readonly Taint[] | undefined, path: FieldPath): void {
  const seen = new Set<string>()
  forEachItem(taints, path, (taint, at) => {
    const { key, value = '', effect } = taint
    found.add(...validateLabelName(key, at.child('key')))
    const problems = validateLabelValue(value)
    if (problems.length > 0) found.invalid(at.child('value'), value, problems.join(';'))
    if (!effect) found.required(at.child('effect'))
    else checkEffect(found, effect, at.child('effect'))
    const pair = `${effect}/${key}`
    if (seen.has(pair)) found.duplicate(at, internalForm(printedTaint, taint), 'taints must be unique by key and effect pair')
    seen.add(pair)
  })
}
