import { setKey } from '../objects/deep-copy.js'
import { isObject } from '../schema/json-object.js'
import type { ListSchema, Schema } from '../schema/schema.js'
import { type FieldSet, hasPath, isEmptySet } from './field-set.js'
import { fieldElement } from './path-element.js'
import { itemElement, schemaOf, shapeOf } from './shape.js'

/** The object without the given paths. What holds none of them is shared with it; what loses all its content stays as an empty value. */
export function removePaths<T extends object>(schema: Schema, value: T, paths: FieldSet): T {
  if (isEmptySet(paths)) return value
  return removeFromMap(schema, value as Record<string, unknown>, paths) as T
}

function removeBelow(schema: Schema, value: unknown, paths: FieldSet): unknown {
  const shape = shapeOf(schema, value)
  if (isObject(value)) return shape === 'leaf' ? {} : removeFromMap(schema, value, paths)
  if (Array.isArray(value)) return shape === 'leaf' ? [] : removeFromList(schema as ListSchema, value, paths)
  return value
}

function removeFromMap(schema: Schema, value: Record<string, unknown>, paths: FieldSet): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const element = fieldElement(key)
    if (hasPath(paths, [element])) continue
    const below = paths[element]
    setKey(result, key, below ? removeBelow(schemaOf(schema, key), value[key], below) : value[key])
  }
  return result
}

function removeFromList(schema: ListSchema, items: readonly unknown[], paths: FieldSet): unknown[] {
  const result: unknown[] = []
  for (const item of items) {
    const element = itemElement(schema, item)
    if (hasPath(paths, [element])) continue
    const below = paths[element]
    result.push(below ? removeBelow(schema.items, item, below) : item)
  }
  return result
}
