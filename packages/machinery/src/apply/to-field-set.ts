import { isObject } from '../schema/json-object.js'
import type { ListSchema, Schema } from '../schema/schema.js'
import { type FieldSet, FieldSetBuilder } from './field-set.js'
import { fieldElement, type PathElement } from './path-element.js'
import { isNamedField, itemElement, schemaOf, shapeOf } from './shape.js'

/** All paths of an object: leaves, list items, keys of maps, and empty maps. Items that share a key count as one leaf. */
export function toFieldSet(schema: Schema, value: object): FieldSet {
  const walk: Walk = { path: [], set: new FieldSetBuilder() }
  visitMap(walk, schema, value as Record<string, unknown>)
  return walk.set.build()
}

interface Walk {
  readonly path: PathElement[]
  readonly set: FieldSetBuilder
}

function visit(walk: Walk, schema: Schema, value: unknown): void {
  const shape = shapeOf(schema, value)
  if (shape === 'leaf') walk.set.add(walk.path)
  else if (shape === 'map') {
    if (isObject(value)) visitMap(walk, schema, value)
  } else if (Array.isArray(value)) visitList(walk, schema as ListSchema, value)
}

function visitMap(walk: Walk, schema: Schema, value: Record<string, unknown>): void {
  for (const key of Object.keys(value)) {
    const child = value[key]
    if (child === undefined) continue
    walk.path.push(fieldElement(key))
    visit(walk, schemaOf(schema, key), child)
    if (child === null || isEmptyMap(child) || !isNamedField(schema, key)) walk.set.add(walk.path)
    walk.path.pop()
  }
}

function visitList(walk: Walk, schema: ListSchema, items: readonly unknown[]): void {
  const elements = items.map((item) => itemElement(schema, item))
  const twice = new Set(elements.filter((element, i) => elements.indexOf(element) !== i))
  items.forEach((item, i) => {
    const element = elements[i] as PathElement
    walk.path.push(element)
    if (!twice.has(element)) visit(walk, schema.items, item)
    walk.set.add(walk.path)
    walk.path.pop()
  })
}

function isEmptyMap(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0
}
