import type { KubernetesObject } from '@treeline/machinery'
import type { Client, ResourceKind } from './client.js'
import type { Clock } from './time/clock.js'

/**
 * A controller is its reconcile function and a declaration of what it watches. The runtime owns informers, the
 * de-duplicating rate-limited queue, back-off, workers, metrics and shutdown.
 *
 * Reconcile is level-based: it gets a key, reads the cache, and makes the world look as it should; it may be called at
 * any time, twice, or after a restart, and must reach the same end. A throw is a retry with back-off. It never runs for
 * the same key twice at the same time.
 */
export interface ControllerDefinition<Extra extends object = object> {
  readonly name: string
  readonly watches: readonly WatchDeclaration[]
  /** Keys reconciled at the same time; 1 by default. */
  readonly workers?: number
  /** Calls a full pass (every key of the first watch) at this interval, in milliseconds. */
  readonly resyncInterval?: number
  /** Delay of a retry in milliseconds: `base * 2^n` up to `cap`; 5 ms and 1,000 s by default. */
  readonly backoff?: { readonly base: number; readonly cap: number }
  /** Keys to reconcile once when the caches are there, beside those of the watched objects. */
  readonly initialKeys?: readonly string[]
  /** `source.component` of this controller's events; its name by default. */
  readonly eventComponent?: string
  reconcile(key: string, context: ReconcileContext & Extra): Promise<ReconcileResult>
}

/** Nothing more to do, or: ask again after a delay in milliseconds. */
export type ReconcileResult = { readonly requeueAfter?: number } | undefined

/** The result of a reconcile that has nothing to wait for. */
export const done: ReconcileResult = undefined

export interface ReconcileContext {
  readonly cache: Cache
  readonly client: Client
  readonly events: EventRecorder
  readonly signal: AbortSignal
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly log: Logger
  /** Puts a key on this controller's queue, at once or after a delay in milliseconds. */
  enqueue(key: string, delay?: number): void
}

export interface Logger {
  info(message: string, fields?: object): void
  warn(message: string, fields?: object): void
  error(message: string, fields?: object): void
}

/** A watched kind and the keys an event of it enqueues; without `keys`, the object's own key. Made by {@link on}. */
export interface WatchDeclaration {
  readonly kind: ResourceKind
  readonly keys?: KeysOf<KubernetesObject>
  /** Sees every event before its keys are enqueued: expectations are lowered here. */
  readonly observe?: (event: InformerEvent<KubernetesObject>) => void
  /** Named indexes kept on the cache of this kind: object to index values. */
  readonly indexes?: Indexes<KubernetesObject>
}

/** Keys to enqueue for an event. `old` is there on updates only. */
export type KeysOf<T> = (
  object: T,
  old: T | undefined,
  cache: Cache,
  type: InformerEvent<T>['type'],
) => Iterable<string | { readonly key: string; readonly after: number }>

export type Indexes<T> = Readonly<Record<string, (object: T) => readonly string[]>>

/** A change of the cache. `deleted` carries the last state known. */
export type InformerEvent<T> =
  | { readonly type: 'added' | 'deleted'; readonly object: T; readonly old?: undefined }
  | { readonly type: 'updated'; readonly object: T; readonly old: T }

/** The informers' view: deep-frozen objects, shared by all controllers of a process. Keys are `namespace/name` or `name`. */
export interface Cache {
  get<T extends KubernetesObject>(kind: ResourceKind<T>, key: string): T | undefined
  list<T extends KubernetesObject>(kind: ResourceKind<T>, namespace?: string): readonly T[]
  byIndex<T extends KubernetesObject>(kind: ResourceKind<T>, index: string, value: string): readonly T[]
}

/** Records events with upstream's aggregation. Never throws, never blocks. */
export interface EventRecorder {
  event(regarding: Regarding, type: 'Normal' | 'Warning', reason: string, message: string, options?: EventOptions): void
}

/** What an event is about: an object, or a reference to one. */
export type Regarding =
  | KubernetesObject
  | {
      readonly apiVersion?: string
      readonly kind?: string
      readonly namespace?: string
      readonly name?: string
      readonly uid?: string
      readonly resourceVersion?: string
    }

export interface EventOptions {
  /** Part of the object, such as `spec.containers{web}`. */
  readonly fieldPath?: string
  readonly annotations?: Readonly<Record<string, string>>
}
