import { deepEqual, isObject } from '@treeline/machinery'
import { additionalOf, itemsOf, type JsonSchema, propertyOf } from '../schema/json-schema.js'
import { matchingItem } from './list-keys.js'

/**
 * Whether a value is what it was, as upstream looks at it before it lets an old mistake pass: item by item where lists
 * have keys, and never where an object holds keys that its schema does not speak of.
 */
export function isUnchanged(schema: JsonSchema, value: unknown, old: unknown): boolean {
  if (Array.isArray(value) && Array.isArray(old)) return isListUnchanged(schema, value, old)
  if (!isObject(value) || !isObject(old)) return deepEqual(value, old)
  const keys = Object.keys(value)
  if (keys.length !== Object.keys(old).length) return false
  return keys.every((key) => {
    const inner = propertyOf(schema, key) ?? additionalOf(schema)
    return inner !== undefined && Object.hasOwn(old, key) && isUnchanged(inner, value[key], old[key])
  })
}

function isListUnchanged(schema: JsonSchema, value: readonly unknown[], old: readonly unknown[]): boolean {
  if (value.length !== old.length) return false
  const items = itemsOf(schema)
  if (schema['x-kubernetes-list-type'] !== 'map' || !items) return deepEqual(value, old)
  const keys = { keys: schema['x-kubernetes-list-map-keys'] ?? [], items }
  return value.every((item) => {
    const before = matchingItem(keys, old, item)
    return before !== undefined && isUnchanged(items, item, before)
  })
}
