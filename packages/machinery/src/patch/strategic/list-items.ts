import { type Fields, patchDirective, problems } from './directives.js'

/** What the items of a list are. */
export type ItemKind = 'map' | 'scalar'

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The one kind of all items of all lists. Throws when they differ, are lists, or there are none. */
export function itemKind(...lists: readonly (readonly unknown[])[]): ItemKind {
  let first: string | undefined
  for (const item of lists.flat(1)) {
    const kind = Array.isArray(item) ? 'list' : item === null ? 'null' : typeof item
    if (first === undefined && kind === 'list') throw problems.listOfLists()
    if (first !== undefined && first !== kind) throw problems.mixedElements(lists)
    first = kind
  }
  if (first === undefined) throw problems.noElements()
  return first === 'object' ? 'map' : 'scalar'
}

/** The item as an object. */
export function asFields(item: unknown): Fields {
  if (!isFields(item)) throw problems.wrongType('map', item)
  return item
}

/** What identifies an item: the value under the merge key, or the scalar itself. */
export function identity(item: unknown, mergeKey: string | undefined): unknown {
  if (mergeKey === undefined) return item
  const fields = asFields(item)
  if (!Object.hasOwn(fields, mergeKey)) throw problems.noMergeKey(fields, mergeKey)
  return fields[mergeKey]
}

/** Position of each identity in a list; the first one counts. */
export function positions(list: readonly unknown[], mergeKey: string | undefined): Map<unknown, number> {
  const found = new Map<unknown, number>()
  list.forEach((item, i) => {
    const id = identity(item, mergeKey)
    if (!found.has(id)) found.set(id, i)
  })
  return found
}

/** An item that only says to delete what it names. */
export function isDeletion(item: unknown): boolean {
  return isFields(item) && item[patchDirective] === 'delete'
}
