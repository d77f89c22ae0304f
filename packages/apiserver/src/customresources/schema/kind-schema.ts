import { schemaOf } from '@treeline/api'
import type { Field, ListSchema, MapSchema, Schema, StructSchema } from '@treeline/machinery'
import { additionalOf, itemsOf, type JsonSchema, propertiesOf } from './json-schema.js'

/** The schema of the objects of a custom kind, as pruning, defaulting and server-side apply walk it. */
export function kindSchema(schema: JsonSchema, name: string): StructSchema {
  return { ...asResource(structOf(schema)), name, ...described(schema) }
}

const typeMeta: readonly [string, Field][] = [
  ['apiVersion', { schema: { type: 'string' }, pointer: true }],
  ['kind', { schema: { type: 'string' }, pointer: true }],
  ['metadata', { schema: schemaOf('meta.v1.ObjectMeta'), pointer: true }],
]

/** The schema of a node that is no resource of its own. */
export function nodeSchema(schema: JsonSchema): Schema {
  if (schema['x-kubernetes-int-or-string']) return { type: 'any', emptiesObjects: true, ...described(schema) }
  switch (schema.type) {
    case 'string':
      return { type: isPlainText(schema.format) ? 'string' : 'int-or-string', ...described(schema) }
    case 'boolean':
      return { type: 'boolean', ...described(schema) }
    case 'integer':
      return { type: schema.format === 'int32' ? 'int32' : 'int64', ...described(schema) }
    case 'number':
      return { type: 'number', ...described(schema) }
    case 'array':
      return listOf(schema)
    default:
      return objectOf(schema)
  }
}

/** To server-side apply, a text of any other format is any scalar. */
function isPlainText(format: string | undefined): boolean {
  return !format || format === 'byte'
}

function listOf(schema: JsonSchema): ListSchema {
  const items = itemsOf(schema)
  const listType = schema['x-kubernetes-list-type']
  return {
    type: 'list',
    items: items ? nodeSchema(items) : { type: 'any' },
    listType: listType === 'set' || listType === 'map' ? listType : 'atomic',
    keys: listType === 'map' ? (schema['x-kubernetes-list-map-keys'] ?? []) : [],
    ...(items?.default !== undefined && { itemDefault: items.default }),
    ...described(schema),
  }
}

function objectOf(schema: JsonSchema): Schema {
  const atomic = schema['x-kubernetes-map-type'] === 'atomic'
  const shape = { ...(atomic && { atomic }), ...described(schema) }
  if (schema['x-kubernetes-embedded-resource']) return { ...asResource(structOf(schema)), embeddedResource: true, ...shape }
  const declaresNothing = !schema.properties && schema.additionalProperties === undefined
  if (declaresNothing && schema.type !== 'object') return { type: 'any', ...described(schema) }
  const additional = additionalOf(schema)
  if (additional && !schema.properties) return mapOf(schema, additional, atomic)
  return { ...structOf(schema), ...shape }
}

/** With the fields that every whole object has, in the place of what is said of them. */
function asResource(schema: StructSchema): StructSchema {
  const fields = new Map(typeMeta)
  for (const [key, field] of schema.fields) if (!fields.has(key)) fields.set(key, field)
  return { ...schema, fields }
}

function mapOf(schema: JsonSchema, values: JsonSchema, atomic: boolean): MapSchema {
  return {
    type: 'map',
    values: nodeSchema(values),
    ...(values.default !== undefined && { valueDefault: values.default }),
    ...(atomic && { atomic }),
    ...described(schema),
  }
}

function structOf(schema: JsonSchema): StructSchema {
  const required = new Set(schema.required)
  const fields = new Map(
    propertiesOf(schema).map(([name, property]): [string, Field] => [
      name,
      {
        schema: nodeSchema(property),
        pointer: true,
        ...(required.has(name) && { required: true, encodeEmpty: false }),
        ...(property.default !== undefined && { default: property.default }),
        ...(property.description && { description: property.description }),
      },
    ]),
  )
  const takesAll = schema.additionalProperties === true
  const open = schema['x-kubernetes-preserve-unknown-fields'] || takesAll
  return { type: 'struct', fields, ...(open && { preserveUnknownFields: true }), ...(takesAll && { emptiesUnknownFields: true }) }
}

function described(schema: JsonSchema): { nullable?: true; description?: string } {
  return { ...(schema.nullable && { nullable: true }), ...(schema.description && { description: schema.description }) }
}
