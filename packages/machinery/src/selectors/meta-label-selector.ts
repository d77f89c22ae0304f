import { validateLabelValue } from '../names/label-names.js'
import { validateLabelName, validateLabels } from '../names/metadata.js'
import { errors } from '../status/errors.js'
import { type FieldError, fieldErrors } from '../status/field-error.js'
import type { FieldPath } from '../status/field-path.js'
import { quote } from '../text/quote.js'
import { type LabelOperator, labelRequirement } from './label-requirement.js'
import { LabelSelector } from './label-selector.js'

/** meta.v1 LabelSelector, as objects hold it. */
export interface LabelSelectorSource {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly LabelSelectorExpression[]
}

export interface LabelSelectorExpression {
  readonly key: string
  readonly operator: string
  readonly values?: readonly string[]
}

/** The selector an object states: absent selects nothing, empty everything. Throws BadRequest if it is malformed. */
export function labelSelectorFrom(source: LabelSelectorSource | null | undefined): LabelSelector {
  if (!source) return LabelSelector.nothing
  try {
    return LabelSelector.of([
      ...Object.entries(source.matchLabels ?? {}).map(([key, value]) => labelRequirement(key, '=', [value])),
      ...(source.matchExpressions ?? []).map(({ key, operator, values }) => labelRequirement(key, labelOperator(operator), values ?? [])),
    ])
  } catch (error) {
    throw errors.badRequest((error as Error).message)
  }
}

/** Selects objects that have all of these labels; no labels select everything. Values are not checked. */
export function labelSelectorFromSet(labels: Readonly<Record<string, string>> | null | undefined): LabelSelector {
  return LabelSelector.of(Object.entries(labels ?? {}).map(([key, value]) => ({ key, operator: '=', values: [value] })))
}

export interface LabelSelectorValidation {
  /** For objects that were stored with such values before they were checked. */
  readonly allowInvalidValues?: boolean
}

/** What is wrong with a LabelSelector of an object. */
export function validateLabelSelector(
  source: LabelSelectorSource | null | undefined,
  path: FieldPath,
  options: LabelSelectorValidation = {},
): FieldError[] {
  if (!source) return []
  return [
    ...validateLabels(source.matchLabels, path.child('matchLabels')),
    ...(source.matchExpressions ?? []).flatMap((expression, i) =>
      validateExpression(expression, path.child('matchExpressions').index(i), options),
    ),
  ]
}

function validateExpression({ key, operator, values = [] }: LabelSelectorExpression, path: FieldPath, options: LabelSelectorValidation) {
  return [
    ...validateOperator(operator, values, path),
    ...validateLabelName(key, path.child('key')),
    ...(options.allowInvalidValues ? [] : values).flatMap((value, i) =>
      validateLabelValue(value).map((problem) => fieldErrors.invalid(path.child('values').index(i), value, problem)),
    ),
  ]
}

function validateOperator(operator: string, values: readonly string[], path: FieldPath): FieldError[] {
  const at = path.child('values')
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0 ? [] : [fieldErrors.required(at, "must be specified when `operator` is 'In' or 'NotIn'")]
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0 ? [] : [fieldErrors.forbidden(at, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
    default:
      return [fieldErrors.invalid(path.child('operator'), operator, 'not a valid selector operator')]
  }
}

const operators: Readonly<Record<string, LabelOperator>> = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' }

function labelOperator(name: string): LabelOperator {
  const operator = Object.hasOwn(operators, name) ? operators[name] : undefined
  if (operator === undefined) throw new Error(`${quote(name)} is not a valid label selector operator`)
  return operator
}
