import { type Fields, patchDirective, problems } from './directives.js'
import { orderMerged } from './element-order.js'
import { asFields, identity, isDeletion, isFields, itemKind } from './list-items.js'
import type { PatchMeta } from './patch-meta.js'

/** Merges an item of the patch into the one of the same key on the server. */
export type MergeItem = (original: Fields, patch: Fields) => Fields

/** Merges two lists of one kind: scalars as sets, objects by their merge key. The order of the patch goes first. */
export function mergeLists(original: unknown[], patch: unknown[], { mergeKey }: PatchMeta, mergeItem: MergeItem): unknown[] {
  if (original.length === 0 && patch.length === 0) return original
  if (itemKind(original, patch) === 'scalar') {
    return orderMerged([...new Set([...original, ...patch])], patch, original, mergeKey)
  }
  if (mergeKey === undefined) throw problems.listWithoutKey()
  const { server, items } = applyItemDirectives(original, patch, mergeKey)
  return orderMerged(mergeItems(server, items, mergeKey, mergeItem), items, server, mergeKey)
}

/** The list without the values of the deletion list. */
export function deleteScalars(original: unknown[], deletions: unknown[], meta: PatchMeta, mergeItem: MergeItem): unknown[] {
  if (original.length === 0 && deletions.length === 0) return original
  if (itemKind(original, deletions) === 'map') return mergeLists(original, deletions, meta, mergeItem)
  const gone = new Set(deletions)
  return original.filter((item) => !gone.has(item))
}

/** Throws unless the items of the patch list stand in the order that the directive gives. */
export function checkOrder(patch: readonly unknown[], order: readonly unknown[], mergeKey: string | undefined): void {
  if (patch.length === 0 || order.length === 0) return
  const items = mergeKey === undefined ? patch : patch.map(asFields).filter((item) => !isDeletion(item))
  let next = 0
  let place = 0
  while (next < items.length && place < order.length) {
    const item = items[next]
    if (isFields(item) && Object.hasOwn(item, patchDirective)) {
      next++
      continue
    }
    if (identity(item, mergeKey) === identity(order[place], mergeKey)) next++
    place++
  }
  if (next < items.length && place >= order.length) throw problems.orderMismatch(patch, order)
}

/** Items that delete or replace act on the server's list; what is left are the items to merge. */
function applyItemDirectives(original: unknown[], patch: unknown[], mergeKey: string): { server: unknown[]; items: Fields[] } {
  const items: Fields[] = []
  const deleted = new Set<unknown>()
  let replace = false
  for (const item of patch.map(asFields)) {
    const directive = item[patchDirective]
    if (!Object.hasOwn(item, patchDirective)) items.push(item)
    else if (directive === 'delete') deleted.add(identity(item, mergeKey))
    else if (directive === 'replace') replace = true
    else if (directive === 'merge') throw problems.mergingLists()
    else throw problems.unknownDirective(directive, item)
  }
  if (replace) return { server: items, items: [] }
  return { server: original.filter((item) => !deleted.has(keyOf(item, mergeKey))), items }
}

const noKey = Symbol('no key')

/** Identity of an item that may lack its key. */
function keyOf(item: unknown, mergeKey: string): unknown {
  const fields = asFields(item)
  return Object.hasOwn(fields, mergeKey) ? fields[mergeKey] : noKey
}

function mergeItems(server: readonly unknown[], items: readonly Fields[], mergeKey: string, mergeItem: MergeItem): unknown[] {
  const merged = [...server]
  const places = new Map<unknown, number>()
  merged.forEach((item, i) => {
    const key = keyOf(item, mergeKey)
    if (key !== noKey && !places.has(key)) places.set(key, i)
  })
  for (const item of items) {
    const key = identity(item, mergeKey)
    const place = places.get(key)
    if (place === undefined) places.set(key, merged.push(item) - 1)
    else merged[place] = mergeItem(asFields(merged[place]), item)
  }
  return merged
}
