import { schemaOf } from '@treeline/api'
import type { Field, ListSchema, MapSchema, Schema, StructSchema } from '@treeline/machinery'
import { additionalOf, itemsOf, type JsonSchema, propertiesOf } from './json-schema.js'

/** The schema of the objects of a custom kind, as pruning, defaulting and server-side apply walk it. */
export function kindSchema(schema: JsonSchema, name: string): StructSchema {
  const { fields, preserveUnknownFields } = structOf(schema)
  const own = new Map(typeMeta)
  for (const [key, field] of fields) if (!own.has(key)) own.set(key, field)
  return { type: 'struct', name, fields: own, ...described(schema), ...(preserveUnknownFields && { preserveUnknownFields }) }
}

const typeMeta: readonly [string, Field][] = [
  ['apiVersion', { schema: { type: 'string' }, pointer: true }],
  ['kind', { schema: { type: 'string' }, pointer: true }],
  ['metadata', { schema: schemaOf('meta.v1.ObjectMeta'), pointer: true }],
]

/** The schema of a node that is no resource of its own. */
export function nodeSchema(schema: JsonSchema): Schema {
  if (schema['x-kubernetes-int-or-string']) return { type: 'int-or-string', ...described(schema) }
  switch (schema.type) {
    case 'string':
      return { type: 'string', ...described(schema) }
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
  const embeddedResource = schema['x-kubernetes-embedded-resource']
  const declaresNothing = !schema.properties && schema.additionalProperties === undefined
  if (declaresNothing && (schema['x-kubernetes-preserve-unknown-fields'] || schema.type !== 'object')) {
    return { type: 'any', ...(embeddedResource && { embeddedResource }), ...described(schema) }
  }
  const atomic = schema['x-kubernetes-map-type'] === 'atomic'
  const additional = additionalOf(schema)
  if (additional && !schema.properties) return mapOf(schema, additional, atomic)
  return { ...structOf(schema), ...(atomic && { atomic }), ...(embeddedResource && { embeddedResource }), ...described(schema) }
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
  const open = schema['x-kubernetes-preserve-unknown-fields'] || schema.additionalProperties === true
  return { type: 'struct', fields, ...(open && { preserveUnknownFields: true }) }
}

function described(schema: JsonSchema): { nullable?: true; description?: string } {
  return { ...(schema.nullable && { nullable: true }), ...(schema.description && { description: schema.description }) }
}
