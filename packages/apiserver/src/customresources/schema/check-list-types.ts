import { type FieldError, type FieldPath, fieldErrors } from '@treeline/machinery'
import { isList, itemsOf, type JsonSchema, propertyOf } from './json-schema.js'

/** Errors of `x-kubernetes-map-type`. */
export function mapTypeErrors(schema: JsonSchema, path: FieldPath): FieldError[] {
  const mapType = schema['x-kubernetes-map-type']
  if (mapType === undefined) return []
  const errors = typeErrors(schema, path, 'object', 'x-kubernetes-map-type')
  if (mapType !== 'atomic' && mapType !== 'granular') {
    errors.push(fieldErrors.notSupported(path.child('x-kubernetes-map-type'), mapType, ['atomic', 'granular']))
  }
  return errors
}

/** Errors of `x-kubernetes-list-type` and `x-kubernetes-list-map-keys`. */
export function listTypeErrors(schema: JsonSchema, path: FieldPath, requireAtomicSetType: boolean): FieldError[] {
  const listType = schema['x-kubernetes-list-type']
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const errors: FieldError[] = []
  if (listType !== undefined) {
    if (schema.type !== 'array') errors.push(...typeErrors(schema, path, 'array', 'x-kubernetes-list-type'))
    else if (requireAtomicSetType && listType === 'set') errors.push(...setItemErrors(schema, path))
    if (listType !== 'atomic' && listType !== 'set' && listType !== 'map') {
      errors.push(fieldErrors.notSupported(path.child('x-kubernetes-list-type'), listType, ['atomic', 'set', 'map']))
    }
  }
  if (keys.length > 0 && listType !== 'map') {
    const detail = 'must be map if x-kubernetes-list-map-keys is non-empty'
    const at = path.child('x-kubernetes-list-type')
    errors.push(listType === undefined ? fieldErrors.required(at, detail) : fieldErrors.invalid(at, listType, detail))
  }
  if (listType === 'map') errors.push(...mapListErrors(schema, keys, path))
  return errors
}

function typeErrors(schema: JsonSchema, path: FieldPath, type: string, keyword: string): FieldError[] {
  if (schema.type === type) return []
  const detail = `must be ${type} if ${keyword} is specified`
  return [schema.type ? fieldErrors.invalid(path.child('type'), schema.type, detail) : fieldErrors.required(path.child('type'), detail)]
}

// Items of a set are compared as a whole.
function setItemErrors(schema: JsonSchema, path: FieldPath): FieldError[] {
  const items = itemsOf(schema)
  const at = path.child('items')
  const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set'
  const itemListType = items?.['x-kubernetes-list-type']
  if (items?.type === 'array' && itemListType !== undefined && itemListType !== 'atomic') {
    return [fieldErrors.invalid(at.child('x-kubernetes-list-type'), itemListType, detail)]
  }
  if (items?.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic') {
    return [fieldErrors.invalid(at.child('x-kubernetes-map-type'), itemListType ?? null, detail)]
  }
  return []
}

function mapListErrors(schema: JsonSchema, keys: readonly string[], path: FieldPath): FieldError[] {
  const errors: FieldError[] = []
  const keysPath = path.child('x-kubernetes-list-map-keys')
  if (keys.length === 0) errors.push(fieldErrors.required(keysPath, 'must not be empty if x-kubernetes-list-type is map'))
  if (schema.items === undefined)
    errors.push(fieldErrors.required(path.child('items'), 'must have a schema if x-kubernetes-list-type is map'))
  if (isList(schema.items)) {
    errors.push(fieldErrors.invalid(path.child('items'), schema.items, 'must only have a single schema if x-kubernetes-list-type is map'))
  }
  const items = itemsOf(schema)
  if (items && items.type !== 'object') {
    const detail = "must be object if parent array's x-kubernetes-list-type is map"
    errors.push(fieldErrors.invalid(path.child('items', 'type'), items.type ?? '', detail))
  }
  if (items?.type !== 'object') return errors
  const seen = new Set<string>()
  for (const key of keys) {
    const property = propertyOf(items, key)
    if (!property) errors.push(fieldErrors.invalid(keysPath, keys, 'entries must all be names of item properties'))
    else if (property.type === 'array' || property.type === 'object') {
      const detail = "must be a scalar type if parent array's x-kubernetes-list-type is map"
      errors.push(fieldErrors.invalid(path.child('items', 'properties').key(key).child('type'), items.type, detail))
    }
    if (seen.has(key)) errors.push(fieldErrors.invalid(keysPath, keys, 'must not contain duplicate entries'))
    seen.add(key)
  }
  return errors
}

/** Keys of a list must always be there, and items of sets and maps must not be null. */
export function listMapKeyErrors(schema: JsonSchema, path: FieldPath): FieldError[] {
  const listType = schema['x-kubernetes-list-type']
  const items = itemsOf(schema)
  if (!items || (listType !== 'set' && listType !== 'map')) return []
  const errors: FieldError[] = []
  if (items.nullable) {
    errors.push(fieldErrors.forbidden(path.child('items', 'nullable'), `cannot be nullable when x-kubernetes-list-type is ${listType}`))
  }
  if (listType === 'set') return errors
  for (const key of schema['x-kubernetes-list-map-keys'] ?? []) {
    const property = propertyOf(items, key)
    if (!property) continue
    const at = path.child('items', 'properties').key(key)
    if (!items.required?.includes(key) && (property.default === undefined || property.default === null)) {
      const detail = 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property'
      errors.push(fieldErrors.required(at.child('default'), detail))
    }
    if (property.nullable) {
      errors.push(fieldErrors.forbidden(at.child('nullable'), 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable'))
    }
  }
  return errors
}
