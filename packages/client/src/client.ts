import type { Kind } from '@treeline/api'
import type { KubernetesObject } from '@treeline/machinery'
import type { TransportRequest, TransportResponse } from './transport.js'

/** Namespace (absent for cluster-scoped kinds) and name. */
export interface ObjectKey {
  readonly namespace?: string
  readonly name: string
}

/** Everything a controller asks of an API server. Every failure is a StatusError or a TransportError. */
export interface Client {
  get<T extends KubernetesObject>(kind: Kind<T>, key: ObjectKey, options?: GetOptions): Promise<T>
  list<T extends KubernetesObject>(kind: Kind<T>, options?: ListOptions): Promise<ObjectList<T>>
  /** Ends when the server ends the stream or the signal aborts; throws StatusError on an ERROR event. */
  watch<T extends KubernetesObject>(kind: Kind<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>>
  create<T extends KubernetesObject>(kind: Kind<T>, object: T, options?: WriteOptions): Promise<T>
  update<T extends KubernetesObject>(kind: Kind<T>, object: T, options?: WriteOptions & { subresource?: string }): Promise<T>
  /** Shorthand for `update` with subresource `status`. */
  updateStatus<T extends KubernetesObject>(kind: Kind<T>, object: T, options?: WriteOptions): Promise<T>
  patch<T extends KubernetesObject>(
    kind: Kind<T>,
    key: ObjectKey,
    patch: Patch,
    options?: WriteOptions & { subresource?: string },
  ): Promise<T>
  delete<T extends KubernetesObject>(kind: Kind<T>, key: ObjectKey, options?: DeleteOptions): Promise<void>
  deleteCollection<T extends KubernetesObject>(kind: Kind<T>, options: ListOptions & { delete?: DeleteOptions }): Promise<void>
  /** POST to a subresource with a body of its own kind (`binding`, `token`, `eviction`). */
  createSubresource<R>(kind: Kind, key: ObjectKey, subresource: string, body: object, options?: WriteOptions): Promise<R>
  /** Any request, as it is. */
  raw(request: TransportRequest): Promise<TransportResponse>
  /** The same client under another User-Agent and field manager, for one controller among several. */
  as(name: string): Client
}

export interface GetOptions {
  readonly resourceVersion?: string
  readonly signal?: AbortSignal
}
export interface ListOptions {
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly limit?: number
  readonly continue?: string
  readonly resourceVersion?: string
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan'
  readonly signal?: AbortSignal
}
export interface ObjectList<T> {
  readonly items: readonly T[]
  readonly resourceVersion: string
  readonly continue?: string
}
export interface WatchOptions extends Omit<ListOptions, 'limit' | 'continue'> {
  readonly allowWatchBookmarks?: boolean
  readonly sendInitialEvents?: boolean
  readonly timeoutSeconds?: number
}
export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string; readonly initialEventsEnd: boolean }
export interface WriteOptions {
  readonly fieldManager?: string
  readonly dryRun?: boolean
  readonly signal?: AbortSignal
}
export type Patch =
  | { readonly type: 'json'; readonly body: readonly object[] }
  | { readonly type: 'merge' | 'strategic'; readonly body: object }
  | { readonly type: 'apply'; readonly body: object; readonly force?: boolean }
export interface DeleteOptions {
  readonly gracePeriodSeconds?: number
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground'
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
  readonly signal?: AbortSignal
}
