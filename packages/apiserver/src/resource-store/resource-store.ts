import type { Kind } from '@treeline/api'
import type { FieldSelector, KubernetesObject, LabelSelector } from '@treeline/machinery'

/** An object as stored: bytes ready for the wire, and the decoded, deep-frozen object for whoever looks inside. */
export interface Stored<T extends KubernetesObject = KubernetesObject> {
  readonly key: string
  readonly revision: number
  /** Compact JSON: kind, apiVersion, metadata with its final resourceVersion, then the rest. */
  readonly bytes: Buffer
  /** Decoded on first use, and again when it was not used for a while. */
  readonly object: T
}

/** An object of a list, whose bytes can be had without a Buffer for each. */
export interface Listed<T extends KubernetesObject = KubernetesObject> extends Stored<T> {
  /** Length of `bytes`. */
  readonly length: number
  /** Copies `bytes` from an offset on into `target`. Returns how many that were. */
  copyBytes(target: Buffer, at: number, from: number): number
}

/** Where one kind lives. Reads come from a cache that is never behind this process's own acknowledged writes. */
export interface ResourceStore<T extends KubernetesObject = KubernetesObject> {
  readonly kind: Kind<T>
  /** Resolves once the cache has loaded, which begins when it is first asked for. Rejects when the store cannot be read. */
  readonly ready: Promise<void>
  /** Newest, from the cache. Throws StatusError 429 before the cache has loaded, as `all` does. */
  get(namespace: string | undefined, name: string): Stored<T> | undefined
  /** Newest of all, or of one namespace, in key order. */
  all(namespace?: string): readonly Stored<T>[]
  /** The resourceVersion rules of list: newest, any, not older than, exact, continued. Throws StatusError 410, 504, 400. */
  list(request: ListRequest): Promise<ListPage<T>>
  /** Resolves once the cache has seen `revision`; StatusError 504 ResourceVersionTooLarge after 3 s. */
  waitFor(revision: number): Promise<void>
  /** Throws StatusError AlreadyExists. The store sets resourceVersion; kind and apiVersion are its own. */
  create(object: T, options?: StoreWriteOptions): Promise<Stored<T>>
  /**
   * Compare-and-swap loop: `change` gets the frozen current object and returns the next one, the same one (nothing is
   * written), or `remove`. It runs again when another writer came between. Throws NotFound when there is none. A removed
   * object is given back in its last state, with the revision of the removal.
   */
  update(
    namespace: string | undefined,
    name: string,
    change: (current: Stored<T>) => Promise<T | Remove> | T | Remove,
    options?: StoreWriteOptions,
  ): Promise<{ stored: Stored<T>; removed: boolean }>
  /** Problems, also those of the start, come through `onEnd`; nothing is called from within `watch` itself. */
  watch(request: WatchRequest<T>): WatchSubscription
}

export interface StoreWriteOptions {
  /** Seconds until the store deletes the object; by default what the kind has been opened with. */
  readonly timeToLive?: number
}

export const remove = Symbol('remove')
export type Remove = typeof remove

export interface ListRequest {
  readonly namespace?: string
  readonly labelSelector?: LabelSelector
  readonly fieldSelector?: FieldSelector
  readonly limit?: number
  readonly continueToken?: string
  readonly resourceVersion?: string
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan'
}

export interface ListPage<T extends KubernetesObject> {
  readonly items: readonly Listed<T>[]
  readonly revision: number
  readonly continueToken?: string
  readonly remainingItemCount?: number
}

export interface WatchRequest<T extends KubernetesObject> {
  readonly namespace?: string
  readonly labelSelector?: LabelSelector
  readonly fieldSelector?: FieldSelector
  readonly resourceVersion?: string
  readonly sendInitialEvents?: boolean
  readonly allowBookmarks?: boolean
  /**
   * Gets events in revision order, batched. Encoded JSON lines are shared between all subscribers. The initial events and
   * the history come in pieces, and a promise given back delays the next piece; live events do not wait.
   */
  readonly onEvents: (events: readonly StoredEvent<T>[]) => void | Promise<void>
  /** The stream must end: with StatusError 410 when history is gone, 504 when the revision does not come, or else without. */
  readonly onEnd: (error?: Error) => void
}

export interface StoredEvent<T extends KubernetesObject = KubernetesObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'
  readonly revision: number
  /** `{"type":…,"object":…}\n`, encoded once for all watchers. */
  readonly line: Buffer
  readonly stored: Stored<T>
}

export interface WatchSubscription {
  stop(): void
  /** A bookmark at the newest revision that was sent or passed over; none while that is not the revision to go on from. */
  bookmark(): StoredEvent | undefined
}
