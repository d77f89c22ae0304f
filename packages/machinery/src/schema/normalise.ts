import { setKey } from '../objects/deep-copy.js'
import { canonicalDuration } from './duration.js'
import { isObject } from './json-object.js'
import { canonicalQuantity } from './quantity-text.js'
import type { Field, Schema, StructSchema } from './schema.js'
import { canonicalMicroTime, canonicalTime } from './time-text.js'

/**
 * The canonical form of a built-in object: what upstream answers after it has decoded and encoded the object once.
 * Nulls and undeclared fields go; zero scalars, empty lists and maps go unless the field is a pointer or required;
 * structs stay; required fields appear with their zero; quantities, times and durations take their canonical text;
 * fields stand in declaration order and map keys in sorted order, so that equal objects have equal bytes. A required
 * empty list is kept here, as managed fields tell it from an absent one: see `storedForm`.
 *
 * The value must have passed `checkFields`; one of another type is left as it is. The result shares only `any` subtrees with it.
 */
export function normalise<T>(schema: Schema, value: T): T {
  return canonical(schema, value) as T
}

/** Turns required empty lists and maps into null, as they are after upstream's storage encoding. Changes `value`. */
export function storedForm(schema: StructSchema, value: object): void {
  if (!holdsRequiredCollection(schema)) return
  nullifyEmpty(schema, value)
}

function canonical(schema: Schema, value: unknown): unknown {
  if (value === null || value === undefined) return zeroValue(schema)
  switch (schema.type) {
    case 'struct':
      return isObject(value) ? canonicalStruct(schema, value) : value
    case 'map':
      return isObject(value) ? canonicalMap(schema.values, value) : value
    case 'list':
      return Array.isArray(value) ? value.map((item) => canonical(schema.items, item)) : value
    case 'quantity':
      return typeof value === 'string' || typeof value === 'number' ? canonicalQuantity(String(value)) : value
    case 'time':
      return typeof value === 'string' ? canonicalTime(value) : value
    case 'micro-time':
      return typeof value === 'string' ? canonicalMicroTime(value) : value
    case 'duration':
      return typeof value === 'string' ? canonicalDuration(value) : value
    case 'bytes':
      return typeof value === 'string' && /[\r\n]/.test(value) ? value.replace(/[\r\n]/g, '') : value
    default:
      return value
  }
}

function canonicalStruct(schema: StructSchema, value: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const slot of slotsOf(schema)) {
    const given = value[slot.name]
    if (given === undefined || given === null) {
      if (slot.whenAbsent) result[slot.name] = slot.whenAbsent()
      continue
    }
    const converted = canonical(slot.schema, given)
    if (!slot.omitEmpty || !isEmpty(converted)) result[slot.name] = converted
  }
  if (schema.preserveUnknownFields) {
    for (const key of Object.keys(value)) if (!schema.fields.has(key)) setKey(result, key, value[key])
  }
  return result
}

function canonicalMap(values: Schema, value: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  const keys = Object.keys(value)
  if (!isSorted(keys)) keys.sort(ascending)
  for (const key of keys) setKey(result, key, canonical(values, value[key]))
  return result
}

interface Slot {
  readonly name: string
  readonly schema: Schema
  readonly omitEmpty: boolean
  readonly whenAbsent?: () => unknown
}

const slots = new WeakMap<StructSchema, readonly Slot[]>()

// Fields may still be added after a schema is constructed, so the plan is made at first use.
function slotsOf(schema: StructSchema): readonly Slot[] {
  let plan = slots.get(schema)
  if (!plan) {
    plan = [...schema.fields].map(([name, field]) => slot(name, field))
    slots.set(schema, plan)
  }
  return plan
}

/** Whether upstream's tag of the field has no omitempty. */
function encodesEmpty(field: Field): boolean {
  return field.encodeEmpty ?? field.required === true
}

function slot(name: string, field: Field): Slot {
  const { schema } = field
  // An empty list of managed fields is a wish to reset them, which whoever records them must still see.
  const omitEmpty = !encodesEmpty(field) && !field.pointer && canBeEmpty.has(schema.type) && name !== 'managedFields'
  const base = { name, schema, omitEmpty }
  if (field.pointer) return encodesEmpty(field) ? { ...base, whenAbsent: () => null } : base
  if (encodesEmpty(field) || isGoStruct(name, schema)) return { ...base, whenAbsent: () => zeroValue(schema) }
  return base
}

/** Types that omitempty can drop. The others are structs upstream, which it never drops. */
const canBeEmpty: ReadonlySet<Schema['type']> = new Set(['string', 'boolean', 'int32', 'int64', 'number', 'bytes', 'list', 'map'])

// creationTimestamp is the one time upstream declares `omitzero`.
function isGoStruct(name: string, schema: Schema): boolean {
  return !canBeEmpty.has(schema.type) && name !== 'creationTimestamp'
}

function zeroValue(schema: Schema): unknown {
  switch (schema.type) {
    case 'struct':
      return canonicalStruct(schema, {})
    case 'string':
    case 'bytes':
      return ''
    case 'boolean':
      return false
    case 'int32':
    case 'int64':
    case 'number':
    case 'int-or-string':
      return 0
    case 'quantity':
      return '0'
    case 'duration':
      return '0s'
    case 'map':
    case 'list':
    case 'time':
    case 'micro-time':
    case 'any':
      return null
  }
}

function isEmpty(value: unknown): boolean {
  if (value === '' || value === 0 || value === false) return true
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.length === 0
  for (const _ in value) return false
  return true
}

function isSorted(keys: readonly string[]): boolean {
  for (let i = 1; i < keys.length; i++) if (ascending(keys[i - 1] as string, keys[i] as string) > 0) return false
  return true
}

const ascending = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const requiredCollections = new WeakMap<Schema, boolean>()

function holdsRequiredCollection(schema: Schema): boolean {
  let holds = requiredCollections.get(schema)
  if (holds === undefined) {
    holds = reachesRequiredCollection(schema, new Set())
    requiredCollections.set(schema, holds)
  }
  return holds
}

function reachesRequiredCollection(schema: Schema, seen: Set<Schema>): boolean {
  if (seen.has(schema)) return false
  seen.add(schema)
  if (schema.type === 'list') return reachesRequiredCollection(schema.items, seen)
  if (schema.type === 'map') return reachesRequiredCollection(schema.values, seen)
  if (schema.type !== 'struct') return false
  for (const field of schema.fields.values()) if (isRequiredCollection(field) || reachesRequiredCollection(field.schema, seen)) return true
  return false
}

function isRequiredCollection(field: Field): boolean {
  return encodesEmpty(field) && (field.schema.type === 'list' || field.schema.type === 'map')
}

function nullifyEmpty(schema: Schema, value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (schema.type === 'list' && Array.isArray(value)) {
    for (const item of value) nullifyEmpty(schema.items, item)
  } else if (schema.type === 'map') {
    for (const key of Object.keys(value)) nullifyEmpty(schema.values, (value as Record<string, unknown>)[key])
  } else if (schema.type === 'struct') {
    const object = value as Record<string, unknown>
    for (const [name, field] of schema.fields) {
      const inner = object[name]
      if (isRequiredCollection(field) && isEmpty(inner)) object[name] = null
      else if (inner !== undefined && holdsRequiredCollection(field.schema)) nullifyEmpty(field.schema, inner)
    }
  }
}
