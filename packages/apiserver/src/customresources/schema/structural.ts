import { type FieldError, type FieldPath, fieldErrors, formatFieldError, Regexp, type RegexpError } from '@treeline/machinery'
import { additionalOf, isList, itemsOf, type JsonSchema, propertiesOf, propertyOf } from './json-schema.js'

type Level = 'root' | 'item' | 'field'

/**
 * Whether a schema says one thing about every node, outside of all logic (a structural schema): types everywhere, nothing
 * but value validation inside allOf, anyOf, oneOf and not, and nothing there that is not declared outside as well.
 * Errors come in the order of their texts. The schema must hold no `items` lists and none of the keywords that are never supported.
 */
export function structuralErrors(schema: JsonSchema, path: FieldPath): FieldError[] {
  const errors: FieldError[] = []
  checkNode(schema, 'root', path, errors)
  checkCompleteness(schema, schema, path, path, errors)
  return errors.sort((a, b) => (formatFieldError(a) < formatFieldError(b) ? -1 : 1))
}

function checkNode(schema: JsonSchema, level: Level, path: FieldPath, errors: FieldError[]): void {
  const embedded = schema['x-kubernetes-embedded-resource'] === true
  const preserves = schema['x-kubernetes-preserve-unknown-fields'] === true
  const intOrString = schema['x-kubernetes-int-or-string'] === true
  const items = itemsOf(schema)
  if (schema.type === 'array' && !items) errors.push(fieldErrors.required(path.child('items'), 'must be specified'))
  if (items) checkNode(items, 'item', path.child('items'), errors)
  for (const [name, property] of propertiesOf(schema)) checkNode(property, 'field', path.child('properties').key(name), errors)
  if (schema.additionalProperties !== undefined) {
    if (level === 'root') errors.push(fieldErrors.forbidden(path.child('additionalProperties'), 'must not be used at the root'))
    const additional = additionalOf(schema)
    if (additional) checkNode(additional, 'field', path.child('additionalProperties'), errors)
  }
  if (intOrString && preserves) {
    errors.push(
      fieldErrors.invalid(path.child('x-kubernetes-preserve-unknown-fields'), true, 'must be false if x-kubernetes-int-or-string is true'),
    )
  }
  if (intOrString && embedded) {
    errors.push(
      fieldErrors.invalid(path.child('x-kubernetes-embedded-resource'), true, 'must be false if x-kubernetes-int-or-string is true'),
    )
  }
  checkValidation(schema, isIntOrStringChoice(schema.anyOf), isIntOrStringChoice(schema.allOf?.[0]?.anyOf), path, errors)
  checkType(schema, level, embedded, preserves || intOrString, path, errors)
  if (embedded && schema.additionalProperties !== undefined) {
    errors.push(fieldErrors.forbidden(path.child('additionalProperties'), 'must not be used if x-kubernetes-embedded-resource is set'))
  }
  checkTypeMeta(schema, level, embedded, path.child('properties'), errors)
  if (embedded && !preserves && propertiesOf(schema).length === 0) {
    const detail = 'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields'
    errors.push(fieldErrors.required(path.child('properties'), detail))
  }
}

const emptyTypeTexts: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
}

function checkType(schema: JsonSchema, level: Level, embedded: boolean, untyped: boolean, path: FieldPath, errors: FieldError[]): void {
  const { type } = schema
  const at = path.child('type')
  if (embedded && type !== 'object') {
    const detail = 'must be object if x-kubernetes-embedded-resource is true'
    errors.push(type ? fieldErrors.invalid(at, type, detail) : fieldErrors.required(at, detail))
  } else if (!type && !untyped) errors.push(fieldErrors.required(at, emptyTypeTexts[level]))
  if (level === 'root' && type && type !== 'object') errors.push(fieldErrors.invalid(at, type, 'must be object at the root'))
}

function checkTypeMeta(schema: JsonSchema, level: Level, embedded: boolean, path: FieldPath, errors: FieldError[]): void {
  const isResource = level === 'root' || embedded
  for (const name of ['kind', 'apiVersion']) {
    const property = propertyOf(schema, name)
    if (isResource && property && property.type !== 'string') {
      errors.push(fieldErrors.invalid(path.key(name).child('type'), property.type ?? '', 'must be string'))
    }
  }
  const metadata = propertyOf(schema, 'metadata')
  if (!metadata) return
  const at = path.key('metadata')
  if (isResource && metadata.type !== 'object') errors.push(fieldErrors.invalid(at.child('type'), metadata.type ?? '', 'must be object'))
  if (level === 'root' && restrictsMetadata(metadata)) {
    errors.push(
      fieldErrors.forbidden(at, 'must not specify anything other than name and generateName, but metadata is implicitly specified'),
    )
  }
}

function restrictsMetadata(metadata: JsonSchema): boolean {
  const { type: _type, default: _default, properties = {}, ...rest } = metadata
  const names = Object.keys(properties)
  return Object.keys(rest).length > 0 || names.some((name) => name !== 'name' && name !== 'generateName')
}

// The one place where logic may name types.
function isIntOrStringChoice(anyOf: readonly JsonSchema[] | undefined): boolean {
  if (anyOf?.length !== 2) return false
  return anyOf.every((schema, i) => schema.type === (i === 0 ? 'integer' : 'string') && Object.keys(schema).length === 1)
}

function checkValidation(schema: JsonSchema, skipAnyOf: boolean, skipFirstAllOf: boolean, path: FieldPath, errors: FieldError[]): void {
  if (!skipAnyOf) for (const [i, inner] of (schema.anyOf ?? []).entries()) checkNested(inner, false, path.child('anyOf').index(i), errors)
  for (const [i, inner] of (schema.allOf ?? []).entries())
    checkNested(inner, skipFirstAllOf && i === 0, path.child('allOf').index(i), errors)
  for (const [i, inner] of (schema.oneOf ?? []).entries()) checkNested(inner, false, path.child('oneOf').index(i), errors)
  if (schema.not) checkNested(schema.not, false, path.child('not'), errors)
  const problem = schema.pattern ? patternProblem(schema.pattern) : undefined
  if (problem !== undefined) {
    errors.push(fieldErrors.invalid(path.child('pattern'), schema.pattern, `must be a valid regular expression, but isn't: ${problem}`))
  }
}

function patternProblem(pattern: string): string | undefined {
  try {
    new Regexp(pattern)
    return undefined
  } catch (error) {
    return (error as RegexpError).message
  }
}

const forbiddenInLogic: readonly (readonly [keyof JsonSchema, string])[] = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
]

function checkNested(schema: JsonSchema, skipAnyOf: boolean, path: FieldPath, errors: FieldError[]): void {
  checkValidation(schema, skipAnyOf, false, path, errors)
  const items = itemsOf(schema)
  if (items) checkNested(items, false, path.child('items'), errors)
  for (const [name, property] of propertiesOf(schema)) checkNested(property, false, path.child('properties').key(name), errors)
  for (const [keyword, detail] of forbiddenInLogic) {
    if (isSet(schema, keyword)) errors.push(fieldErrors.forbidden(path.child(keyword), detail))
  }
  if (propertyOf(schema, 'metadata')) {
    errors.push(fieldErrors.forbidden(path.child('properties').key('metadata'), 'must not be specified in a nested context'))
  }
}

function isSet(schema: JsonSchema, keyword: keyof JsonSchema): boolean {
  const value = schema[keyword]
  // `additionalProperties: false` says nothing here.
  return value !== undefined && value !== false && value !== '' && !(isList(value as never) && (value as []).length === 0)
}

/** Everything that logic speaks of must be declared outside of it. */
function checkCompleteness(
  validation: JsonSchema,
  declared: JsonSchema,
  declaredPath: FieldPath,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (validation.not) checkNestedCompleteness(validation.not, declared, declaredPath, path.child('not'), errors)
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
    for (const [i, inner] of (validation[keyword] ?? []).entries()) {
      checkNestedCompleteness(inner, declared, declaredPath, path.child(keyword).index(i), errors)
    }
  }
}

function checkNestedCompleteness(
  validation: JsonSchema,
  declared: JsonSchema | undefined,
  declaredPath: FieldPath,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (!declared) {
    errors.push(fieldErrors.required(declaredPath, `because it is defined in ${path}`))
    return
  }
  checkCompleteness(validation, declared, declaredPath, path, errors)
  const items = itemsOf(validation)
  if (items) checkNestedCompleteness(items, itemsOf(declared), declaredPath.child('items'), path.child('items'), errors)
  for (const [name, property] of propertiesOf(validation)) {
    const at = path.child('properties').key(name)
    checkNestedCompleteness(property, propertyOf(declared, name), declaredPath.child('properties').key(name), at, errors)
  }
}
