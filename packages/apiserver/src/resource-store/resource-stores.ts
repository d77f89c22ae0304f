import type { Kind } from '@treeline/api'
import type { KubernetesObject } from '@treeline/machinery'
import type { Store } from '@treeline/storage'
import { KindStore, type KindStoreOptions } from './kind-store.js'
import type { ResourceStore } from './resource-store.js'

export interface ResourceStoresOptions extends Omit<KindStoreOptions, 'timeToLive'> {
  /** Seconds that objects of a kind live; `undefined` for ever. */
  readonly timeToLive?: (kind: Kind) => number | undefined
  /** Milliseconds that requests under way may still use the store of a kind that is dropped or declared anew. */
  readonly drainTime?: number
}

/** The resource stores of all kinds over one store. Each loads when it is first used. */
export class ResourceStores {
  readonly #store: Store
  readonly #options: ResourceStoresOptions
  readonly #open = new Map<string, KindStore<KubernetesObject>>()
  readonly #draining = new Map<KindStore<KubernetesObject>, NodeJS.Timeout>()
  readonly #timer: NodeJS.Timeout

  constructor(store: Store, options: ResourceStoresOptions = {}) {
    this.#store = store
    this.#options = options
    this.#timer = setInterval(() => this.#forgetUnused(), forgetInterval).unref()
  }

  /** The store of a kind. A kind that is declared anew (a changed custom resource) gets a new one; watches of the old end. */
  of<T extends KubernetesObject>(kind: Kind<T>): ResourceStore<T> {
    const name = nameOf(kind)
    const asked = kind as unknown as Kind
    const known = this.#open.get(name)
    if (known?.kind === asked) return known as unknown as ResourceStore<T>
    if (known) this.#retire(known)
    const { timeToLive, drainTime: _drainTime, ...options } = this.#options
    const opened = new KindStore(this.#store, asked, { ...options, timeToLive: timeToLive?.(asked) })
    this.#open.set(name, opened)
    return opened as unknown as ResourceStore<T>
  }

  /** Ends the watches of a kind that is no longer served and frees its memory. What is stored stays. */
  drop(kind: Pick<Kind, 'group' | 'version' | 'plural'>): void {
    const known = this.#open.get(nameOf(kind))
    this.#open.delete(nameOf(kind))
    if (known) this.#retire(known)
  }

  /** Ends all watches. The store underneath stays open. */
  close(): void {
    clearInterval(this.#timer)
    for (const store of this.#open.values()) store.close()
    this.#open.clear()
    for (const store of this.#draining.keys()) this.#end(store)
  }

  #retire(store: KindStore<KubernetesObject>): void {
    const { drainTime = defaultDrainTime } = this.#options
    if (drainTime === 0) store.close()
    else this.#draining.set(store, setTimeout(() => this.#end(store), drainTime).unref())
  }

  #end(store: KindStore<KubernetesObject>): void {
    clearTimeout(this.#draining.get(store))
    this.#draining.delete(store)
    store.close()
  }

  #forgetUnused(): void {
    for (const store of this.#open.values()) store.forgetUnused()
  }
}

/** An object that is looked at less often than this is decoded again. */
const forgetInterval = 30_000
const defaultDrainTime = 1_000

function nameOf(kind: Pick<Kind, 'group' | 'version' | 'plural'>): string {
  return `${kind.group}/${kind.version}/${kind.plural}`
}
