import type { Schema } from '../../schema/schema.js'
import { errors } from '../../status/errors.js'
import { quote } from '../../text/quote.js'

/** How a field takes part in a strategic merge. */
export interface PatchMeta {
  /** Of the field's value; of its items for a list. */
  readonly schema: Schema
  readonly strategy: 'merge' | 'replace' | undefined
  readonly retainKeys: boolean
  /** Field that identifies an item; absent for lists of scalars. */
  readonly mergeKey: string | undefined
}

/** Looks a field up whose value is an object. Throws upstream's bare error when the schema has no such field. */
export function objectMeta(schema: Schema, key: string): PatchMeta {
  if (schema.type !== 'struct' && schema.type !== 'any') {
    const kind = schema.type === 'map' ? 'map' : schema.type === 'list' ? 'slice' : schema.type
    throw errors.untyped(`merging an object in json but data type is not struct, instead is: ${kind}`)
  }
  const field = schema.type === 'struct' ? schema.fields.get(key) : undefined
  if (!field) throw errors.untyped(`unable to find api field in struct ${shortName(schema.name)} for the json field ${quote(key)}`)
  const strategies = field.patchStrategy ?? []
  return {
    schema: field.schema,
    strategy: strategies.includes('replace') ? 'replace' : strategies.includes('merge') ? 'merge' : undefined,
    retainKeys: strategies.includes('retainKeys'),
    mergeKey: field.patchMergeKey,
  }
}

/** Looks a field up whose value is a list. */
export function listMeta(schema: Schema, key: string): PatchMeta {
  const meta = objectMeta(schema, key)
  if (meta.schema.type !== 'list') throw errors.untyped('expected slice or array type, but got: struct')
  if (meta.schema.items.type === 'list') throw errors.untyped('unexpected slice of slice')
  return { ...meta, schema: meta.schema.items }
}

function shortName(name: string | undefined): string {
  return name?.slice(name.lastIndexOf('.') + 1) ?? ''
}
