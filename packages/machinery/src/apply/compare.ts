import { deepEqual } from '../objects/deep-equal.js'
import { isObject } from '../schema/json-object.js'
import type { ListSchema, Schema } from '../schema/schema.js'
import { emptyFieldSet, type FieldSet, FieldSetBuilder, isEmptySet, recursiveDifference } from './field-set.js'
import { fieldElement, type PathElement } from './path-element.js'
import { itemElement, schemaOf, shapeOf } from './shape.js'
import { treeOf } from './to-field-set.js'

/** What differs between two objects. No path is in two of the sets. */
export interface Comparison {
  readonly added: FieldSet
  readonly modified: FieldSet
  readonly removed: FieldSet
}

/**
 * Compares two objects of one schema as server-side apply sees them, but for their managed fields. Throws an Error when an item of a keyed list has no key.
 */
export function compareObjects(schema: Schema, before: object, after: object): Comparison {
  if (before === after) return noDifference
  const walk: Walk = { path: [], added: new FieldSetBuilder(), modified: new FieldSetBuilder(), removed: new FieldSetBuilder() }
  compareMaps(walk, schema, before as JsonObject, after as JsonObject)
  return { added: walk.added.build(), modified: walk.modified.build(), removed: walk.removed.build() }
}

/** The comparison without the paths of `fields` and what is below them. */
export function excludeFields(comparison: Comparison, fields: FieldSet | undefined): Comparison {
  if (!fields || isEmptySet(fields)) return comparison
  return {
    added: recursiveDifference(comparison.added, fields),
    modified: recursiveDifference(comparison.modified, fields),
    removed: recursiveDifference(comparison.removed, fields),
  }
}

/** Whether nothing differs. */
export function isSame(comparison: Comparison): boolean {
  return isEmptySet(comparison.added) && isEmptySet(comparison.modified) && isEmptySet(comparison.removed)
}

const noDifference: Comparison = { added: emptyFieldSet, modified: emptyFieldSet, removed: emptyFieldSet }

type JsonObject = Record<string, unknown>

interface Walk {
  readonly path: PathElement[]
  readonly added: FieldSetBuilder
  readonly modified: FieldSetBuilder
  readonly removed: FieldSetBuilder
}

// An absent value is undefined; at most one side is.
function compareAt(walk: Walk, schema: Schema, before: unknown, after: unknown): void {
  if (before === after) return
  if (before === undefined) {
    walk.added.addTree(walk.path, treeOf(schema, after))
    return
  }
  if (after === undefined) {
    walk.removed.addTree(walk.path, treeOf(schema, before))
    return
  }
  const shapeBefore = shapeOf(schema, before ?? after)
  const shape = shapeOf(schema, after ?? before)
  if (shapeBefore !== shape) compareShapes(walk, schema, before, after, shapeBefore === 'map')
  else if (shape === 'leaf' || (isVoid(before) && isVoid(after))) compareLeaf(walk, before, after)
  else if (shape === 'map') compareMaps(walk, schema, asMap(before), asMap(after))
  else compareLists(walk, schema as ListSchema, asList(before), asList(after))
}

// Only free-form values change their shape: the one that was a map loses its fields, the other is a changed leaf.
function compareShapes(walk: Walk, schema: Schema, before: unknown, after: unknown, mapBefore: boolean): void {
  if (mapBefore) compareMaps(walk, schema, asMap(before), undefined)
  else compareMaps(walk, schema, undefined, asMap(after))
  walk.modified.add(walk.path)
}

function compareLeaf(walk: Walk, before: unknown, after: unknown): void {
  if (!deepEqual(before, after)) walk.modified.add(walk.path)
}

function compareMaps(walk: Walk, schema: Schema, before: JsonObject | undefined, after: JsonObject | undefined): void {
  for (const key in after) {
    const next = after[key]
    const old = before && Object.hasOwn(before, key) ? before[key] : undefined
    if (old === next || (key === 'managedFields' && walk.path.length === 1) || deepEqual(old, next)) continue
    walk.path.push(fieldElement(key))
    compareAt(walk, schemaOf(schema, key), old, next)
    walk.path.pop()
  }
  for (const key in before) {
    if (before[key] === undefined || (after && Object.hasOwn(after, key))) continue
    walk.path.push(fieldElement(key))
    compareAt(walk, schemaOf(schema, key), before[key], undefined)
    walk.path.pop()
  }
}

function compareLists(walk: Walk, schema: ListSchema, before: readonly unknown[], after: readonly unknown[]): void {
  if (sameItemsInOrder(walk, schema, before, after)) return
  const oldItems = groupItems(schema, before)
  const newItems = groupItems(schema, after)
  for (const [element, next] of newItems) compareItems(walk, schema, element, oldItems.get(element) ?? [], next)
  for (const [element, old] of oldItems) if (!newItems.has(element)) compareItems(walk, schema, element, old, [])
}

// The usual case: the same keys in the same order, none twice. Anything else is for the maps.
function sameItemsInOrder(walk: Walk, schema: ListSchema, before: readonly unknown[], after: readonly unknown[]): boolean {
  if (before.length !== after.length || before.length > 16) return false
  const elements: PathElement[] = []
  for (let i = 0; i < after.length; i++) {
    const element = itemElement(schema, after[i])
    if (itemElement(schema, before[i]) !== element || elements.includes(element)) return false
    elements.push(element)
  }
  for (let i = 0; i < after.length; i++) {
    if (deepEqual(before[i], after[i])) continue
    walk.path.push(elements[i] as PathElement)
    compareAt(walk, schema.items, before[i], after[i])
    walk.path.pop()
  }
  return true
}

function groupItems(schema: ListSchema, items: readonly unknown[]): Map<PathElement, unknown[]> {
  const groups = new Map<PathElement, unknown[]>()
  for (const item of items) {
    const element = itemElement(schema, item)
    const group = groups.get(element)
    if (group) group.push(item)
    else groups.set(element, [item])
  }
  return groups
}

// Items that share a key are owned together, as one leaf at that key.
function compareItems(walk: Walk, schema: ListSchema, element: PathElement, before: readonly unknown[], after: readonly unknown[]): void {
  const wereMany = before.length > 1
  const areMany = after.length > 1
  if (wereMany && areMany) {
    if (!deepEqual(before, after)) walk.modified.add([...walk.path, element])
    return
  }
  walk.path.push(element)
  if (wereMany) {
    if (after.length > 0) compareAt(walk, schema.items, undefined, after[0])
    walk.removed.add(walk.path)
  } else if (areMany) {
    if (before.length > 0) compareAt(walk, schema.items, before[0], undefined)
    walk.added.add(walk.path)
  } else compareAt(walk, schema.items, before[0], after[0])
  walk.path.pop()
}

function isVoid(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (typeof value !== 'object') return false
  if (Array.isArray(value)) return value.length === 0
  for (const _ in value) return false
  return true
}

function asMap(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
