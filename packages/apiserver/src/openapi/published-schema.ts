import { CustomResourceDefinition, schemaOf } from '@treeline/api'
import { additionalOf, isList, type JsonSchema } from '../customresources/schema/json-schema.js'
import { type References, type SchemaObject, usedSchema } from './schema-object.js'

/**
 * The schema that the author of a custom kind has given, as a document of one of the versions says it. Version 2 has
 * neither unions nor nullable, and its readers take properties for all there are, so it says less.
 */
export function publishedSchema(schema: JsonSchema, references: References): SchemaObject {
  const reduced = references.version === 2 ? reducedToVersion2(schema) : unfolded(schema)
  const result: SchemaObject = {}
  for (const keyword of plainKeywords) if (isSaid(reduced[keyword])) result[keyword] = reduced[keyword]
  const inner = (nested: JsonSchema): SchemaObject => publishedSchema(nested, references)
  const { items, properties, additionalProperties, not } = reduced
  if (items && !isList(items)) result['items'] = inner(items)
  if (properties) result['properties'] = Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, inner(property)]))
  if (additionalProperties !== undefined) {
    const additional = additionalOf(reduced)
    result['additionalProperties'] = additional ? inner(additional) : additionalProperties
  }
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
    const members = reduced[keyword]
    if (members?.length) result[keyword] = members.map(inner)
  }
  if (not) result['not'] = inner(not)
  const open = references.version === 2 && reduced['x-kubernetes-preserve-unknown-fields']
  return reduced['x-kubernetes-embedded-resource'] && !open ? withResourceFields(result, references) : result
}

/** What is said the same way in both versions, in the order of documents. */
const plainKeywords: readonly (keyof JsonSchema)[] = [
  'description',
  'type',
  'format',
  'title',
  'default',
  'maximum',
  'exclusiveMaximum',
  'minimum',
  'exclusiveMinimum',
  'maxLength',
  'minLength',
  'pattern',
  'maxItems',
  'minItems',
  'uniqueItems',
  'multipleOf',
  'enum',
  'maxProperties',
  'minProperties',
  'required',
  'nullable',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-list-type',
  'x-kubernetes-map-type',
  'x-kubernetes-validations',
]

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0)
}

/** An integer or a string says so in the words of OpenAPI as well. */
function unfolded(schema: JsonSchema): JsonSchema {
  if (!schema['x-kubernetes-int-or-string'] || schema.anyOf || schema.allOf) return schema
  return { ...schema, anyOf: [{ type: 'integer' }, { type: 'string' }] }
}

function reducedToVersion2(schema: JsonSchema): JsonSchema {
  const { allOf: _allOf, anyOf: _anyOf, oneOf: _oneOf, not: _not, nullable, items, properties, type, required, ...rest } = schema
  const open = schema['x-kubernetes-preserve-unknown-fields']
  const shape = nullable || open ? {} : { items, properties }
  const untyped = nullable || (type === 'array' && !shape.items) || (type === 'object' && open)
  return {
    ...rest,
    ...(shape.items && { items: shape.items }),
    ...(shape.properties && { properties: shape.properties }),
    ...(!untyped && type !== undefined && { type }),
    ...(required && { required: additionalOf(schema)?.nullable ? [] : required.filter((name) => !shape.properties?.[name]?.nullable) }),
  }
}

const fieldsOfAll = CustomResourceDefinition.schema.fields

/** Descriptions and types of what every whole object has. */
export function resourceFields(metadataType: 'ObjectMeta' | 'ListMeta', references: References): SchemaObject {
  const text = (name: string): SchemaObject => ({ description: fieldsOfAll.get(name)?.description, type: 'string' })
  const description = fieldsOfAll.get('metadata')?.description
  const used = usedSchema(schemaOf(`meta.v1.${metadataType}`), references)
  // A reference allows no neighbours in version 3.
  const metadata = references.version === 3 ? { description, allOf: [used] } : { description, ...used }
  return { apiVersion: text('apiVersion'), kind: text('kind'), metadata }
}

function withResourceFields(schema: SchemaObject, references: References): SchemaObject {
  const required = new Set([...((schema['required'] as readonly string[] | undefined) ?? []), 'kind', 'apiVersion'])
  const properties = { ...(schema['properties'] as object | undefined), ...resourceFields('ObjectMeta', references) }
  return { ...schema, required: [...required], properties }
}
