import type { Kind } from '@treeline/api'
import type { KubernetesObject } from '@treeline/machinery'

/**
 * What has to happen around the writes of one kind beyond its own object: allocating addresses and ports of a Service,
 * resetting caches. Given to the server as a list; several hooks of a kind run in order.
 */
export interface WriteHooks<T extends KubernetesObject = KubernetesObject> {
  readonly kind: Kind<T>
  /**
   * After mutating admission and defaults, before the strategy's preparation and validation; may change `object`.
   * The function returned learns whether the write came to be, so that what was taken can be kept or given back.
   */
  beforeCreate?(object: T, options: { readonly dryRun: boolean }): Promise<Finish | undefined>
  /** As `beforeCreate`; runs again when another writer came between. `old` is frozen. */
  beforeUpdate?(object: T, old: T, options: { readonly dryRun: boolean }): Promise<Finish | undefined>
  /** After the object has left the store (not in dry-run). */
  afterDelete?(object: T): Promise<void> | void
}

export type Finish = (written: boolean) => Promise<void> | void
