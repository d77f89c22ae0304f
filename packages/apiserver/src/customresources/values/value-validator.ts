import { deepEqual, goValue, isObject, quote, Regexp } from '@treeline/machinery'
import { additionalOf, itemsOf, type JsonSchema, propertyOf } from '../schema/json-schema.js'
import { knownFormats } from './formats.js'
import { type ListKeys, matchingItem } from './list-keys.js'
import { checkNumber } from './number-rules.js'
import { Outcome } from './outcome.js'
import { isUnchanged } from './unchanged.js'

export interface ValueValidatorOptions {
  /**
   * The values are defaults. Of those, upstream lets `x-kubernetes-int-or-string` by itself say nothing, but formats that
   * it does not know say something of the type.
   */
  readonly forDefaults?: boolean
}

/**
 * The validation of values by one schema node, compiled once. Rules, their order, messages and the choice among
 * alternatives are those of upstream's OpenAPI validator.
 */
export class ValueValidator {
  readonly #schema: JsonSchema
  readonly #types: readonly string[]
  readonly #format: string | undefined
  /** The format as it bears on the type of values: another type than text is told in its terms. */
  readonly #typeFormat: string | undefined
  readonly #pattern: Regexp | undefined
  readonly #properties: readonly (readonly [string, ValueValidator])[]
  readonly #additional: ValueValidator | undefined
  readonly #items: ValueValidator | undefined
  readonly #itemKeys: ListKeys | undefined
  readonly #granular: boolean
  readonly #anyOf: readonly ValueValidator[]
  readonly #oneOf: readonly ValueValidator[]
  readonly #allOf: readonly ValueValidator[]
  readonly #not: ValueValidator | undefined

  constructor(schema: JsonSchema, options: ValueValidatorOptions = {}) {
    const { forDefaults = false } = options
    const compile = (inner: JsonSchema): ValueValidator => new ValueValidator(inner, options)
    const items = itemsOf(schema)
    const additional = additionalOf(schema)
    this.#schema = schema
    this.#types = schema['x-kubernetes-int-or-string'] && !forDefaults ? ['integer', 'string'] : schema.type ? [schema.type] : []
    const format = schema.format?.replaceAll('-', '') ?? ''
    this.#format = knownFormats.has(format) ? format : undefined
    this.#typeFormat = this.#format === undefined && !forDefaults ? undefined : schema.format || undefined
    this.#pattern = schema.pattern ? new Regexp(schema.pattern) : undefined
    this.#properties = Object.entries(schema.properties ?? {}).map(([name, property]) => [name, compile(property)])
    this.#additional = additional && compile(additional)
    this.#items = items && compile(items)
    this.#itemKeys = schema['x-kubernetes-list-type'] === 'map' ? { keys: schema['x-kubernetes-list-map-keys'] ?? [], items } : undefined
    this.#granular = schema['x-kubernetes-map-type'] !== 'atomic'
    this.#anyOf = (schema.anyOf ?? []).map(compile)
    this.#oneOf = (schema.oneOf ?? []).map(compile)
    this.#allOf = (schema.allOf ?? []).map(compile)
    this.#not = schema.not && compile(schema.not)
  }

  /** Validates a value named `name`; what `old`, the value it replaces, got away with unchanged is let through. */
  validate(value: unknown, name: string, old?: Old): Outcome {
    const outcome = this.#check(value, name, old)
    return !outcome.valid && old && isUnchanged(this.#schema, value, old.value) ? new Outcome() : outcome
  }

  #check(value: unknown, name: string, old: Old | undefined): Outcome {
    const outcome = new Outcome()
    this.#checkType(value, name, outcome)
    if (value === null || value === undefined) {
      this.#checkEnum(value, name, outcome)
      return outcome
    }
    this.#checkLogic(value, name, old, outcome)
    if (typeof value === 'string') this.#checkString(value, name, outcome)
    else if (typeof value === 'number') checkNumber(this.#schema, value, name, outcome)
    else if (Array.isArray(value)) this.#checkList(value, name, old, outcome)
    this.#checkEnum(value, name, outcome)
    if (isObject(value)) this.#checkObject(value, name, old, outcome)
    outcome.matches++
    return outcome
  }

  #checkType(value: unknown, name: string, outcome: Outcome): void {
    const types = this.#types
    const found = typeOf(value)
    if (value === null || value === undefined) {
      if (types.length > 0 && !this.#schema.nullable) addTypeProblem(outcome, name, types.join(','), found)
      return
    }
    const format = this.#typeFormat
    if (types.length === 0 && format === undefined) return
    outcome.matches++
    const numeric = types.includes('number') || types.includes('integer')
    const isText = found === 'string' || found === 'array'
    if (!numeric && format !== undefined && isText) return
    const fits = types.includes(found) || (found === 'integer' && types.includes('number'))
    if (!fits) {
      const ownFormat = numberFormats[found] ?? ''
      outcome.matches--
      if (format !== undefined && !isText && ownFormat !== format) addTypeProblem(outcome, name, format, ownFormat)
      else addTypeProblem(outcome, name, types.join(','), found)
    }
    outcome.matches++
  }

  #checkEnum(value: unknown, name: string, outcome: Outcome): void {
    const supported = this.#schema.enum
    outcome.matches++
    if (!supported || supported.length === 0) return
    if (value !== null && supported.some((candidate) => candidate !== null && isSupported(candidate, value))) return
    outcome.add({ rule: 'enum', name, value, supported, message: `${name} in body should be one of ${goValue(supported)}` })
  }

  #checkString(value: string, name: string, outcome: Outcome): void {
    const { maxLength, minLength } = this.#schema
    const length = maxLength === undefined && minLength === undefined ? 0 : codePoints(value)
    if (maxLength !== undefined && length > maxLength) {
      outcome.add({ rule: 'too-long', name, value, limit: maxLength, message: `${name} in body should be at most ${maxLength} chars long` })
    } else if (minLength !== undefined && length < minLength) {
      outcome.add({ rule: 'other', name, value, message: `${name} in body should be at least ${minLength} chars long` })
    } else if (this.#pattern && !this.#pattern.test(value)) {
      outcome.add({ rule: 'other', name, value, message: `${name} in body should match '${this.#pattern.pattern}'` })
    }
    outcome.matches++
    if (this.#format === undefined) return
    outcome.matches++
    if (!knownFormats.get(this.#format)?.(value)) {
      const message = `${name} in body must be of type ${this.#schema.format}: ${quote(value)}`
      outcome.add({ rule: 'type', name, value, message })
    }
  }

  #checkList(value: readonly unknown[], name: string, old: Old | undefined, outcome: Outcome): void {
    const { minItems, maxItems, uniqueItems } = this.#schema
    const size = value.length
    if (this.#items) {
      for (let i = 0; i < size; i++) outcome.merge(this.#items.validate(value[i], `${name}[${i}]`, this.#oldItem(old, value[i])))
    }
    if (minItems !== undefined && size < minItems) {
      outcome.add({ rule: 'other', name, value: size, message: `${name} in body should have at least ${minItems} items` })
    }
    if (maxItems !== undefined && size > maxItems) {
      outcome.add({
        rule: 'too-many',
        name,
        value: size,
        limit: maxItems,
        message: `${name} in body should have at most ${maxItems} items`,
      })
    }
    if (uniqueItems && value.some((item, i) => value.slice(0, i).some((earlier) => deepEqual(earlier, item)))) {
      outcome.add({ rule: 'other', name, message: `${name} in body shouldn't contain duplicates` })
    }
    outcome.matches += 2
  }

  #checkObject(value: Record<string, unknown>, name: string, old: Old | undefined, outcome: Outcome): void {
    const { minProperties, maxProperties, required, additionalProperties } = this.#schema
    const keys = Object.keys(value)
    const size = keys.length
    if (minProperties !== undefined && size < minProperties) {
      outcome.add({ rule: 'other', name, value: size, message: `${name} in body should have at least ${minProperties} properties` })
    }
    if (maxProperties !== undefined && size > maxProperties) {
      const message = `${name} in body should have at most ${maxProperties} properties`
      outcome.add({ rule: 'too-many', name, value: size, limit: maxProperties, message })
    }
    for (const key of keys) {
      if (propertyOf(this.#schema, key)) continue
      if (this.#additional) outcome.merge(this.#additional.validate(value[key], `${name}.${key}`, this.#oldField(old, key, name)))
      else if (additionalProperties === false) {
        outcome.add({ rule: 'other', name, value: key, message: `${name}.${key} in body is a forbidden property` })
      }
    }
    for (const [key, validator] of this.#properties) {
      if (!Object.hasOwn(value, key)) continue
      outcome.merge(validator.validate(value[key], name === '' ? key : `${name}.${key}`, this.#oldField(old, key, name)))
    }
    for (const key of required ?? []) {
      if (!Object.hasOwn(value, key))
        outcome.add({ rule: 'required', name: `${name}.${key}`, message: `${name}.${key} in body is required` })
    }
    outcome.matches++
  }

  #checkLogic(value: unknown, name: string, old: Old | undefined, outcome: Outcome): void {
    if (this.#anyOf.length > 0) this.#checkAnyOf(value, name, old, outcome)
    if (this.#oneOf.length > 0) this.#checkOneOf(value, name, old, outcome)
    if (this.#allOf.length > 0) this.#checkAllOf(value, name, old, outcome)
    const excluded = this.#not
    if (excluded) {
      const { valid } = excluded.#check(value, name, old)
      if (valid) addLogicProblem(outcome, name, 'must not validate the schema (not)')
    }
    outcome.matches += 2
  }

  #checkAnyOf(value: unknown, name: string, old: Old | undefined, outcome: Outcome): void {
    let best: Outcome | undefined
    for (const alternative of this.#anyOf) {
      const result = alternative.#check(value, name, old)
      if (result.valid) {
        outcome.merge(result)
        return
      }
      if (!best || result.matches > best.matches) best = result
    }
    addLogicProblem(outcome, name, 'must validate at least one schema (anyOf)')
    if (best) outcome.merge(best)
  }

  #checkOneOf(value: unknown, name: string, old: Old | undefined, outcome: Outcome): void {
    let best: Outcome | undefined
    let first: Outcome | undefined
    let validated = 0
    for (const alternative of this.#oneOf) {
      const result = alternative.#check(value, name, old)
      if (result.valid) {
        validated++
        best = undefined
        first ??= result
      } else if (validated === 0 && (!best || result.matches > best.matches)) best = result
    }
    if (validated === 1 && first) {
      outcome.merge(first)
      return
    }
    const found = validated === 0 ? 'Found none valid' : `Found ${validated} valid alternatives`
    addLogicProblem(outcome, name, `must validate one and only one schema (oneOf). ${found}`)
    if (best) outcome.merge(best)
  }

  #checkAllOf(value: unknown, name: string, old: Old | undefined, outcome: Outcome): void {
    let validated = 0
    for (const part of this.#allOf) {
      const result = part.#check(value, name, old)
      if (result.valid) validated++
      outcome.merge(result)
    }
    if (validated === this.#allOf.length) return
    addLogicProblem(outcome, name, `must validate all the schemas (allOf)${validated === 0 ? '. None validated' : ''}`)
  }

  // The old value of a key, where keys of the old and the new object stand for the same thing.
  #oldField(old: Old | undefined, key: string, name: string): Old | undefined {
    if (!old || !this.#granular || !isObject(old.value) || !Object.hasOwn(old.value, key)) return undefined
    return name === '' && (key === 'apiVersion' || key === 'kind') ? undefined : { value: old.value[key] }
  }

  #oldItem(old: Old | undefined, item: unknown): Old | undefined {
    if (!old || !this.#itemKeys || !Array.isArray(old.value)) return undefined
    const found = matchingItem(this.#itemKeys, old.value, item)
    return found === undefined ? undefined : { value: found }
  }
}

/** The value that a value replaces. */
export interface Old {
  readonly value: unknown
}

function addTypeProblem(outcome: Outcome, name: string, types: string, found: string): void {
  outcome.add({ rule: 'type', name, value: found, message: `${name} in body must be of type ${types}: ${quote(found)}` })
}

function addLogicProblem(outcome: Outcome, name: string, text: string): void {
  outcome.add({ rule: 'logic', name, message: `${quote(name)} ${text}` })
}

/** Upstream brings a number to the type of the candidate first: to an integer, by leaving out its fraction. */
function isSupported(candidate: unknown, value: unknown): boolean {
  if (typeof value === 'number' && Number.isInteger(candidate)) return Math.trunc(value) === candidate
  return deepEqual(candidate, value)
}

/** What numbers are called where the format of a value is not what it should be. */
const numberFormats: Readonly<Record<string, string>> = { integer: 'int64', number: 'double' }

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
