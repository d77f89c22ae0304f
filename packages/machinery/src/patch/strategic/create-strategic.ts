import { deepCopy, getKey, setKey } from '../../objects/deep-copy.js'
import { deepEqual } from '../../objects/deep-equal.js'
import type { Schema } from '../../schema/schema.js'
import { goValue } from '../../text/go-value.js'
import { deletePrefix, type Fields, orderPrefix, patchDirective, retainKeysDirective } from './directives.js'
import { sortByPosition } from './element-order.js'
import { asFields, identity, isFields, itemKind, positions } from './list-items.js'
import { listMeta, objectMeta, type PatchMeta } from './patch-meta.js'

/**
 * The strategic merge patch that turns `from` into `to`; empty when they are equal. Merge keys must be unique within a
 * list, and nulls in `to` delete.
 */
export function createStrategicMergePatch(schema: Schema, from: unknown, to: unknown): Fields {
  return diffObjects(asFields(from), asFields(to), schema, false)
}

function diffObjects(from: Fields, to: Fields, schema: Schema, withRetainKeys: boolean): Fields {
  const patch: Fields = {}
  for (const key of Object.keys(to)) {
    const before = getKey(from, key)
    const after = to[key]
    if (after === undefined) continue
    if (isFields(before) && isFields(after)) diffObjectField(patch, key, before, after, schema)
    else if (Array.isArray(before) && Array.isArray(after)) diffListField(patch, key, before, after, schema)
    else if (!(Object.hasOwn(from, key) && deepEqual(before, after))) setKey(patch, key, deepCopy(after))
  }
  let dropped = false
  for (const key of Object.keys(from)) {
    if (getKey(to, key) !== undefined) continue
    dropped ||= from[key] !== null
    setKey(patch, key, null)
  }
  const retained = Object.keys(to).filter((key) => to[key] !== null && to[key] !== undefined)
  if (withRetainKeys && retained.length > 0 && (dropped || Object.keys(patch).length > 0)) patch[retainKeysDirective] = retained.sort()
  return patch
}

function diffObjectField(patch: Fields, key: string, before: Fields, after: Fields, schema: Schema): void {
  if (deepEqual(before, after)) return
  const meta = objectMeta(schema, key)
  const change = meta.strategy === 'replace' ? deepCopy(after) : diffObjects(before, after, meta.schema, meta.retainKeys)
  if (meta.strategy === 'replace' || Object.keys(change).length > 0) setKey(patch, key, change)
}

function diffListField(patch: Fields, key: string, before: unknown[], after: unknown[], schema: Schema): void {
  if (deepEqual(before, after)) return
  const meta = listMeta(schema, key)
  if (meta.strategy !== 'merge' || before.length === 0) {
    setKey(patch, key, deepCopy(after))
    return
  }
  if (itemKind(before, after) === 'scalar') diffScalars(patch, key, before, after)
  else diffItems(patch, key, before.map(asFields), after.map(asFields), meta)
}

function diffScalars(patch: Fields, key: string, before: readonly unknown[], after: readonly unknown[]): void {
  const added = sortedByText(after).filter((value) => !before.includes(value))
  const deleted = sortedByText(before).filter((value) => !after.includes(value))
  if (added.length > 0) setKey(patch, key, sortByPosition([...new Set(added)], positions(after, undefined), undefined))
  if (deleted.length > 0) patch[`${deletePrefix}/${key}`] = [...new Set(deleted)]
  if (after.length > 0) patch[`${orderPrefix}/${key}`] = [...after]
}

function diffItems(patch: Fields, key: string, before: readonly Fields[], after: readonly Fields[], meta: PatchMeta): void {
  const mergeKey = meta.mergeKey ?? ''
  const old = new Map(before.map((item) => [identity(item, mergeKey), item]))
  const kept = new Set(after.map((item) => identity(item, mergeKey)))
  const changes: Fields[] = []
  for (const item of after) {
    const id = identity(item, mergeKey)
    const previous = old.get(id)
    const change = previous ? diffObjects(previous, item, meta.schema, meta.retainKeys) : deepCopy(item)
    if (Object.keys(change).length > 0) changes.push({ ...change, [mergeKey]: id })
  }
  const deletions = sortedByText([...old.keys()].filter((id) => !kept.has(id))).map((id) => ({
    [patchDirective]: 'delete',
    [mergeKey]: id,
  }))
  if (changes.length + deletions.length > 0) setKey(patch, key, [...changes, ...deletions])
  if (after.length > 0) patch[`${orderPrefix}/${key}`] = after.map((item) => ({ [mergeKey]: item[mergeKey] }))
}

function sortedByText(values: readonly unknown[]): unknown[] {
  const text = new Map(values.map((value) => [value, goValue(value)]))
  const of = (value: unknown) => text.get(value) ?? ''
  return [...values].sort((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0))
}
