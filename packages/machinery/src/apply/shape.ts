import { isObject } from '../schema/json-object.js'
import type { AnySchema, ListSchema, Schema } from '../schema/schema.js'
import { keyElement, type PathElement, valueElement } from './path-element.js'

/** How server-side apply sees one value: owned as a whole, field by field, or item by item. */
export type Shape = 'leaf' | 'map' | 'list'

/** The schema of what has none: maps are granular, lists atomic, all the way down. */
export const deduced: AnySchema = { type: 'any' }

/** The shape of a value. For a free-form schema the value decides; null and an absent value fit any shape and are leaves here. */
export function shapeOf(schema: Schema, value: unknown): Shape {
  switch (schema.type) {
    case 'struct':
    case 'map':
      return schema.atomic ? 'leaf' : 'map'
    case 'list':
      return schema.listType === 'atomic' ? 'leaf' : 'list'
    case 'any':
      return isObject(value) && !isAtomicAny(schema) ? 'map' : 'leaf'
    default:
      return 'leaf'
  }
}

// Upstream's type converter takes RawExtension as one value, unlike every other free-form type.
function isAtomicAny(schema: AnySchema): boolean {
  return schema.name === 'io.k8s.apimachinery.pkg.runtime.RawExtension'
}

/** The schema of a key of an object; undefined when a struct declares no such field and allows no others. */
export function declaredSchemaOf(schema: Schema, key: string): Schema | undefined {
  switch (schema.type) {
    case 'struct':
      return schema.fields.get(key)?.schema ?? (schema.preserveUnknownFields || schema.fields.size === 0 ? deduced : undefined)
    case 'map':
      return schema.values
    default:
      return deduced
  }
}

/** The schema of a key of an object, whether it is declared or not. */
export function schemaOf(schema: Schema, key: string): Schema {
  return declaredSchemaOf(schema, key) ?? deduced
}

/** Whether the key is a field with a name of its own in the schema, and not one key of a map. */
export function isNamedField(schema: Schema, key: string): boolean {
  return schema.type === 'struct' && schema.fields.has(key)
}

/** The path element of a list item. Throws an Error that says what the item lacks. */
export function itemElement(schema: ListSchema, item: unknown): PathElement {
  return schema.listType === 'set' ? setItemElement(item) : mapItemElement(schema, item)
}

function setItemElement(item: unknown): PathElement {
  if (item === null || item === undefined) throw new Error("associative list without keys has an element that's an explicit null")
  if (Array.isArray(item)) throw new Error('not supported: associative list with lists as elements')
  if (typeof item === 'object') throw new Error("associative list without keys has an element that's a map type")
  return valueElement(item)
}

function mapItemElement(schema: ListSchema, item: unknown): PathElement {
  if (item === null || item === undefined) throw new Error('associative list with keys may not have a null element')
  if (!isObject(item)) throw new Error('associative list with keys may not have non-map elements')
  const names: string[] = []
  const values: unknown[] = []
  for (const key of keyDefaults(schema)) {
    const value = item[key.name] ?? key.default
    if (value === undefined) continue
    names.push(key.name)
    values.push(value)
  }
  if (names.length > 0) return keyElement(names, values)
  const keys = schema.keys.map((name) => JSON.stringify(name)).join(' ')
  throw new Error(
    `associative list with keys has an element that omits all key fields [${keys}] (and doesn't have default values for any key fields)`,
  )
}

interface Key {
  readonly name: string
  readonly default: unknown
}

const keysByList = new WeakMap<ListSchema, readonly Key[]>()

function keyDefaults(schema: ListSchema): readonly Key[] {
  let keys = keysByList.get(schema)
  if (!keys) {
    const { items } = schema
    keys = [...schema.keys]
      .sort((a, b) => (a < b ? -1 : 1))
      .map((name) => ({ name, default: items.type === 'struct' ? items.fields.get(name)?.default : undefined }))
    keysByList.set(schema, keys)
  }
  return keys
}
