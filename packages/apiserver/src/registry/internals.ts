import type { Kind } from '@treeline/api'
import type { KubernetesObject } from '@treeline/machinery'
import type { UserInfo } from '../authentication/authenticator.js'
import type { ResourceStore } from '../resource-store/resource-store.js'

/**
 * The registry as the server's own parts use it (authorizer, admission plug-ins, subresource handlers, bootstrap):
 * reads come synchronously from the caches, writes take the whole path of a request (defaults, admission, validation,
 * managed fields) under `options.user`, by default the server's own identity `system:apiserver`.
 */
export interface ApiInternals {
  /** The newest object, deep-frozen. `namespace` is ignored for cluster-scoped kinds. */
  get<T extends KubernetesObject>(kind: Kind<T>, namespace: string | undefined, name: string): T | undefined
  /** The newest objects, deep-frozen, in key order. */
  list<T extends KubernetesObject>(kind: Kind<T>, namespace?: string): readonly T[]
  /** The store of a kind, to watch it or to compare-and-swap below admission and validation. Throws on a kind that is not served. */
  store<T extends KubernetesObject>(kind: Kind<T>): ResourceStore<T>
  /** Throws StatusError, AlreadyExists among others. The object given is not changed. */
  create<T extends KubernetesObject>(kind: Kind<T>, object: T, options?: InternalWriteOptions): Promise<T>
  /**
   * Reads, changes and writes back, again when another writer came between. `change` gets a copy it may change in place
   * or replace; returning `undefined` leaves the object as it is. Throws NotFound, Invalid, ….
   */
  update<T extends KubernetesObject>(
    kind: Kind<T>,
    namespace: string | undefined,
    name: string,
    change: (object: T) => T | undefined | Promise<T | undefined>,
    options?: InternalWriteOptions & { readonly subresource?: string },
  ): Promise<T>
  /** Throws NotFound. Resolves with the object when finalizers or grace keep it. */
  delete<T extends KubernetesObject>(
    kind: Kind<T>,
    namespace: string | undefined,
    name: string,
    options?: InternalDeleteOptions,
  ): Promise<T | undefined>
  /** Every kind served now, built-in and custom. */
  kinds(): readonly Kind[]
  /** A served kind by group and plural, of the given version or the preferred one. */
  kindOfResource(group: string, resource: string, version?: string): Kind | undefined
  /** A served kind by group and Kind, of the given version or the preferred one. */
  kindOf(group: string, kind: string, version?: string): Kind | undefined
}

export interface InternalWriteOptions {
  readonly user?: UserInfo
  readonly dryRun?: boolean
  readonly fieldManager?: string
}

export interface InternalDeleteOptions {
  readonly user?: UserInfo
  readonly dryRun?: boolean
  readonly gracePeriodSeconds?: number
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground'
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
}
