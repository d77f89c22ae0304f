import type { Kind } from '@treeline/api'
import type { FieldSelector, KubernetesObject, LabelSelector } from '@treeline/machinery'

/** An object as stored: bytes ready for the wire, and the decoded, deep-frozen object for whoever looks inside. */
export interface Stored<T extends KubernetesObject = KubernetesObject> {
  readonly key: string
  readonly revision: number
  /** Compact JSON with its final resourceVersion, apiVersion and kind included. */
  readonly bytes: Buffer
  /** Decoded on first use. */
  readonly object: T
}

/** Where one kind lives. Reads come from a cache that is never behind this process's own acknowledged writes. */
export interface ResourceStore<T extends KubernetesObject = KubernetesObject> {
  readonly kind: Kind<T>
  /** Resolves once the cache has loaded. */
  readonly ready: Promise<void>
  /** Newest, from the cache. */
  get(namespace: string | undefined, name: string): Stored<T> | undefined
  /** Newest of all, or of one namespace, in key order. */
  all(namespace?: string): readonly Stored<T>[]
  /** The resourceVersion rules of list: newest, any, not older than, exact, continued. Throws StatusError 410, 504, 400. */
  list(request: ListRequest): Promise<ListPage<T>>
  /** Resolves once the cache has seen `revision`; StatusError 504 ResourceVersionTooLarge after 3 s. */
  waitFor(revision: number): Promise<void>
  /** Throws StatusError AlreadyExists. The store sets resourceVersion. */
  create(object: T, options?: { timeToLive?: number }): Promise<Stored<T>>
  /**
   * Compare-and-swap loop: `change` gets the frozen current object and returns the next one, the same one (nothing is
   * written), or `remove`. It runs again when another writer came between. Throws NotFound when there is none.
   */
  update(
    namespace: string | undefined,
    name: string,
    change: (current: Stored<T>) => Promise<T | Remove> | T | Remove,
  ): Promise<{ stored: Stored<T>; removed: boolean }>
  watch(request: WatchRequest<T>): WatchSubscription
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
  readonly items: readonly Stored<T>[]
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
  /** Gets events in revision order, batched. Must not throw. Encoded JSON lines are shared between all subscribers. */
  readonly onEvents: (events: readonly StoredEvent<T>[]) => void
  /** The stream must end (history gone: StatusError 410; consumer too slow: undefined). */
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
  /** A bookmark at the newest revision that was sent or passed over. */
  bookmark(): StoredEvent
}
