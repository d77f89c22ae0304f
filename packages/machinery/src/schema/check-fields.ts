import { isObject } from './json-object.js'
import { quantityProblem } from './quantity-text.js'
import type { Schema, StructSchema } from './schema.js'
import { timeProblem } from './time-text.js'

/** What is wrong with a decoded object before anyone looks at its meaning. */
export interface FieldProblems {
  /** `unknown field "spec.x"` and `duplicate field "data.a"`, in document order, at most 100. */
  readonly strict: readonly string[]
  /** The first value that does not fit its field, in upstream's words; such an object cannot be decoded at all. */
  readonly typeError?: string
}

/**
 * Holds a decoded object of a built-in kind against its schema. `duplicates` are the paths of keys the text held twice
 * (from the decoder); those inside undeclared or free-form values are passed over, as upstream does.
 */
export function checkFields(schema: Schema, value: unknown, duplicates: readonly string[] = []): FieldProblems {
  const walk: Walk = { strict: new Set(), duplicates: new Set(duplicates), path: [], names: [], struct: '' }
  visit(walk, schema, value)
  return { strict: [...walk.strict], ...(walk.typeError === undefined ? {} : { typeError: walk.typeError }) }
}

interface Walk {
  readonly strict: Set<string>
  readonly duplicates: ReadonlySet<string>
  /** Steps for the strict texts: `.spec`, `[0]`. */
  readonly path: string[]
  /** Field names only, as type errors show them. */
  readonly names: string[]
  /** Name of the innermost struct. */
  struct: string
  typeError?: string
}

const strictLimit = 100

/** False when decoding stops here. */
function visit(walk: Walk, schema: Schema, value: unknown): boolean {
  if (value === null || value === undefined) return true
  switch (schema.type) {
    case 'any':
      return true
    case 'struct':
      return isObject(value) ? visitStruct(walk, schema, value) : mismatch(walk, schema, value)
    case 'map':
      return isObject(value) ? visitMap(walk, schema.values, value) : mismatch(walk, schema, value)
    case 'list':
      return Array.isArray(value) ? visitList(walk, schema.items, value) : mismatch(walk, schema, value)
    case 'boolean':
      return typeof value === 'boolean' || mismatch(walk, schema, value)
    case 'number':
      return typeof value === 'number' || mismatch(walk, schema, value)
    case 'int32':
      return isInteger(value, -2147483648, 2147483647) || mismatch(walk, schema, value)
    case 'int64':
      return isInteger(value, -(2 ** 63), 2 ** 63) || mismatch(walk, schema, value)
    case 'int-or-string':
      return typeof value === 'string' || isInteger(value, -2147483648, 2147483647) || mismatch(walk, schema, value)
    case 'quantity':
      return fails(walk, quantityProblem(typeof value === 'string' || typeof value === 'number' ? String(value) : 'x'))
    case 'time':
    case 'micro-time':
      return typeof value === 'string' ? fails(walk, timeProblem(value)) : mismatch(walk, schema, value)
    case 'bytes':
      return typeof value === 'string' ? fails(walk, base64Problem(value)) : mismatch(walk, schema, value)
    default:
      return typeof value === 'string' || mismatch(walk, schema, value)
  }
}

function visitStruct(walk: Walk, schema: StructSchema, value: Record<string, unknown>): boolean {
  const outer = walk.struct
  walk.struct = shortName(schema)
  for (const key of Object.keys(value)) {
    const field = schema.fields.get(key)
    walk.path.push(`.${key}`)
    if (field) {
      if (walk.duplicates.size > 0) noteDuplicate(walk)
      walk.names.push(key)
      if (!visit(walk, field.schema, value[key])) return false
      walk.names.pop()
    } else if (!schema.preserveUnknownFields) note(walk, 'unknown')
    walk.path.pop()
  }
  walk.struct = outer
  return true
}

function visitMap(walk: Walk, values: Schema, value: Record<string, unknown>): boolean {
  for (const key of Object.keys(value)) {
    walk.path.push(`.${key}`)
    if (walk.duplicates.size > 0) noteDuplicate(walk)
    if (!visit(walk, values, value[key])) return false
    walk.path.pop()
  }
  return true
}

function visitList(walk: Walk, items: Schema, value: readonly unknown[]): boolean {
  for (let i = 0; i < value.length; i++) {
    walk.path.push(`[${i}]`)
    if (!visit(walk, items, value[i])) return false
    walk.path.pop()
  }
  return true
}

function note(walk: Walk, what: 'unknown' | 'duplicate'): void {
  if (walk.strict.size < strictLimit) walk.strict.add(`${what} field "${pathText(walk)}"`)
}

function noteDuplicate(walk: Walk): void {
  if (walk.duplicates.has(pathText(walk))) note(walk, 'duplicate')
}

function pathText(walk: Walk): string {
  const text = walk.path.join('')
  return text.startsWith('.') ? text.slice(1) : text
}

function mismatch(walk: Walk, schema: Schema, value: unknown): false {
  const where = walk.names.length === 0 ? 'Go value' : `Go struct field ${walk.struct}.${walk.names.join('.')}`
  walk.typeError = `json: cannot unmarshal ${jsonKind(schema, value)} into ${where} of type ${typeText(schema)}`
  return false
}

function fails(walk: Walk, problem: string | undefined): boolean {
  if (problem === undefined) return true
  walk.typeError = problem
  return false
}

function jsonKind(schema: Schema, value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return schema.type.startsWith('int') ? `number ${value}` : 'number'
  return typeof value
}

function typeText(schema: Schema): string {
  switch (schema.type) {
    case 'struct':
      return schema.name === undefined ? 'struct' : `${schema.name.split('.').at(-2)}.${shortName(schema)}`
    case 'list':
      return `[]${typeText(schema.items)}`
    case 'map':
      return `map[string]${typeText(schema.values)}`
    default:
      return typeTexts[schema.type]
  }
}

const typeTexts: Readonly<Record<Exclude<Schema['type'], 'struct' | 'list' | 'map'>, string>> = {
  any: 'interface {}',
  string: 'string',
  boolean: 'bool',
  int32: 'int32',
  int64: 'int64',
  number: 'float64',
  quantity: 'resource.Quantity',
  'int-or-string': 'int32',
  time: 'string',
  'micro-time': 'string',
  duration: 'string',
  bytes: '[]uint8',
}

function shortName(schema: StructSchema): string {
  return schema.name?.split('.').at(-1) ?? ''
}

function isInteger(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
}

function base64Problem(text: string): string | undefined {
  const dense = text.replace(/[\r\n]/g, '')
  if (dense.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(dense)) return undefined
  const wrong = /[^A-Za-z0-9+/]/.exec(text)
  return `illegal base64 data at input byte ${wrong ? wrong.index : text.length - (text.length % 4)}`
}
