import type { KubernetesObject } from '@treeline/machinery'
import type { ResourceKind } from '../client.js'
import type { ControllerDefinition, Indexes, InformerEvent, KeysOf, WatchDeclaration } from '../controller.js'

/** A controller as a value; it runs when given to `runControllers`. */
export function defineController<Extra extends object = object>(definition: ControllerDefinition<Extra>): ControllerDefinition<Extra> {
  return definition
}

export interface WatchedOptions<T> {
  readonly indexes?: Indexes<T>
  readonly observe?: (event: InformerEvent<T>) => void
}

/**
 * Watches a kind. `keys` says which keys an event enqueues, by default the object's own; `ignored` enqueues nothing,
 * for kinds that are only read.
 */
export function on<T extends KubernetesObject>(kind: ResourceKind<T>, keys?: KeysOf<T>, options: WatchedOptions<T> = {}): WatchDeclaration {
  return { kind, keys, ...options } as WatchDeclaration
}

/** No keys. */
export const ignored = (): readonly string[] => []
