import type { Schema } from '../schema/schema.js'
import { type FieldSet, FieldSetBuilder, isEmptySet, recursiveDifference, union } from './field-set.js'
import type { PathElement } from './path-element.js'
import { declaredSchemaOf, deduced } from './shape.js'

/**
 * A set that was recorded while a list, map or struct was granular, after the schema has made it atomic: who owned
 * something below it now owns the whole. The other direction needs nothing. Returns the set itself when nothing changes.
 */
export function reconcileWithSchema(set: FieldSet, schema: Schema): FieldSet {
  const atomic = new FieldSetBuilder()
  for (const element of Object.keys(set)) collect(atomic, [element], set[element] as FieldSet, childSchema(schema, element))
  const nowAtomic = atomic.build()
  return isEmptySet(nowAtomic) ? set : union(recursiveDifference(set, nowAtomic), nowAtomic)
}

function collect(atomic: FieldSetBuilder, path: PathElement[], node: FieldSet, schema: Schema | undefined): void {
  if (!schema || schema.type === 'any' || isEmptySet(node)) return
  if (isAtomic(schema)) {
    if (hasChildren(node)) atomic.add(path)
    return
  }
  for (const element of Object.keys(node)) {
    if (element === '.') continue
    path.push(element)
    collect(atomic, path, node[element] as FieldSet, childSchema(schema, element))
    path.pop()
  }
}

function isAtomic(schema: Schema): boolean {
  if (schema.type === 'list') return schema.listType === 'atomic'
  return (schema.type === 'struct' || schema.type === 'map') && schema.atomic === true
}

function hasChildren(node: FieldSet): boolean {
  return Object.keys(node).some((element) => element !== '.')
}

function childSchema(schema: Schema, element: PathElement): Schema | undefined {
  if (schema.type === 'list') return schema.items
  return element.startsWith('f:') ? declaredSchemaOf(schema, element.slice(2)) : deduced
}
