import { deepCopy, setKey } from '../objects/deep-copy.js'
import { isObject } from './json-object.js'
import type { Schema } from './schema.js'

/**
 * Fills in the static defaults of absent fields, from the outside in, so that a defaulted object gets the defaults of
 * its own fields. A null takes the default too unless it is allowed to be null. Changes `value`.
 */
export function applySchemaDefaults(schema: Schema, value: unknown): void {
  if (!holdsDefault(schema)) return
  if (isObject(value)) {
    if (schema.type === 'map') {
      for (const key of Object.keys(value)) {
        if (value[key] === null && schema.valueDefault !== undefined && !schema.values.nullable)
          setKey(value, key, deepCopy(schema.valueDefault))
        applySchemaDefaults(schema.values, value[key])
      }
    } else if (schema.type === 'struct') {
      for (const [name, field] of schema.fields) {
        const present = value[name]
        const missing = present === undefined || (present === null && field.schema.nullable !== true)
        if (missing && field.default !== undefined) setKey(value, name, deepCopy(field.default))
        if (value[name] !== undefined) applySchemaDefaults(field.schema, value[name])
      }
    }
  } else if (Array.isArray(value) && schema.type === 'list') {
    for (let i = 0; i < value.length; i++) {
      if (value[i] === null && schema.itemDefault !== undefined && !schema.items.nullable) value[i] = deepCopy(schema.itemDefault)
      applySchemaDefaults(schema.items, value[i])
    }
  }
}

const known = new WeakMap<Schema, boolean>()

function holdsDefault(schema: Schema): boolean {
  let holds = known.get(schema)
  if (holds === undefined) {
    holds = reachesDefault(schema, new Set())
    known.set(schema, holds)
  }
  return holds
}

function reachesDefault(schema: Schema, seen: Set<Schema>): boolean {
  if (seen.has(schema)) return false
  seen.add(schema)
  switch (schema.type) {
    case 'struct':
      for (const field of schema.fields.values()) if (field.default !== undefined || reachesDefault(field.schema, seen)) return true
      return false
    case 'map':
      return schema.valueDefault !== undefined || reachesDefault(schema.values, seen)
    case 'list':
      return schema.itemDefault !== undefined || reachesDefault(schema.items, seen)
    default:
      return false
  }
}
