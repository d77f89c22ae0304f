import type { Field, Schema, StructSchema } from '@treeline/machinery'

/** A schema object of OpenAPI, version 2 or 3. */
export type SchemaObject = Record<string, unknown>

/** Where named types are referred to, and who learns of each. */
export interface References {
  readonly prefix: string
  /** Called with every named type that a schema refers to. */
  readonly seen: (name: string, schema: Schema) => void
  /** OpenAPI 2 knows no oneOf. */
  readonly version: 2 | 3
}

/** The schema of a value at its place of use: a reference for named types, else the type itself. */
export function usedSchema(schema: Schema, references: References): SchemaObject {
  const name = nameOf(schema)
  if (name === undefined) return ownSchema(schema, references)
  references.seen(name, schema)
  return { $ref: references.prefix + name }
}

/** What a type is, spelled out. */
export function ownSchema(schema: Schema, references: References): SchemaObject {
  const described = schema.description ? { description: schema.description } : {}
  const nullable = schema.nullable && references.version === 3 ? { nullable: true } : {}
  switch (schema.type) {
    case 'struct':
      return { ...described, ...structSchema(schema, references), ...nullable }
    case 'map':
      return {
        ...described,
        type: 'object',
        additionalProperties: elementSchema(schema.values, references),
        ...(schema.atomic && { 'x-kubernetes-map-type': 'atomic' }),
        ...nullable,
      }
    case 'list':
      return {
        ...described,
        type: 'array',
        items: elementSchema(schema.items, references),
        ...(schema.listType === 'map' && { 'x-kubernetes-list-map-keys': schema.keys }),
        'x-kubernetes-list-type': schema.listType,
        ...nullable,
      }
    case 'any':
      return {
        ...described,
        ...(schema.name === undefined ? { 'x-kubernetes-preserve-unknown-fields': true } : { type: 'object' }),
      }
    default:
      return { ...described, ...scalarSchema(schema.type, references.version), ...(schema.values && { enum: schema.values }), ...nullable }
  }
}

function structSchema(schema: StructSchema, references: References): SchemaObject {
  const required: string[] = []
  const properties: Record<string, SchemaObject> = {}
  for (const [name, field] of schema.fields) {
    if (field.required) required.push(name)
    properties[name] = propertySchema(field, references)
  }
  return {
    type: 'object',
    ...(required.length > 0 && { required }),
    ...(schema.fields.size > 0 && { properties }),
    ...(schema.atomic && { 'x-kubernetes-map-type': 'atomic' }),
    ...(schema.preserveUnknownFields && { 'x-kubernetes-preserve-unknown-fields': true }),
    ...(schema.embeddedResource && { 'x-kubernetes-embedded-resource': true }),
  }
}

function propertySchema(field: Field, references: References): SchemaObject {
  const used = usedSchema(field.schema, references)
  const extra: SchemaObject = {
    ...(field.description && { description: field.description }),
    ...(field.default !== undefined && { default: field.default }),
    ...(field.patchMergeKey && { 'x-kubernetes-patch-merge-key': field.patchMergeKey }),
    ...(field.patchStrategy && { 'x-kubernetes-patch-strategy': field.patchStrategy.join(',') }),
  }
  if (Object.keys(extra).length === 0) return used
  if (!('$ref' in used)) return { ...used, ...extra }
  // A reference allows no neighbours in version 3; version 2 readers take them.
  return references.version === 3 ? { allOf: [used], ...extra } : { ...used, ...extra }
}

function elementSchema(schema: Schema, references: References): SchemaObject {
  return usedSchema(schema, references)
}

function nameOf(schema: Schema): string | undefined {
  return 'name' in schema ? schema.name : undefined
}

const scalars: Readonly<Record<string, SchemaObject>> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  number: { type: 'number', format: 'double' },
  time: { type: 'string', format: 'date-time' },
  'micro-time': { type: 'string', format: 'date-time' },
  duration: { type: 'string' },
  bytes: { type: 'string', format: 'byte' },
}

function scalarSchema(type: string, version: 2 | 3): SchemaObject {
  if (type === 'quantity') return version === 3 ? { oneOf: [{ type: 'string' }, { type: 'number' }] } : { type: 'string' }
  if (type === 'int-or-string') {
    return version === 3
      ? { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' }
      : { type: 'string', format: 'int-or-string' }
  }
  return scalars[type] ?? { type: 'string' }
}
