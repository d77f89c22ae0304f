import type { Kind } from '@treeline/api'
import type { KubernetesObject } from '@treeline/machinery'
import { CompactedError, type Store } from '@treeline/storage'
import { Dispatcher } from './dispatcher.js'
import type { HistoryLimits } from './event-history.js'
import type { ObjectEncoding } from './object-encoding.js'
import { WatchCache } from './watch-cache.js'

export interface CacheSource<T extends KubernetesObject> {
  readonly kind: Kind<T>
  readonly store: Store
  readonly encoding: ObjectEncoding<T>
  /** The kind's prefix in the store. */
  readonly prefix: string
  readonly limits: HistoryLimits
  /** Learns of stored values that cannot be read. */
  readonly report: (error: Error) => void
}

/** A cache that follows the store, and the watches on it. */
export interface LiveCache<T extends KubernetesObject> {
  readonly cache: WatchCache<T>
  readonly dispatcher: Dispatcher<T>
  /** Resolves with the reason when the cache can follow no longer. */
  readonly ended: Promise<Error>
  /** Stops following and ends the watches. */
  close(): void
}

/** Loads the objects of a kind and begins to follow their changes; resolves when the cache is as new as the store is now. */
export async function loadCache<T extends KubernetesObject>(source: CacheSource<T>): Promise<LiveCache<T>> {
  const { store } = source
  const target = await store.latest()
  // A little of the past, so that watches that were open before a restart can go on.
  for (let revision = Math.max(1, store.compactedRevision, target - revisionsBefore); ; revision = store.revision) {
    try {
      const live = follow(source, await loadAt(source, revision))
      const reached = live.cache.reaches(target, patience)
      const problem = await Promise.race([reached.then(() => undefined), live.ended])
      if (problem) throw problem
      if (live.cache.revision >= target) return live
      live.close()
      throw new Error(`the store did not tell of revision ${target} within ${patience / 1000} s`)
    } catch (error) {
      // Compaction was faster; from a newer revision it goes on.
      if (!(error instanceof CompactedError) || revision >= store.revision) throw error
    }
  }
}

const revisionsBefore = 1000
const pageSize = 500
const patience = 30_000

async function loadAt<T extends KubernetesObject>(source: CacheSource<T>, revision: number): Promise<WatchCache<T>> {
  const { kind, store, encoding, prefix } = source
  const cache = new WatchCache(kind, encoding, revision, source)
  for (let start: string | undefined = prefix; start !== undefined; ) {
    const page = await store.range({ prefix, start, limit: pageSize, revision })
    for (const entry of page.entries) cache.load(entry.key.slice(prefix.length), entry.modRevision, entry.value)
    const last = page.entries.at(-1)
    start = page.more && last ? `${last.key}\0` : undefined
  }
  return cache
}

function follow<T extends KubernetesObject>(source: CacheSource<T>, cache: WatchCache<T>): LiveCache<T> {
  const { kind, store, encoding, prefix } = source
  const dispatcher = new Dispatcher(kind, encoding, cache.revision, cache.recent)
  let end: (reason: Error) => void = () => undefined
  const ended = new Promise<Error>((resolve) => {
    end = resolve
  })
  const keyOf = (storeKey: string) => storeKey.slice(prefix.length)
  const stop = store.watch({
    prefix,
    after: cache.revision,
    onChanges: (changes, through) => dispatcher.publish(cache.apply(changes, through, keyOf), through),
    onEnd: end,
  })
  return {
    cache,
    dispatcher,
    ended,
    close() {
      stop()
      cache.close()
      dispatcher.close()
    },
  }
}
