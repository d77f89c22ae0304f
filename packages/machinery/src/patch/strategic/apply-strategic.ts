import { deepCopy, getKey, setKey } from '../../objects/deep-copy.js'
import type { Schema } from '../../schema/schema.js'
import { deletePrefix, directiveField, type Fields, orderPrefix, patchDirective, problems, retainKeysDirective } from './directives.js'
import { orderMerged } from './element-order.js'
import { asFields, identity, isDeletion, isFields, positions } from './list-items.js'
import { checkOrder, deleteScalars, type MergeItem, mergeLists } from './merge-lists.js'
import { listMeta, objectMeta, type PatchMeta } from './patch-meta.js'

/**
 * Applies a strategic merge patch to a copy of the object. The schema says which lists merge and by which key. Throws
 * StatusError: BadRequest for malformed directives, an untyped 500 for what upstream answers so.
 */
export function applyStrategicMergePatch(schema: Schema, original: unknown, patch: unknown): Fields {
  return mergeObjects(asFields(deepCopy(original)), asFields(deepCopy(patch)), schema)
}

/** Merges `patch` into `original`; both are used up. */
function mergeObjects(original: Fields, patch: Fields, schema: Schema): Fields {
  if (Object.hasOwn(patch, patchDirective)) return wholeObject(patch)
  retainKeys(original, patch)
  mergeOrderedLists(original, patch, schema)
  for (const key of Object.keys(patch)) {
    if (key.startsWith(deletePrefix)) mergeDeletions(original, key, patch[key], schema)
    else mergeField(original, key, patch[key], schema)
  }
  return original
}

function wholeObject(patch: Fields): Fields {
  const directive = patch[patchDirective]
  if (directive === 'delete') return {}
  if (directive !== 'replace') throw problems.unknownDirective(directive, patch)
  delete patch[patchDirective]
  return patch
}

function retainKeys(original: Fields, patch: Fields): void {
  if (!Object.hasOwn(patch, retainKeysDirective)) return
  const listed = patch[retainKeysDirective]
  delete patch[retainKeysDirective]
  if (!Array.isArray(listed)) throw problems.retainKeysFormat()
  const keys = new Set<unknown>(listed)
  for (const key of Object.keys(patch)) {
    if (patch[key] === null || key.startsWith(deletePrefix) || key.startsWith(orderPrefix)) continue
    if (!keys.has(key)) throw problems.retainKeysFormat()
  }
  for (const key of Object.keys(original)) if (!keys.has(key)) delete original[key]
}

/** Lists that come with an order of their elements; they are taken out of the patch. */
function mergeOrderedLists(original: Fields, patch: Fields, schema: Schema): void {
  for (const directive of Object.keys(patch)) {
    if (!directive.startsWith(orderPrefix)) continue
    const order = patch[directive]
    delete patch[directive]
    if (!Array.isArray(order)) throw problems.wrongType('list', order)
    const key = directiveField(directive, orderPrefix)
    const before = listAt(original, key)
    const change = listAt(patch, key)
    const meta = listMeta(schema, key)
    if (change) checkOrder(change, order, meta.mergeKey)
    const merged = before && change ? mergeListField(before, change, meta) : (before ?? (change && withoutDirectives(change)))
    if (!Array.isArray(merged)) continue
    if ((before?.length ?? 0) + (change?.length ?? 0) === 0) throw problems.noElements()
    setKey(original, key, orderMerged(merged, order, serverOrder(before ?? [], change ?? [], meta.mergeKey), meta.mergeKey))
    delete patch[key]
  }
}

/** The order on the server. Upstream lets new items take the places that deleted ones leave free. */
function serverOrder(before: readonly unknown[], change: readonly unknown[], mergeKey: string | undefined): readonly unknown[] {
  if (mergeKey === undefined || before.length === 0 || !change.some(isDeletion)) return before
  const deleted = new Set(change.filter(isDeletion).map((item) => identity(item, mergeKey)))
  const known = positions(before, mergeKey)
  const kept = before.filter((item) => !deleted.has(identity(item, mergeKey)))
  const added = change.filter((item) => !hasDirective(item) && !known.has(identity(item, mergeKey)))
  return [...kept, ...added.slice(0, before.length - kept.length)]
}

function listAt(fields: Fields, key: string): unknown[] | undefined {
  if (!Object.hasOwn(fields, key)) return undefined
  const list = fields[key]
  if (!Array.isArray(list)) throw problems.wrongType('list', list)
  return list
}

function mergeDeletions(original: Fields, directive: string, deletions: unknown, schema: Schema): void {
  const key = directiveField(directive, deletePrefix)
  if (deletions === null) delete original[key]
  const list = getKey(original, key)
  if (!Array.isArray(list) || !Array.isArray(deletions)) return
  const meta = listMeta(schema, key)
  setKey(original, key, deleteScalars(list, deletions, meta, mergeItemOf(meta)))
}

function mergeField(original: Fields, key: string, change: unknown, schema: Schema): void {
  const before = getKey(original, key)
  if (change === null) delete original[key]
  else if (isFields(before) && isFields(change)) {
    const meta = objectMeta(schema, key)
    setKey(original, key, meta.strategy === 'replace' ? change : mergeObjects(before, change, meta.schema))
  } else if (Array.isArray(before) && Array.isArray(change)) {
    setKey(original, key, mergeListField(before, change, listMeta(schema, key)))
  } else if (isFields(change) && Object.hasOwn(change, patchDirective)) delete original[key]
  else setKey(original, key, withoutDirectives(withoutNulls(change)))
}

function mergeListField(before: unknown[], change: unknown[], meta: PatchMeta): unknown[] {
  return meta.strategy === 'merge' ? mergeLists(before, change, meta, mergeItemOf(meta)) : change
}

function mergeItemOf(meta: PatchMeta): MergeItem {
  return (item, change) => mergeObjects(item, change, meta.schema)
}

/** A value that is new on the server: nested objects that only carry a directive are left out. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !hasDirective(item)).map(withoutDirectives)
  if (!isFields(value)) return value
  for (const key of Object.keys(value)) {
    if (hasDirective(value[key])) delete value[key]
    else setKey(value, key, withoutDirectives(value[key]))
  }
  return value
}

function hasDirective(value: unknown): boolean {
  return isFields(value) && Object.hasOwn(value, patchDirective)
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) for (const item of value) withoutNulls(item)
  else if (isFields(value)) {
    for (const key of Object.keys(value)) {
      if (value[key] === null) delete value[key]
      else withoutNulls(value[key])
    }
  }
  return value
}
