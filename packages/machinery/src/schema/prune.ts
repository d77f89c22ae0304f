import { isObject } from './json-object.js'
import type { Schema, StructSchema } from './schema.js'

/**
 * Takes away what the schema does not declare. Changes `value`. Keys apiVersion, kind and metadata of the root and of
 * embedded resources stay whatever the schema says. `onUnknown` gets the path of each removed key, such as `spec.list[0].x`.
 */
export function prune(schema: StructSchema, value: object, onUnknown?: (path: string) => void): void {
  pruneStruct(schema, value as Record<string, unknown>, true, '', onUnknown)
}

type Report = ((path: string) => void) | undefined

const nothing: StructSchema = { type: 'struct', fields: new Map() }
const typeMeta: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata'])

function pruneValue(schema: Schema, value: unknown, path: string, report: Report): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    if (schema.type === 'any' && !schema.emptiesObjects) return
    const items = schema.type === 'list' ? schema.items : nothing
    for (let i = 0; i < value.length; i++) pruneValue(items, value[i], report ? `${path}[${i}]` : path, report)
    return
  }
  if (schema.type === 'any' && !schema.emptiesObjects) return
  const object = value as Record<string, unknown>
  if (schema.type === 'map') {
    for (const key of Object.keys(object)) pruneValue(schema.values, object[key], report ? `${path}.${key}` : path, report)
  } else {
    const struct = schema.type === 'struct' ? schema : nothing
    pruneStruct(struct, object, struct.embeddedResource === true, path, report)
  }
}

function pruneStruct(schema: StructSchema, object: Record<string, unknown>, isResource: boolean, path: string, report: Report): void {
  for (const key of Object.keys(object)) {
    if (isResource && typeMeta.has(key)) continue
    const field = schema.fields.get(key)
    const at = report ? (path === '' ? key : `${path}.${key}`) : path
    if (field) pruneValue(field.schema, object[key], at, report)
    else if (!schema.preserveUnknownFields) {
      delete object[key]
      report?.(at)
    } else if (schema.emptiesUnknownFields) pruneValue(nothing, object[key], at, report)
  }
}

/** Takes away null values that may not be null and have no default to take their place, but for items of lists. Changes `value`. */
export function dropNulls(schema: Schema, value: unknown): void {
  if (Array.isArray(value)) {
    if (schema.type === 'list') for (const item of value) dropNulls(schema.items, item)
  } else if (isObject(value)) {
    if (schema.type === 'map') {
      for (const key of Object.keys(value)) {
        if (value[key] !== null) dropNulls(schema.values, value[key])
        else if (schema.values.nullable !== true && schema.valueDefault === undefined) delete value[key]
      }
    } else if (schema.type === 'struct') {
      for (const key of Object.keys(value)) {
        const field = schema.fields.get(key)
        if (!field || (schema.embeddedResource && typeMeta.has(key))) continue
        if (value[key] !== null) dropNulls(field.schema, value[key])
        else if (field.schema.nullable !== true && field.default === undefined) delete value[key]
      }
    }
  }
}
