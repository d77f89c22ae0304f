import { setKey } from '../objects/deep-copy.js'
import { isObject } from '../schema/json-object.js'
import type { ListSchema, Schema } from '../schema/schema.js'
import { type FieldSet, hasPath, isEmptySet } from './field-set.js'
import { fieldElement } from './path-element.js'
import { itemElement, schemaOf, shapeOf } from './shape.js'

/** The object without the given paths. What holds none of them is shared with it; a map or list that loses all its content becomes null. */
export function removePaths<T extends object>(schema: Schema, value: T, paths: FieldSet): T {
  if (isEmptySet(paths)) return value
  return (removeFromMap(schema, value as Record<string, unknown>, paths) ?? {}) as T
}

function removeBelow(schema: Schema, value: unknown, paths: FieldSet): unknown {
  const shape = shapeOf(schema, value)
  if (isObject(value)) return shape === 'leaf' ? null : removeFromMap(schema, value, paths)
  if (Array.isArray(value)) return shape === 'leaf' ? null : removeFromList(schema as ListSchema, value, paths)
  return value
}

function removeFromMap(schema: Schema, value: Record<string, unknown>, paths: FieldSet): Record<string, unknown> | null {
  const result: Record<string, unknown> = {}
  let empty = true
  for (const key of Object.keys(value)) {
    const element = fieldElement(key)
    if (hasPath(paths, [element])) continue
    const below = paths[element]
    empty = false
    setKey(result, key, below ? removeBelow(schemaOf(schema, key), value[key], below) : value[key])
  }
  return empty ? null : result
}

function removeFromList(schema: ListSchema, items: readonly unknown[], paths: FieldSet): unknown[] | null {
  const result: unknown[] = []
  for (const item of items) {
    const element = itemElement(schema, item)
    if (hasPath(paths, [element])) continue
    const below = paths[element]
    // An item keeps its place even without content; null could not be found by its key any more.
    result.push(below ? (removeBelow(schema.items, item, below) ?? {}) : item)
  }
  return result.length === 0 ? null : result
}
