import type { Kind } from '@treeline/api'
import { errors, type GroupResource, type KubernetesObject } from '@treeline/machinery'
import type { Store } from '@treeline/storage'
import { type LiveCache, loadCache } from './cache-loader.js'
import { defaultHistoryLimits, type HistoryLimits } from './event-history.js'
import { list } from './list.js'
import { ObjectEncoding } from './object-encoding.js'
import { keyOf, ObjectWriter } from './object-writer.js'
import type {
  ListPage,
  ListRequest,
  Remove,
  ResourceStore,
  Stored,
  StoredEvent,
  StoreWriteOptions,
  WatchRequest,
  WatchSubscription,
} from './resource-store.js'
import { selectionOf } from './selection.js'
import type { StoredObject } from './stored-object.js'
import { Subscriber } from './subscriber.js'
import { startWatch } from './watch-start.js'

export interface KindStoreOptions {
  /** What all keys begin with; `/registry`. */
  readonly root?: string
  /** Seconds that objects of the kind live. */
  readonly timeToLive?: number
  readonly historyLimits?: HistoryLimits
  /** Learns of stored values that cannot be read. */
  readonly report?: (error: Error) => void
}

/** The objects of one kind at one version, over a store that holds those of all kinds. */
export class KindStore<T extends KubernetesObject> implements ResourceStore<T> {
  readonly kind: Kind<T>
  readonly #store: Store
  readonly #encoding: ObjectEncoding<T>
  readonly #prefix: string
  readonly #resource: GroupResource
  readonly #options: KindStoreOptions
  readonly #writer: ObjectWriter<T>
  #loading: Promise<LiveCache<T>> | undefined
  #live: LiveCache<T> | undefined
  #closed = false
  #lastBookmark: StoredEvent<T> | undefined

  constructor(store: Store, kind: Kind<T>, options: KindStoreOptions = {}) {
    this.kind = kind
    this.#store = store
    this.#encoding = new ObjectEncoding(kind)
    this.#prefix = `${options.root ?? '/registry'}/${kind.storagePrefix}/`
    this.#resource = { group: kind.group, resource: kind.plural }
    this.#options = options
    const { timeToLive } = options
    this.#writer = new ObjectWriter({
      kind,
      store,
      encoding: this.#encoding,
      prefix: this.#prefix,
      timeToLive,
      cache: () => this.#live?.cache,
    })
  }

  get ready(): Promise<void> {
    return this.#load().then(() => undefined)
  }

  get(namespace: string | undefined, name: string): Stored<T> | undefined {
    const { cache } = this.#loaded()
    return name.includes('/') ? undefined : cache.get(keyOf(this.kind, namespace, name))
  }

  all(namespace?: string): readonly Stored<T>[] {
    const { cache } = this.#loaded()
    return cache.all(this.kind.scope === 'Namespaced' && namespace !== undefined ? `${namespace}/` : '')
  }

  async list(request: ListRequest): Promise<ListPage<T>> {
    const { cache } = await this.#load()
    const waitFor = (revision: number) => this.waitFor(revision)
    const source = { cache, store: this.#store, encoding: this.#encoding, prefix: this.#prefix, waitFor }
    return list(source, selectionOf(this.kind, request), request)
  }

  async waitFor(revision: number): Promise<void> {
    const { cache } = await this.#load()
    if (!(await cache.reaches(revision, patience))) throw errors.resourceVersionTooLarge(revision, cache.revision)
  }

  async create(object: T, options: StoreWriteOptions = {}): Promise<Stored<T>> {
    const stored = await this.#writer.create(object, options)
    if (!stored) throw errors.alreadyExists(this.#resource, object.metadata.name ?? '')
    return stored
  }

  async update(
    namespace: string | undefined,
    name: string,
    change: (current: Stored<T>) => Promise<T | Remove> | T | Remove,
    options: StoreWriteOptions = {},
  ): Promise<{ stored: Stored<T>; removed: boolean }> {
    const { cache } = await this.#load()
    if (name.includes('/')) throw errors.notFound(this.#resource, name)
    const key = keyOf(this.kind, namespace, name)
    let current = cache.get(key) ?? (await this.#writer.read(key))
    while (current) {
      const seen: StoredObject<T> = current
      let next: T | Remove
      try {
        next = await change(seen)
      } catch (error) {
        // A refusal of what may be outdated is believed only if it is the newest.
        current = await this.#writer.read(key)
        if (current?.revision === seen.revision) throw error
        continue
      }
      const outcome = await this.#writer.replace(key, seen, next, options)
      if (outcome.done) return outcome
      current = outcome.current
    }
    throw errors.notFound(this.#resource, name)
  }

  watch(request: WatchRequest<T>): WatchSubscription {
    const subscriber = new Subscriber(selectionOf(this.kind, request), request)
    let live: LiveCache<T> | undefined
    let joined = false
    const start = async () => {
      live = await this.#load()
      if (subscriber.ended) return
      const latest = () => this.#store.latest()
      await startWatch({ ...live, encoding: this.#encoding, latest, waitFor: (revision) => this.waitFor(revision) }, subscriber, request)
      joined = true
    }
    start().catch((error) => subscriber.end(error instanceof Error ? error : new Error(String(error))))
    return {
      stop() {
        subscriber.stop()
        live?.dispatcher.leave(subscriber)
      },
      bookmark: () => {
        if (!joined || !live || subscriber.ended || subscriber.position > live.cache.revision) return undefined
        return this.#bookmark(Math.max(subscriber.position, live.dispatcher.dispatched))
      },
    }
  }

  /** Drops decoded objects that nobody has looked at since the last call. */
  forgetUnused(): void {
    this.#live?.cache.forgetUnused()
  }

  /** Ends the watches and forgets what is loaded. */
  close(): void {
    this.#closed = true
    this.#live?.close()
    this.#live = undefined
    this.#loading = undefined
  }

  #load(): Promise<LiveCache<T>> {
    if (this.#closed) return Promise.reject(errors.serviceUnavailable(`the storage of ${this.kind.plural} is closed`))
    if (this.#loading) return this.#loading
    const { historyLimits: limits = defaultHistoryLimits, report = () => undefined } = this.#options
    const source = { kind: this.kind, store: this.#store, encoding: this.#encoding, prefix: this.#prefix, limits, report }
    const loading = loadCache(source).then((live) => {
      if (this.#closed) live.close()
      else this.#live = live
      void live.ended.then(() => this.#reload(live))
      return live
    })
    this.#loading = loading
    // The next one who asks tries again.
    loading.catch(() => this.#forget(loading))
    return loading
  }

  /** The cache fell behind what the store remembers: its watches come back, and it begins anew when it is asked for. */
  #reload(live: LiveCache<T>): void {
    live.close()
    if (this.#live !== live) return
    this.#live = undefined
    this.#loading = undefined
  }

  #forget(loading: Promise<LiveCache<T>>): void {
    if (this.#loading === loading) this.#loading = undefined
  }

  #loaded(): LiveCache<T> {
    if (this.#live) return this.#live
    this.#load().catch(() => undefined)
    throw errors.tooManyRequests('storage is (re)initializing', 1)
  }

  /** One for all watches that are at the same revision. */
  #bookmark(revision: number): StoredEvent<T> {
    const bookmark = this.#lastBookmark?.revision === revision ? this.#lastBookmark : this.#encoding.bookmark(revision)
    this.#lastBookmark = bookmark
    return bookmark
  }
}

/** Milliseconds that a reader waits for a revision. */
const patience = 3000
