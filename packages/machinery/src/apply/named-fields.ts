import type { Schema } from '../schema/schema.js'
import { emptyFieldSet, type FieldSet, isMember } from './field-set.js'
import { deduced, isNamedField, schemaOf } from './shape.js'

/** The set with the named fields on the way to its paths made members too: `spec.replicas` brings `spec`, not so keys of maps. */
export function withNamedFields(schema: Schema, set: FieldSet): FieldSet {
  const result: Record<string, FieldSet> = {}
  for (const element of Object.keys(set)) {
    const child = set[element] as FieldSet
    if (element === '.') {
      result[element] = child
      continue
    }
    const name = element.startsWith('f:') ? element.slice(2) : undefined
    const below = withNamedFields(childSchema(schema, element, name), child)
    const becomesMember = name !== undefined && isNamedField(schema, name) && !isMember(child)
    result[element] = becomesMember ? { '.': emptyFieldSet, ...below } : below
  }
  return result
}

function childSchema(schema: Schema, element: string, name: string | undefined): Schema {
  if (name !== undefined) return schema.type === 'list' ? deduced : schemaOf(schema, name)
  return element.startsWith('k:') && schema.type === 'list' ? schema.items : deduced
}
