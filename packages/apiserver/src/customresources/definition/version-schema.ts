import { type FieldError, type FieldPath, fieldErrors } from '@treeline/machinery'
import { defaultErrors } from '../schema/check-defaults.js'
import { checkSchema, conversionProblem, type SchemaCheckOptions } from '../schema/check-schema.js'
import type { JsonSchema } from '../schema/json-schema.js'
import { structuralErrors } from '../schema/structural.js'
import { shownSchema } from './shown-schema.js'

/** Which rules hold for schemas of a definition. */
export interface VersionSchemaRules extends SchemaCheckOptions {
  readonly requireStructuralSchema: boolean
  readonly requirePrunedDefaults: boolean
}

/** What is wrong with the schema of a version. `path` is that of the validation around it. */
export function versionSchemaErrors(
  validation: { readonly openAPIV3Schema?: JsonSchema } | undefined,
  hasStatus: boolean,
  rules: VersionSchemaRules,
  path: FieldPath,
): FieldError[] {
  const schema = validation?.openAPIV3Schema
  if (!schema) return []
  const at = path.child('openAPIV3Schema')
  const errors = hasStatus ? rootKeywordErrors(schema, at) : []
  if (schema.nullable) errors.push(fieldErrors.forbidden(at.child('nullable'), 'nullable cannot be true at the root'))
  let problem: string | undefined
  if (rules.requireStructuralSchema) {
    problem = conversionProblem(schema)
    if (problem === undefined) {
      const structural = structuralErrors(schema, at)
      errors.push(...(structural.length > 0 ? structural : defaultErrors(schema, at, rules.requirePrunedDefaults)))
    }
  }
  errors.push(...checkSchema(schema, at, rules))
  if (errors.length === 0 && problem !== undefined) errors.push(fieldErrors.invalid(at, '', problem))
  return errors
}

const rootKeywords: readonly (readonly [name: string, keyword: keyof JsonSchema])[] = [
  ['Description', 'description'],
  ['Type', 'type'],
  ['Format', 'format'],
  ['Title', 'title'],
  ['Maximum', 'maximum'],
  ['ExclusiveMaximum', 'exclusiveMaximum'],
  ['Minimum', 'minimum'],
  ['ExclusiveMinimum', 'exclusiveMinimum'],
  ['MaxLength', 'maxLength'],
  ['MinLength', 'minLength'],
  ['Pattern', 'pattern'],
  ['MaxItems', 'maxItems'],
  ['MinItems', 'minItems'],
  ['UniqueItems', 'uniqueItems'],
  ['MultipleOf', 'multipleOf'],
  ['Required', 'required'],
  ['Items', 'items'],
  ['Properties', 'properties'],
  ['ExternalDocs', 'externalDocs'],
  ['Example', 'example'],
  ['XPreserveUnknownFields', 'x-kubernetes-preserve-unknown-fields'],
  ['XValidations', 'x-kubernetes-validations'],
]

// With the status subresource, status is validated by its own part of the schema, so what stands at the root must not speak of it.
function rootKeywordErrors(schema: JsonSchema, path: FieldPath): FieldError[] {
  const allowed = new Set<string>(rootKeywords.map(([, keyword]) => keyword))
  const errors: FieldError[] = []
  if (schema.type && schema.type !== 'object') {
    const detail = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled'
    return [fieldErrors.invalid(path.child('type'), schema.type, detail)]
  }
  const other = Object.entries(schema).find(([keyword, value]) => !allowed.has(keyword) && value !== false && value !== '')
  if (other) {
    const names = rootKeywords.map(([name]) => name).join(' ')
    const detail = `only [${names}] fields are allowed at the root of the schema if the status subresource is enabled`
    errors.push(fieldErrors.invalid(path, shownSchema(schema), detail))
  }
  return errors
}
