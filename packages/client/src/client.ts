import type { KubernetesObject } from '@treeline/machinery'
import type { TransportRequest, TransportResponse } from './transport.js'

/** What a client needs to know of a kind to ask for it. Every Kind is one; discovery gives others. */
export interface ResourceKind<T extends KubernetesObject = KubernetesObject> {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly scope: 'Namespaced' | 'Cluster'
  /** Only to carry the type; never present at run time. */
  readonly objectType?: T
}

/** Namespace (absent for cluster-scoped kinds) and name. */
export interface ObjectKey {
  readonly namespace?: string
  readonly name: string
}

/** Everything a controller asks of an API server. Every failure is a StatusError or a TransportError. */
export interface Client {
  get<T extends KubernetesObject>(kind: ResourceKind<T>, key: ObjectKey, options?: GetOptions): Promise<T>
  list<T extends KubernetesObject>(kind: ResourceKind<T>, options?: ListOptions): Promise<ObjectList<T>>
  /** Ends when the server ends the stream or the signal aborts; throws StatusError on an ERROR event. */
  watch<T extends KubernetesObject>(kind: ResourceKind<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>>
  /** The namespace is the object's own. */
  create<T extends KubernetesObject>(kind: ResourceKind<T>, object: T, options?: WriteOptions): Promise<T>
  update<T extends KubernetesObject>(kind: ResourceKind<T>, object: T, options?: WriteOptions & { subresource?: string }): Promise<T>
  /** Shorthand for `update` with subresource `status`. */
  updateStatus<T extends KubernetesObject>(kind: ResourceKind<T>, object: T, options?: WriteOptions): Promise<T>
  patch<T extends KubernetesObject>(
    kind: ResourceKind<T>,
    key: ObjectKey,
    patch: Patch,
    options?: WriteOptions & { subresource?: string },
  ): Promise<T>
  delete<T extends KubernetesObject>(kind: ResourceKind<T>, key: ObjectKey, options?: DeleteOptions): Promise<void>
  deleteCollection<T extends KubernetesObject>(kind: ResourceKind<T>, options: ListOptions & { delete?: DeleteOptions }): Promise<void>
  /** GET of a subresource (`scale`). */
  getSubresource<R>(kind: ResourceKind, key: ObjectKey, subresource: string, options?: GetOptions): Promise<R>
  /** POST to a subresource with a body of its own kind (`binding`, `token`, `eviction`). */
  createSubresource<R>(kind: ResourceKind, key: ObjectKey, subresource: string, body: object, options?: WriteOptions): Promise<R>
  /** Any request, as it is. */
  raw(request: TransportRequest): Promise<TransportResponse>
  /** The same client under another User-Agent and field manager. */
  as(name: string): Client
  /** The same client acting as another user, by Impersonate headers. */
  impersonate(user: ImpersonatedUser): Client
}

export interface ImpersonatedUser {
  readonly user: string
  readonly groups?: readonly string[]
  readonly uid?: string
}

export interface GetOptions {
  readonly resourceVersion?: string
  /** Asks for a PartialObjectMetadata: apiVersion, kind and metadata alone, under the object's own kind here. */
  readonly metadataOnly?: boolean
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
  /** As in GetOptions. */
  readonly metadataOnly?: boolean
  readonly signal?: AbortSignal
}
export interface ObjectList<T> {
  /** Every item carries its apiVersion and kind. */
  readonly items: readonly T[]
  readonly resourceVersion: string
  readonly continue?: string
  readonly remainingItemCount?: number
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
  /** Seconds. */
  readonly gracePeriodSeconds?: number
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground'
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
  readonly dryRun?: boolean
  readonly signal?: AbortSignal
}
