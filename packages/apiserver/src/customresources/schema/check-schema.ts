import { type FieldError, type FieldPath, fieldErrors } from '@treeline/machinery'
import { listMapKeyErrors, listTypeErrors, mapTypeErrors } from './check-list-types.js'
import { ruleErrors } from './check-rules.js'
import { additionalOf, isList, itemsOf, type JsonSchema, propertiesOf } from './json-schema.js'

/** Which rules hold; rules newer than a stored definition hold only if it kept them already. */
export interface SchemaCheckOptions {
  readonly requireValidPropertyType: boolean
  readonly requireAtomicSetType: boolean
  readonly requireMapListKeysMapSetValidation: boolean
}

/** Where a schema stands, as far as it matters to what may be in it. */
export interface SchemaPosition {
  readonly isRoot: boolean
  readonly insideMetadata: boolean
  /** Why defaults may not be set here; empty where they may. */
  readonly forbiddenDefaults: string
}

const rootPosition: SchemaPosition = { isRoot: true, insideMetadata: false, forbiddenDefaults: '' }
const types = ['array', 'boolean', 'integer', 'number', 'object', 'string']
const metaFields: ReadonlySet<string> = new Set(['metadata', 'kind', 'apiVersion'])

/** What upstream finds wrong with the keywords of a schema, beyond whether it is structural. */
export function checkSchema(schema: JsonSchema, path: FieldPath, options: SchemaCheckOptions): FieldError[] {
  const errors: FieldError[] = []
  check(schema, path, rootPosition, options, errors)
  return errors
}

function check(schema: JsonSchema, path: FieldPath, position: SchemaPosition, options: SchemaCheckOptions, errors: FieldError[]): void {
  const inner: SchemaPosition = { ...position, isRoot: false }
  checkKeywords(schema, path, position, options, errors)
  if (schema.uniqueItems) {
    errors.push(
      fieldErrors.forbidden(path.child('uniqueItems'), 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'),
    )
  }
  checkAdditionalProperties(schema, path, inner, options, errors)
  for (const [name, property] of propertiesOf(schema)) {
    check(property, path.child('properties').key(name), propertyPosition(schema, name, position), options, errors)
  }
  if (schema.not) check(schema.not, path.child('not'), inner, options, errors)
  for (const keyword of ['allOf', 'oneOf', 'anyOf'] as const) {
    for (const [i, part] of (schema[keyword] ?? []).entries()) check(part, path.child(keyword).index(i), inner, options, errors)
  }
  for (const [name, definition] of Object.entries(schema.definitions ?? {}))
    check(definition, path.child('definitions').key(name), inner, options, errors)
  if (isList(schema.items))
    for (const [i, item] of schema.items.entries()) check(item, path.child('items').index(i), inner, options, errors)
  else if (schema.items) check(schema.items, path.child('items'), inner, options, errors)
  for (const [name, dependency] of Object.entries(schema.dependencies ?? {})) {
    if (!Array.isArray(dependency)) check(dependency as JsonSchema, path.child('dependencies').key(name), inner, options, errors)
  }
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    errors.push(fieldErrors.invalid(path.child('x-kubernetes-preserve-unknown-fields'), false, 'must be true or undefined'))
  }
  errors.push(...mapTypeErrors(schema, path), ...listTypeErrors(schema, path, options.requireAtomicSetType))
  if (options.requireMapListKeysMapSetValidation) errors.push(...listMapKeyErrors(schema, path))
  errors.push(...ruleErrors(schema, path))
}

function propertyPosition(schema: JsonSchema, name: string, position: SchemaPosition): SchemaPosition {
  const inMetadata = (position.isRoot || schema['x-kubernetes-embedded-resource'] === true) && metaFields.has(name)
  return {
    isRoot: false,
    insideMetadata: position.insideMetadata || inMetadata,
    forbiddenDefaults: inMetadata && position.isRoot ? `in top-level ${name}` : position.forbiddenDefaults,
  }
}

function checkAdditionalProperties(
  schema: JsonSchema,
  path: FieldPath,
  position: SchemaPosition,
  options: SchemaCheckOptions,
  errors: FieldError[],
): void {
  const { additionalProperties } = schema
  if (additionalProperties === undefined) return
  const at = path.child('additionalProperties')
  if (propertiesOf(schema).length > 0 && additionalProperties !== true) {
    errors.push(fieldErrors.forbidden(at, 'additionalProperties and properties are mutual exclusive'))
  }
  const additional = additionalOf(schema)
  if (!additional) return
  const inMetadata = { ...position, forbiddenDefaults: 'inside additionalProperties applying to object metadata' }
  check(additional, at, position.insideMetadata ? inMetadata : position, options, errors)
}

const unsupported: readonly (readonly [keyof JsonSchema, string])[] = [
  ['id', 'id is not supported'],
  ['additionalItems', 'additionalItems is not supported'],
  ['patternProperties', 'patternProperties is not supported'],
  ['definitions', 'definitions is not supported'],
  ['dependencies', 'dependencies is not supported'],
  ['$ref', '$ref is not supported'],
]

function checkKeywords(
  schema: JsonSchema,
  path: FieldPath,
  position: SchemaPosition,
  options: SchemaCheckOptions,
  errors: FieldError[],
): void {
  const { type } = schema
  if (options.requireValidPropertyType && type && !types.includes(type))
    errors.push(fieldErrors.notSupported(path.child('type'), type, types))
  if (schema.default !== undefined && schema.default !== null && position.forbiddenDefaults !== '') {
    errors.push(fieldErrors.forbidden(path.child('default'), `must not be set ${position.forbiddenDefaults}`))
  }
  for (const [keyword, detail] of unsupported) {
    if (schema[keyword] !== undefined) errors.push(fieldErrors.forbidden(path.child(keyword), detail))
  }
  if (type === 'null') errors.push(fieldErrors.forbidden(path.child('type'), 'type cannot be set to null, use nullable as an alternative'))
  if (isList(schema.items) && schema.items.length > 0) {
    errors.push(fieldErrors.forbidden(path.child('items'), 'items must be a schema object and not an array'))
  }
  if (position.insideMetadata && schema['x-kubernetes-embedded-resource']) {
    errors.push(fieldErrors.forbidden(path.child('x-kubernetes-embedded-resource'), 'must not be used inside of resource meta'))
  }
}

/** Why a schema cannot be brought into structural form at all; undefined when it can. Upstream shows this only if nothing else is wrong. */
export function conversionProblem(schema: JsonSchema): string | undefined {
  for (const [keyword] of unsupported) {
    if (schema[keyword] !== undefined) return `OpenAPIV3Schema '${keyword}' is not supported`
  }
  if (isList(schema.items)) return "OpenAPIV3Schema 'items' must be a schema, but is an array"
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined"
  }
  const within = [schema.not, itemsOf(schema), additionalOf(schema), ...Object.values(schema.properties ?? {})]
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) within.push(...(schema[keyword] ?? []))
  for (const inner of within) {
    const problem = inner && conversionProblem(inner)
    if (problem) return problem
  }
  return undefined
}
