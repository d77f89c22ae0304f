import { errors, type KubernetesObject } from '@treeline/machinery'
import { CompactedError, FutureRevisionError, type RangeResult, type Store } from '@treeline/storage'
import { decodeContinueToken, encodeContinueToken, newest } from './continue-token.js'
import type { ObjectEncoding } from './object-encoding.js'
import type { ListPage, ListRequest } from './resource-store.js'
import { parseRevision } from './revision.js'
import type { Selection } from './selection.js'
import { Slab } from './slab.js'
import type { StoredObject } from './stored-object.js'
import type { WatchCache } from './watch-cache.js'

/** What a list is made from. */
export interface ListSource<T extends KubernetesObject> {
  readonly cache: WatchCache<T>
  readonly store: Store
  readonly encoding: ObjectEncoding<T>
  /** The kind's prefix in the store. */
  readonly prefix: string
  /** Throws StatusError 504 when the cache does not come to the revision in time. */
  waitFor(revision: number): Promise<void>
}

/** Answers a list by the rules for its resourceVersion. Throws StatusError 400, 410, 504. */
export async function list<T extends KubernetesObject>(
  source: ListSource<T>,
  selection: Selection<T>,
  request: ListRequest,
): Promise<ListPage<T>> {
  const { revision, start, limit } = await placeOf(source, request)
  const page: Page = { from: selection.prefix + start, limit, continued: request.continueToken !== undefined }
  if (revision === 'newest') return listCache(source, selection, page)
  await source.waitFor(revision)
  if (revision >= source.cache.history.start) return listCacheAt(source, selection, page, revision)
  return listStoreAt(source, selection, page, revision)
}

interface Page {
  /** First key, the prefix of the selection included. */
  readonly from: string
  readonly limit: number
  readonly continued: boolean
}

/** Which state is asked for, and which part of it. Waits until the cache is fresh enough. */
async function placeOf<T extends KubernetesObject>(
  source: ListSource<T>,
  request: ListRequest,
): Promise<{ revision: number | 'newest'; start: string; limit: number }> {
  const { continueToken, resourceVersion = '', resourceVersionMatch } = request
  const limit = request.limit || Number.POSITIVE_INFINITY
  if (continueToken !== undefined) {
    if (resourceVersion !== '' && resourceVersion !== '0') {
      throw errors.badRequest('specifying resource version is not allowed when using continue')
    }
    const token = decodeContinueToken(continueToken)
    if (token.revision !== newest) return { revision: token.revision, start: token.start, limit }
    await source.waitFor(await source.store.latest())
    return { revision: 'newest', start: token.start, limit }
  }
  if (resourceVersion === '') {
    await source.waitFor(await source.store.latest())
    return { revision: 'newest', start: '', limit }
  }
  const revision = parseRevision(resourceVersion)
  // Any state will do, and then all of it is given.
  if (revision === 0) return { revision: 'newest', start: '', limit: Number.POSITIVE_INFINITY }
  const exact = resourceVersionMatch === 'Exact' || (resourceVersionMatch === undefined && Number.isFinite(limit))
  if (exact) return { revision, start: '', limit }
  await source.waitFor(revision)
  return { revision: 'newest', start: '', limit }
}

function listCache<T extends KubernetesObject>({ cache }: ListSource<T>, selection: Selection<T>, page: Page): ListPage<T> {
  const { revision } = cache
  if (selection.key !== undefined) {
    const found = selection.key >= page.from ? cache.get(selection.key) : undefined
    return { items: found && selection.matches(found) ? [found] : [], revision }
  }
  if (selection.trivial && page.limit === Number.POSITIVE_INFINITY && page.from === selection.prefix) {
    return { items: cache.all(selection.prefix), revision }
  }
  return listCacheAt({ cache }, selection, page, revision)
}

/** From the cache, with what has changed since undone. */
function listCacheAt<T extends KubernetesObject>(
  { cache }: Pick<ListSource<T>, 'cache'>,
  selection: Selection<T>,
  page: Page,
  revision: number,
): ListPage<T> {
  const items: StoredObject<T>[] = []
  let last: string | undefined
  let left = 0
  cache.visitAt(revision, selection.prefix, page.from, (stored) => {
    if (items.length >= page.limit) {
      left++
      // At the newest revision the index knows how many more there are.
      return revision !== cache.revision && selection.trivial
    }
    if (selection.matches(stored)) items.push(stored)
    last = stored.key
    return true
  })
  if (left === 0 || last === undefined) return { items, revision }
  const remaining = revision === cache.revision ? cache.count(selection.prefix, `${last}\0`) : left
  return withMore({ items, revision }, selection, last, remaining)
}

/** From the store: for states that are older than what the cache can tell. */
async function listStoreAt<T extends KubernetesObject>(
  source: ListSource<T>,
  selection: Selection<T>,
  page: Page,
  revision: number,
): Promise<ListPage<T>> {
  const items: StoredObject<T>[] = []
  const slab = new Slab()
  let chunk = Math.min(page.limit, largestChunk)
  for (let from = page.from; ; chunk = Math.min(chunk * 2, largestChunk)) {
    const limit = selection.trivial ? Math.min(chunk, page.limit - items.length) : chunk
    const range = await rangeAt(source, selection, page, { from, limit, revision })
    for (const [index, entry] of range.entries.entries()) {
      const key = entry.key.slice(source.prefix.length)
      const stored = source.encoding.decode(key, entry.modRevision, entry.value, 'ADDED', slab)
      if (selection.matches(stored)) items.push(stored)
      if (items.length < page.limit) continue
      const rest = range.entries.length - index - 1
      if (rest === 0 && !range.more) break
      return withMore({ items, revision }, selection, key, rest + (range.remaining ?? 0))
    }
    const last = range.entries.at(-1)
    if (!range.more || !last) return { items, revision }
    from = `${last.key.slice(source.prefix.length)}\0`
  }
}

const largestChunk = 10_000

async function rangeAt<T extends KubernetesObject>(
  { store, prefix }: ListSource<T>,
  selection: Selection<T>,
  page: Page,
  { from, limit, revision }: { readonly from: string; readonly limit: number; readonly revision: number },
): Promise<RangeResult> {
  try {
    const count = selection.trivial && Number.isFinite(page.limit)
    return await store.range({ prefix: prefix + selection.prefix, start: prefix + from, limit, revision, count })
  } catch (error) {
    if (error instanceof FutureRevisionError) throw errors.resourceVersionTooLarge(revision, error.current)
    if (!(error instanceof CompactedError)) throw error
    if (!page.continued) throw errors.expired('The resourceVersion for the provided list is too old.')
    const start = page.from.slice(selection.prefix.length).replace(/\0$/, '')
    throw errors.expired(inconsistentContinue, { continue: encodeContinueToken(newest, start) })
  }
}

function withMore<T extends KubernetesObject>(page: ListPage<T>, selection: Selection<T>, lastKey: string, remaining: number): ListPage<T> {
  const continueToken = encodeContinueToken(page.revision, lastKey.slice(selection.prefix.length))
  return selection.trivial ? { ...page, continueToken, remainingItemCount: remaining } : { ...page, continueToken }
}

const inconsistentContinue =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue ' +
  'parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token ' +
  'results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and ' +
  'now may show up in the list.'
