import { compactJson, type FieldError, FieldPath, fieldErrors, isObject } from '@treeline/machinery'
import { additionalOf, itemsOf, type JsonSchema, propertyOf } from '../schema/json-schema.js'

/** Items that a list of type set or map holds twice. */
export function duplicateItems(schema: JsonSchema, value: unknown): FieldError[] {
  const errors: FieldError[] = []
  visit(schema, value, undefined, errors)
  return errors
}

function visit(schema: JsonSchema, value: unknown, path: FieldPath | undefined, errors: FieldError[]): void {
  if (Array.isArray(value)) {
    if (path) checkList(schema, value, path, errors)
    const items = itemsOf(schema)
    if (items && path) for (const [i, item] of value.entries()) visit(items, item, path.index(i), errors)
  } else if (isObject(value)) {
    const additional = additionalOf(schema)
    for (const key of Object.keys(value)) {
      const property = propertyOf(schema, key)
      if (property) visit(property, value[key], path ? path.child(key) : FieldPath.root(key), errors)
      else if (additional && path) visit(additional, value[key], path.key(key), errors)
    }
  }
}

function checkList(schema: JsonSchema, list: readonly unknown[], path: FieldPath, errors: FieldError[]): void {
  const listType = schema['x-kubernetes-list-type']
  if (listType === 'set') {
    for (const i of repeated(list)) errors.push(fieldErrors.duplicate(path.index(i), list[i]))
    return
  }
  if (listType !== 'map') return
  const wrong = list.findIndex((item) => item !== null && !isObject(item))
  if (wrong >= 0) {
    errors.push(fieldErrors.invalid(path.index(wrong), list[wrong], 'must be an object for an array of list-type map'))
    return
  }
  const names = schema['x-kubernetes-list-map-keys'] ?? []
  const keys = list.map((item) => keyOf(item, names))
  for (const i of repeated(keys)) errors.push(fieldErrors.duplicate(path.index(i), keys[i]))
}

function keyOf(item: unknown, names: readonly string[]): Record<string, unknown> {
  if (!isObject(item)) return {}
  return Object.fromEntries(names.filter((name) => Object.hasOwn(item, name)).map((name) => [name, item[name]]))
}

/** Indexes at which a value stands for the second time. */
function repeated(values: readonly unknown[]): number[] {
  if (values.length < 2) return []
  const counts = new Map<string, number>()
  const indexes: number[] = []
  values.forEach((value, i) => {
    const text = compactJson(sorted(value))
    const count = (counts.get(text) ?? 0) + 1
    counts.set(text, count)
    if (count === 2) indexes.push(i)
  })
  return indexes
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  )
}
