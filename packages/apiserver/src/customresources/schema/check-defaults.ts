import {
  deepCopy,
  deepEqual,
  type FieldError,
  FieldPath,
  fieldErrors,
  formatFieldError,
  isObject,
  prune,
  type StructSchema,
} from '@treeline/machinery'
import { coerceEmbedded, embeddedErrors } from '../values/embedded-resources.js'
import { fieldErrorsOf } from '../values/outcome.js'
import { ValueValidator } from '../values/value-validator.js'
import { itemsOf, type JsonSchema, propertiesOf } from './json-schema.js'
import { nodeSchema } from './kind-schema.js'

const metaFields: ReadonlySet<string> = new Set(['metadata', 'kind', 'apiVersion'])

/** Whether the defaults in a structural schema keep its rules: they validate, and hold nothing that would be pruned. */
export function defaultErrors(schema: JsonSchema, path: FieldPath, requirePruned: boolean): FieldError[] {
  const errors: FieldError[] = []
  visit({ ...schema, 'x-kubernetes-embedded-resource': true }, path, true, undefined, requirePruned, errors)
  return errors
}

/** The way from the surrounding resource to a default inside its metadata. */
type Surrounding = (value: unknown) => Record<string, unknown>

function visit(
  schema: JsonSchema,
  path: FieldPath,
  isRoot: boolean,
  around: Surrounding | undefined,
  requirePruned: boolean,
  errors: FieldError[],
): void {
  const isResource = isRoot || schema['x-kubernetes-embedded-resource'] === true
  if (schema.default !== undefined && schema.default !== null) {
    if (around) errors.push(...metadataDefaultErrors(schema, path.child('default'), around))
    else errors.push(...plainDefaultErrors(schema, path.child('default'), requirePruned))
  }
  const items = itemsOf(schema)
  if (items) visit(items, path.child('items'), false, around && ((value) => around([value])), requirePruned, errors)
  for (const [name, property] of propertiesOf(schema)) {
    const outer: Surrounding | undefined = isResource && metaFields.has(name) ? surroundingResource : around
    const inner: Surrounding | undefined = outer && ((value) => outer({ [name]: value }))
    visit(property, path.child('properties').key(name), false, inner, requirePruned, errors)
  }
}

const surroundingResource: Surrounding = (value) => ({ apiVersion: 'validation/v1', kind: 'Validation', ...(isObject(value) ? value : {}) })

function plainDefaultErrors(schema: JsonSchema, path: FieldPath, requirePruned: boolean): FieldError[] {
  const errors: FieldError[] = []
  if (requirePruned && !isPruned(schema)) errors.push(fieldErrors.invalid(path, schema.default, 'must not have unknown fields'))
  const value = deepCopy(schema.default)
  const wrapped: JsonSchema = { type: 'object', properties: { value: schema } }
  const { problem } = coerceEmbedded(wrapped, { value }, false)
  if (problem) return [...errors, inDefault(problem, path)]
  const embedded = embeddedErrors(wrapped, { value })
  if (embedded.length > 0) return [...errors, ...embedded.map((error) => inDefault(error, path))]
  return [...errors, ...fieldErrorsOf(new ValueValidator(schema, { forDefaults: true }).validate(value, '').problems, path)]
}

function inDefault(error: FieldError, path: FieldPath): FieldError {
  return { ...error, field: error.field.replace(/^value/, path.toString()) }
}

function metadataDefaultErrors(schema: JsonSchema, path: FieldPath, around: Surrounding): FieldError[] {
  const resource: JsonSchema = { type: 'object', properties: { value: { type: 'object', 'x-kubernetes-embedded-resource': true } } }
  const value = around(deepCopy(schema.default))
  const { problem } = coerceEmbedded(resource, { value }, false)
  const found = problem ? [problem] : embeddedErrors(resource, { value })
  if (found.length > 0) {
    const text = found.map((error) => formatFieldError({ ...error, field: error.field.replace(/^value\./, '') })).join(', ')
    return [fieldErrors.invalid(path, schema.default, `must result in valid metadata: ${found.length > 1 ? `[${text}]` : text}`)]
  }
  return fieldErrorsOf(new ValueValidator(schema, { forDefaults: true }).validate(schema.default, '').problems, path)
}

function isPruned(schema: JsonSchema): boolean {
  const pruned = { value: deepCopy(schema.default) }
  const holder: StructSchema = { type: 'struct', fields: new Map([['value', { schema: nodeSchema(schema) }]]) }
  prune(holder, pruned)
  return deepEqual(pruned.value, schema.default)
}

/** Whether any default of the schema holds fields that pruning takes away. */
export function hasUnprunedDefaults(schema: JsonSchema): boolean {
  return defaultErrors(schema, FieldPath.root('schema'), true).some(({ detail }) => detail === 'must not have unknown fields')
}
