import { identity, isDeletion, positions } from './list-items.js'

/**
 * Puts a merged list into order: items of the patch as `patchOrder` has them, items only the server has as they were,
 * and each server item before the first patch item that stood behind it on the server.
 */
export function orderMerged(
  merged: readonly unknown[],
  patchOrder: readonly unknown[],
  serverOrder: readonly unknown[],
  mergeKey: string | undefined,
): unknown[] {
  const inPatch = positions(patchOrder, mergeKey)
  const inServer = positions(serverOrder, mergeKey)
  const fromPatch = merged.filter((item) => inPatch.has(identity(item, mergeKey)))
  const serverOnly = merged.filter((item) => !inPatch.has(identity(item, mergeKey)))
  return interleave(sortByPosition(serverOnly, inServer, mergeKey), sortByPosition(fromPatch, inPatch, mergeKey), (item) =>
    inServer.get(identity(item, mergeKey)),
  )
}

/** Sorts items by their position; deletions go last, unknown items first. */
export function sortByPosition(items: readonly unknown[], order: ReadonlyMap<unknown, number>, mergeKey: string | undefined): unknown[] {
  const kept = mergeKey === undefined ? [...items] : items.filter((item) => !isDeletion(item))
  const deletions = mergeKey === undefined ? [] : items.filter(isDeletion)
  const position = (item: unknown) => order.get(identity(item, mergeKey)) ?? -1
  return [...kept.sort((a, b) => position(a) - position(b)), ...deletions]
}

function interleave(left: readonly unknown[], right: readonly unknown[], position: (item: unknown) => number | undefined): unknown[] {
  const all: unknown[] = []
  let i = 0
  for (const item of right) {
    for (; i < left.length; i++) {
      const before = position(left[i])
      const after = position(item)
      if (before === undefined || after === undefined || before >= after) break
      all.push(left[i])
    }
    all.push(item)
  }
  return [...all, ...left.slice(i)]
}
