import { schemaOf } from '@treeline/api'
import {
  checkFields,
  type FieldError,
  FieldPath,
  fieldErrors,
  isObject,
  normalise,
  type ObjectMeta,
  parseGroupVersion,
  validateDns1035Label,
} from '@treeline/machinery'
import { validateObjectMeta } from '../../registry/object-meta-validation.js'
import { nameRules } from '../../registry/object-name-rules.js'
import { additionalOf, itemsOf, type JsonSchema, propertyOf, schemasWithin } from '../schema/json-schema.js'

const objectMeta = schemaOf('meta.v1.ObjectMeta')

/** Whether any node of the schema is a whole object of its own. */
export function holdsEmbeddedResources(schema: JsonSchema): boolean {
  for (const inner of schemasWithin(schema)) if (inner['x-kubernetes-embedded-resource']) return true
  return false
}

/** What bringing embedded metadata into form found. */
export interface Coercion {
  /** Undeclared fields of metadata, such as `spec.template.metadata.foo`. */
  readonly unknown: readonly string[]
  /** The first field of another type; the object cannot be taken as it is. */
  readonly problem?: FieldError
}

/**
 * Brings apiVersion, kind and metadata of embedded resources into the form ObjectMeta has: undeclared fields go. A field
 * of another type is a problem, or goes as well when `dropInvalid` is set (objects from the store). Changes `value`.
 */
export function coerceEmbedded(schema: JsonSchema, value: unknown, dropInvalid: boolean): Coercion {
  const walk: CoerceWalk = { unknown: [], dropInvalid }
  coerce(walk, schema, value, undefined)
  return { unknown: walk.unknown.sort(), ...(walk.problem && { problem: walk.problem }) }
}

interface CoerceWalk {
  readonly unknown: string[]
  readonly dropInvalid: boolean
  problem?: FieldError
}

function coerce(walk: CoerceWalk, schema: JsonSchema, value: unknown, path: FieldPath | undefined): void {
  if (isObject(value) && schema['x-kubernetes-embedded-resource'] && path) coerceResource(walk, value, path)
  for (const [inner, item, at] of children(schema, value, path)) {
    if (walk.problem) return
    coerce(walk, inner, item, at)
  }
}

function coerceResource(walk: CoerceWalk, value: Record<string, unknown>, path: FieldPath): void {
  for (const key of ['apiVersion', 'kind']) {
    if (!(key in value) || typeof value[key] === 'string') continue
    if (walk.dropInvalid) delete value[key]
    else walk.problem ??= fieldErrors.invalid(path.child(key), value[key], 'must be a string')
  }
  if (!('metadata' in value)) return
  const at = path.child('metadata')
  const { metadata } = value
  if (walk.dropInvalid) {
    if (isObject(metadata)) value['metadata'] = normalise(objectMeta, wellTyped(metadata))
    return
  }
  const { strict, typeError } = checkFields(objectMeta, metadata)
  if (typeError !== undefined) {
    walk.problem ??= fieldErrors.invalid(at, metadata, typeError)
    return
  }
  for (const text of strict) walk.unknown.push(`${at}.${/"(.*)"$/.exec(text)?.[1] ?? ''}`)
  value['metadata'] = normalise(objectMeta, metadata ?? {})
}

function wellTyped(metadata: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(metadata).filter(([key, value]) => checkFields(objectMeta, { [key]: value }).typeError === undefined),
  )
}

/** What is wrong with apiVersion, kind and metadata of embedded resources. */
export function embeddedErrors(schema: JsonSchema, value: unknown): FieldError[] {
  const errors: FieldError[] = []
  const visit = (node: JsonSchema, item: unknown, path: FieldPath | undefined): void => {
    if (isObject(item) && node['x-kubernetes-embedded-resource']) errors.push(...resourceErrors(item, path))
    for (const [inner, child, at] of children(node, item, path)) visit(inner, child, at)
  }
  visit(schema, value, undefined)
  return errors
}

function resourceErrors(value: Record<string, unknown>, path: FieldPath | undefined): FieldError[] {
  const at = (name: string): FieldPath => (path ? path.child(name) : FieldPath.root(name))
  const errors: FieldError[] = []
  if (!('apiVersion' in value)) errors.push(fieldErrors.required(at('apiVersion')))
  else errors.push(...apiVersionErrors(value['apiVersion'], at('apiVersion')))
  if (!('kind' in value)) errors.push(fieldErrors.required(at('kind')))
  else errors.push(...kindErrors(value['kind'], at('kind')))
  const { metadata } = value
  if (!isObject(metadata)) return errors
  const { typeError } = checkFields(objectMeta, metadata)
  if (typeError !== undefined) return [...errors, fieldErrors.invalid(at('metadata'), metadata, typeError)]
  const named: ObjectMeta = { ...metadata, name: (metadata['name'] as string) || 'fakename' }
  const namespaced = Boolean(named.namespace)
  const found = validateObjectMeta(named, { namespaced, nameRule: nameRules['path-segment'], anyFinalizer: true })
  return [...errors, ...found.map((error) => ({ ...error, field: `${path ? `${path}.` : ''}${error.field}` }))]
}

function apiVersionErrors(value: unknown, path: FieldPath): FieldError[] {
  if (typeof value !== 'string') return [fieldErrors.invalid(path, value, 'must be a string')]
  if (value === '') return [fieldErrors.invalid(path, value, 'must not be empty')]
  try {
    parseGroupVersion(value)
    return []
  } catch (error) {
    return [fieldErrors.invalid(path, value, (error as Error).message)]
  }
}

function kindErrors(value: unknown, path: FieldPath): FieldError[] {
  if (typeof value !== 'string') return [fieldErrors.invalid(path, value, 'must be a string')]
  if (value === '') return [fieldErrors.invalid(path, value, 'must not be empty')]
  const problems = validateDns1035Label(value.toLowerCase())
  return problems.length === 0
    ? []
    : [fieldErrors.invalid(path, value, `may have mixed case, but should otherwise match: ${problems.join(',')}`)]
}

function* children(schema: JsonSchema, value: unknown, path: FieldPath | undefined): Generator<[JsonSchema, unknown, FieldPath]> {
  if (Array.isArray(value)) {
    const items = itemsOf(schema)
    if (items && path) for (const [i, item] of value.entries()) yield [items, item, path.index(i)]
  } else if (isObject(value)) {
    const additional = additionalOf(schema)
    for (const key of Object.keys(value)) {
      const property = propertyOf(schema, key)
      if (property) yield [property, value[key], path ? path.child(key) : FieldPath.root(key)]
      else if (additional && path) yield [additional, value[key], path.key(key)]
    }
  }
}
