import { FieldPath, Quantity, validateQualifiedName } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { type Findings, findingsOf, forEachItem } from '../findings.js'
import { checkContainerResourceName, checkResourceName, isOvercommitAllowed } from '../resource-names.js'

type LimitRange = TypeOf<'core.v1.LimitRange'>
type Item = TypeOf<'core.v1.LimitRangeItem'>

const path = FieldPath.root('spec', 'limits')

const check = (range: LimitRange) => findingsOf((found) => checkLimits(found, range))

export const limitRangeValidation: Validation<LimitRange> = { validate: check, validateUpdate: check }

const types = ['Pod', 'Container', 'PersistentVolumeClaim']

function checkLimits(found: Findings, { spec }: LimitRange): void {
  const seen = new Set<string>()
  forEachItem(spec?.limits, path, (item, at) => {
    checkType(found, item.type, at.child('type'))
    if (seen.has(item.type)) found.duplicate(at.child('type'), item.type)
    seen.add(item.type)
    const names = checkNames(found, item, at)
    for (const name of names) for (const comparison of comparisons) comparison(found, amountsOf(item, name), name, at)
  })
}

function checkType(found: Findings, type: string, at: FieldPath): void {
  const problems = validateQualifiedName(type)
  found.each(at, type, problems)
  if (problems.length === 0 && !type.includes('/') && !types.includes(type)) {
    found.invalid(at, type, 'must be a standard limit type or fully qualified')
  }
}

/** Checks the names of all resources, and answers them in the order they come. */
function checkNames(found: Findings, item: Item, at: FieldPath): Set<string> {
  const names = new Set<string>()
  const checkName = item.type === 'Pod' || item.type === 'Container' ? checkContainerResourceName : checkResourceName
  const visit = (field: 'max' | 'min' | 'default' | 'defaultRequest' | 'maxLimitRequestRatio') => {
    for (const name of Object.keys(item[field] ?? {})) {
      checkName(found, name, at.child(field).key(name))
      names.add(name)
    }
  }
  visit('max')
  visit('min')
  for (const field of ['default', 'defaultRequest'] as const) {
    if (item.type !== 'Pod') visit(field)
    else if (Object.keys(item[field] ?? {}).length > 0) found.forbidden(at.child(field), "may not be specified when `type` is 'Pod'")
  }
  if (item.type === 'PersistentVolumeClaim' && item.min?.['storage'] === undefined && item.max?.['storage'] === undefined) {
    found.required(at.child('limits'), 'either minimum or maximum storage value is required, but neither was provided')
  }
  visit('maxLimitRequestRatio')
  return names
}

interface AmountsOfName {
  readonly min: Quantity | undefined
  readonly max: Quantity | undefined
  readonly defaults: Quantity | undefined
  readonly requests: Quantity | undefined
  readonly ratio: Quantity | undefined
}

function amountsOf(item: Item, name: string): AmountsOfName {
  const read = (list: Readonly<Record<string, string>> | undefined) => {
    const text = list?.[name]
    return text === undefined ? undefined : Quantity.parse(text)
  }
  const ofPod = item.type === 'Pod'
  return {
    min: read(item.min),
    max: read(item.max),
    defaults: ofPod ? undefined : read(item.default),
    requests: ofPod ? undefined : read(item.defaultRequest),
    ratio: read(item.maxLimitRequestRatio),
  }
}

type Comparison = (found: Findings, amounts: AmountsOfName, name: string, at: FieldPath) => void

/** Two amounts of which the first may not exceed the second. */
function ordered(
  lower: keyof AmountsOfName,
  upper: keyof AmountsOfName,
  blamed: string,
  printed: keyof AmountsOfName,
  detail: (low: Quantity, high: Quantity) => string,
): Comparison {
  return (found, amounts, name, at) => {
    const low = amounts[lower]
    const high = amounts[upper]
    if (low && high && low.cmp(high) > 0) found.invalid(at.child(blamed).key(name), amounts[printed]?.toString(), detail(low, high))
  }
}

const comparisons: readonly Comparison[] = [
  ordered('min', 'max', 'min', 'min', (low, high) => `min value ${low} is greater than max value ${high}`),
  ordered('min', 'requests', 'defaultRequest', 'requests', (low, high) => `min value ${low} is greater than default request value ${high}`),
  ordered('requests', 'max', 'defaultRequest', 'requests', (low, high) => `default request value ${low} is greater than max value ${high}`),
  ordered(
    'requests',
    'defaults',
    'defaultRequest',
    'requests',
    (low, high) => `default request value ${low} is greater than default limit value ${high}`,
  ),
  ordered('min', 'defaults', 'default', 'min', (low, high) => `min value ${low} is greater than default value ${high}`),
  ordered('defaults', 'max', 'default', 'max', (low, high) => `default value ${low} is greater than max value ${high}`),
  checkRatio,
  (found, { defaults, requests }, name, at) => {
    if (isOvercommitAllowed(name) || !defaults || !requests || defaults.equals(requests)) return
    const detail = `default value ${defaults} must equal to defaultRequest value ${requests} in ${name}`
    found.invalid(at.child('defaultRequest').key(name), requests.toString(), detail)
  },
]

const one = Quantity.of(1)

function checkRatio(found: Findings, { ratio, min, max }: AmountsOfName, name: string, at: FieldPath): void {
  if (!ratio) return
  const here = at.child('maxLimitRequestRatio').key(name)
  if (ratio.cmp(one) < 0) found.invalid(here, ratio.toString(), `ratio ${ratio} is less than 1`)
  if (!min || !max) return
  const limit = max.milliValue() / min.milliValue()
  if (ratio.milliValue() / 1000 > limit) {
    found.invalid(here, ratio.toString(), `ratio ${ratio} is greater than max/min = ${limit.toFixed(6)}`)
  }
}
