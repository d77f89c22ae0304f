import { validateLabelValue, validateQualifiedName } from '../names/label-names.js'
import { aggregateMessages, type FieldError, type FieldErrorPath, fieldErrors, formatFieldError } from '../status/field-error.js'

/** How a requirement relates its key to its values, as upstream spells it. */
export type LabelOperator = 'in' | 'notin' | '=' | '==' | '!=' | 'exists' | '!' | 'gt' | 'lt'

/** One term of a label selector. Values of `in` and `notin` are sorted and unique. */
export interface LabelRequirement {
  readonly key: string
  readonly operator: LabelOperator
  readonly values: readonly string[]
}

/** Labels as objects carry them. */
export type Labels = Readonly<Record<string, string>> | undefined

/** Whether the labels satisfy the requirement. An absent key satisfies `notin`, `!=` and `!`. */
export function requirementMatches({ key, operator, values }: LabelRequirement, labels: Labels): boolean {
  const found: unknown = labels?.[key]
  const value = typeof found === 'string' ? found : undefined
  switch (operator) {
    case 'in':
    case '=':
    case '==':
      return value !== undefined && values.includes(value)
    case 'notin':
    case '!=':
      return value === undefined || !values.includes(value)
    case 'exists':
      return value !== undefined
    case '!':
      return value === undefined
    case 'gt':
    case 'lt': {
      const actual = value === undefined ? undefined : parseInteger(value)
      const bound = parseInteger(values[0] ?? '')
      if (actual === undefined || bound === undefined) return false
      return operator === 'gt' ? actual > bound : actual < bound
    }
  }
}

/** The requirement in selector syntax. */
export function formatRequirement({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case 'in':
    case 'notin':
      return `${key} ${operator} (${values.join(',')})`
    case 'exists':
      return key
    case '!':
      return `!${key}`
    case 'gt':
      return `${key}>${values[0]}`
    case 'lt':
      return `${key}<${values[0]}`
    default:
      return `${key}${operator}${values[0]}`
  }
}

/** Makes a checked requirement. Throws an Error with upstream's message; who answers a request turns it into a Status. */
export function labelRequirement(key: string, operator: LabelOperator, values: readonly string[]): LabelRequirement {
  const problems = [
    ...labelKeyErrors(key, 'key'),
    ...valueCountErrors(operator, values),
    ...values.flatMap((value, i) => labelValueErrors(value, `values[${i}][${key}]`)),
  ]
  if (problems.length > 0) throw new Error(aggregateMessages(problems.map(formatFieldError)))
  return { key, operator, values: values.length > 1 ? [...new Set(values)].sort() : [...values] }
}

/** Problems of a label key as one field error, joined with `; `. */
export function labelKeyErrors(key: string, path: FieldErrorPath): FieldError[] {
  return joined(key, path, validateQualifiedName(key))
}

function labelValueErrors(value: string, path: FieldErrorPath): FieldError[] {
  return joined(value, path, validateLabelValue(value))
}

function joined(value: string, path: FieldErrorPath, problems: readonly string[]): FieldError[] {
  return problems.length === 0 ? [] : [fieldErrors.invalid(path, value, problems.join('; '))]
}

function valueCountErrors(operator: LabelOperator, values: readonly string[]): FieldError[] {
  const wrong = (detail: string) => [fieldErrors.invalid('values', values.length === 0 ? null : values, detail)]
  switch (operator) {
    case 'in':
    case 'notin':
      return values.length === 0 ? wrong("for 'in', 'notin' operators, values set can't be empty") : []
    case '=':
    case '==':
    case '!=':
      return values.length === 1 ? [] : wrong('exact-match compatibility requires one single value')
    case 'exists':
    case '!':
      return values.length === 0 ? [] : wrong('values set must be empty for exists and does not exist')
    case 'gt':
    case 'lt':
      return [
        ...(values.length === 1 ? [] : wrong("for 'Gt', 'Lt' operators, exactly one value is required")),
        ...values.flatMap((value, i) =>
          parseInteger(value) === undefined
            ? [fieldErrors.invalid(`values[${i}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer")]
            : [],
        ),
      ]
  }
}

/** A signed 64-bit integer, else undefined. */
function parseInteger(text: string): bigint | undefined {
  if (!/^[+-]?\d{1,64}$/.test(text)) return undefined
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text)
  return BigInt.asIntN(64, value) === value ? value : undefined
}
