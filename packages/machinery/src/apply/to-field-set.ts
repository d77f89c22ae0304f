import { isObject } from '../schema/json-object.js'
import type { ListSchema, Schema } from '../schema/schema.js'
import { emptyFieldSet, type FieldSet, memberWith } from './field-set.js'
import { fieldElement, type PathElement } from './path-element.js'
import { isNamedField, itemElement, schemaOf, shapeOf } from './shape.js'

/** All paths of an object: leaves, list items, keys of maps, and empty maps. Items that share a key count as one leaf. */
export function toFieldSet(schema: Schema, value: object): FieldSet {
  return fieldsOf(schema, value as Record<string, unknown>)
}

/** The tree of a value that came to be: it and all its parts belong to the set. */
export function treeOf(schema: Schema, value: unknown): FieldSet {
  const shape = shapeOf(schema, value)
  const children: Tree = {}
  if (shape === 'map' && isObject(value)) {
    for (const key of Object.keys(value)) {
      const child = value[key]
      if (child !== undefined) children[fieldElement(key)] = treeOf(schemaOf(schema, key), child)
    }
  } else if (shape === 'list' && Array.isArray(value)) {
    for (const item of value) {
      const element = itemElement(schema as ListSchema, item)
      children[element] = children[element] ? {} : treeOf((schema as ListSchema).items, item)
    }
  }
  return memberWith(children)
}

type Tree = Record<PathElement, FieldSet>

// Undefined when nothing of the value belongs to the set.
function subtree(schema: Schema, value: unknown): FieldSet | undefined {
  const shape = shapeOf(schema, value)
  if (shape === 'leaf') return {}
  const children =
    shape === 'map' ? isObject(value) && fieldsOf(schema, value) : Array.isArray(value) && itemsOf(schema as ListSchema, value)
  return children && !isEmpty(children) ? children : undefined
}

function fieldsOf(schema: Schema, value: Record<string, unknown>): Tree {
  const result: Tree = {}
  for (const key of Object.keys(value)) {
    const child = value[key]
    if (child === undefined) continue
    const below = subtree(schemaOf(schema, key), child)
    if (child === null || !isNamedField(schema, key) || (isObject(child) && isEmpty(child)))
      result[fieldElement(key)] = memberWith({ ...below })
    else if (below) result[fieldElement(key)] = below
  }
  return result
}

function itemsOf(schema: ListSchema, items: readonly unknown[]): Tree {
  const result: Tree = {}
  for (const item of items) {
    const element = itemElement(schema, item)
    result[element] = result[element] ? emptyFieldSet : memberWith({ ...subtree(schema.items, item) })
  }
  return result
}

function isEmpty(value: object): boolean {
  for (const _ in value) return false
  return true
}
