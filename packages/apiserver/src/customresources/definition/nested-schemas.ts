import { CustomResourceDefinition } from '@treeline/api'
import { isObject, normalise, type Schema } from '@treeline/machinery'

/**
 * Brings schemas behind `items` and `additionalProperties` into canonical form. Their types are unions with a JSON form
 * of their own, so the walk over the definition's own schema leaves them as they came. Changes `definition`.
 */
export function normaliseNestedSchemas(definition: CustomResourceDefinition): void {
  for (const version of definition.spec?.versions ?? []) {
    const schema = version.schema?.openAPIV3Schema
    if (isObject(schema)) visit(schema)
  }
}

function visit(schema: Record<string, unknown>): void {
  for (const keyword of ['items', 'additionalProperties', 'additionalItems', 'not']) {
    const inner = schema[keyword]
    if (isObject(inner)) schema[keyword] = canonical(inner, keyword === 'not')
    else if (Array.isArray(inner)) schema[keyword] = inner.map((item: unknown) => (isObject(item) ? canonical(item, false) : item))
  }
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    const inner = schema[keyword]
    if (Array.isArray(inner)) for (const item of inner) if (isObject(item)) visit(item)
  }
  for (const keyword of ['properties', 'patternProperties', 'definitions']) {
    const inner = schema[keyword]
    if (isObject(inner)) for (const key of Object.keys(inner)) if (isObject(inner[key])) visit(inner[key])
  }
}

// What the definition's own walk has reached is canonical already.
function canonical(schema: Record<string, unknown>, reached: boolean): Record<string, unknown> {
  const result = reached ? schema : normalise(schemaOfSchemas(), schema)
  visit(result)
  return result
}

let known: Schema | undefined

function schemaOfSchemas(): Schema {
  known ??= ['spec', 'versions', 'schema', 'openAPIV3Schema'].reduce(fieldOf, CustomResourceDefinition.schema as Schema)
  return known
}

function fieldOf(schema: Schema, name: string): Schema {
  const struct = schema.type === 'list' ? schema.items : schema
  const field = struct.type === 'struct' ? struct.fields.get(name) : undefined
  if (!field) throw new Error(`CustomResourceDefinition declares no ${name}`)
  return field.schema
}
