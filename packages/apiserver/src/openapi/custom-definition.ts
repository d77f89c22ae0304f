import type { Kind } from '@treeline/api'
import type { JsonSchema } from '../customresources/schema/json-schema.js'
import { publishedSchema, resourceFields } from './published-schema.js'
import type { References, SchemaObject } from './schema-object.js'

/** The definition of the objects of a custom kind: the schema of its author, with what all objects have. */
export function customDefinition(kind: Kind, schema: JsonSchema, references: References): SchemaObject {
  // Clients of version 2 take properties for all there are.
  if (references.version === 2 && schema['x-kubernetes-preserve-unknown-fields']) return { type: 'object', ...selectable(kind) }
  const own = publishedSchema(schema, references)
  const properties = { ...(own['properties'] as object | undefined), ...resourceFields('ObjectMeta', references) }
  return { ...own, properties, ...selectable(kind) }
}

/** The definition of lists of a custom kind, whose objects are of `type`. */
export function customListDefinition(kind: Kind, type: string, references: References): SchemaObject {
  const items = { description: `The ${kind.plural} of the list.`, type: 'array', items: { $ref: references.prefix + type } }
  return {
    description: `${kind.listKind} is a list of ${kind.kind}.`,
    type: 'object',
    required: ['items'],
    properties: { ...resourceFields('ListMeta', references), items },
    ...selectable(kind),
  }
}

function selectable(kind: Kind): SchemaObject {
  const fields = Object.keys(kind.selectableFields)
  return fields.length === 0 ? {} : { 'x-kubernetes-selectable-fields': fields.map((fieldPath) => ({ fieldPath })) }
}
