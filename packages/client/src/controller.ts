import type { Kind } from '@treeline/api'
import type { KubernetesObject } from '@treeline/machinery'
import type { Client, ObjectKey } from './client.js'

/**
 * A controller is its reconcile function and a declaration of what it watches. The runtime owns informers, the
 * de-duplicating rate-limited queue, back-off, workers, metrics and shutdown.
 *
 * Reconcile is level-based: it gets a key, reads the cache, and makes the world look as it should; it may be called at
 * any time, twice, or after a restart, and must reach the same end. A throw is a retry with back-off.
 */
export interface ControllerDefinition<Extra extends object = object> {
  readonly name: string
  readonly watches: readonly WatchDeclaration[]
  readonly workers?: number
  /** Calls a full pass (every key of the first watch) at this interval, in milliseconds. */
  readonly resyncInterval?: number
  /** Per-key back-off after a throw, in milliseconds, doubling from `initial` to `max`; the queue's own formula when absent. */
  readonly backOff?: { readonly initial: number; readonly max: number }
  reconcile(key: string, context: ReconcileContext & Extra): Promise<ReconcileResult>
}

/** `done`, or ask again after a delay in milliseconds. */
export type ReconcileResult = { readonly requeueAfter?: number } | undefined

export interface ReconcileContext {
  readonly cache: Cache
  readonly client: Client
  readonly events: EventRecorder
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly log: Logger
}

/** Time, injected. Milliseconds since the epoch. */
export interface Clock {
  now(): number
}
export interface Logger {
  info(message: string, fields?: object): void
  warn(message: string, fields?: object): void
  error(message: string, fields?: object): void
}

/** A watched kind and the keys an event of it enqueues; without `keys`, the object's own key. */
export interface WatchDeclaration {
  readonly kind: Kind
  readonly keys?: (object: KubernetesObject, old: KubernetesObject | undefined, cache: Cache) => readonly string[]
  /** Named indexes kept on the cache of this kind: object to index values. */
  readonly indexes?: Readonly<Record<string, (object: KubernetesObject) => readonly string[]>>
}

/** The informers' view: deep-frozen objects, shared by all controllers of a process. Keys are `namespace/name` or `name`. */
export interface Cache {
  get<T extends KubernetesObject>(kind: Kind<T>, key: string): T | undefined
  list<T extends KubernetesObject>(kind: Kind<T>, namespace?: string): readonly T[]
  byIndex<T extends KubernetesObject>(kind: Kind<T>, index: string, value: string): readonly T[]
}

/** Records events with upstream's aggregation. Never throws, never blocks. */
export interface EventRecorder {
  event(regarding: KubernetesObject, type: 'Normal' | 'Warning', reason: string, message: string): void
}

export type { ObjectKey }
