import type { KubernetesObject } from '@treeline/machinery'
import type { ResourceKind } from '../client.js'
import type { InformerEvent } from '../controller.js'
import { IndexedStore, keyOf } from './indexed-store.js'
import type { ReflectorSink } from './reflector.js'

/** Gets every change of a cache, synchronously, right after the cache has it. */
export type InformerSubscriber<T> = (event: InformerEvent<T>) => void

/** The cached objects of one kind and their changes. */
export interface Informer<T extends KubernetesObject = KubernetesObject> {
  readonly kind: ResourceKind<T>
  /** The first whole state has arrived. */
  readonly synced: boolean
  whenSynced(): Promise<void>
  get(key: string): T | undefined
  list(namespace?: string): readonly T[]
  byIndex(name: string, value: string): readonly T[]
  addIndex(name: string, values: (object: T) => readonly string[]): void
  /** Objects already there are delivered as added before this returns. The function returned ends the subscription. */
  subscribe(subscriber: InformerSubscriber<T>): () => void
}

/** An informer from the side of what fills it. Subscribers must not throw; `failed` hears of it when they do. */
export class FilledInformer<T extends KubernetesObject> implements Informer<T>, ReflectorSink<T> {
  synced = false
  private readonly store = new IndexedStore<T>()
  private readonly subscribers = new Set<InformerSubscriber<T>>()
  private readonly waiting: (() => void)[] = []

  constructor(
    readonly kind: ResourceKind<T>,
    private readonly failed: (error: unknown) => void,
  ) {}

  get = (key: string): T | undefined => this.store.get(key)
  list = (namespace?: string): readonly T[] => this.store.list(namespace)
  byIndex = (name: string, value: string): readonly T[] => this.store.byIndex(name, value)
  addIndex = (name: string, values: (object: T) => readonly string[]): void => this.store.addIndex(name, values)

  subscribe(subscriber: InformerSubscriber<T>): () => void {
    this.subscribers.add(subscriber)
    for (const object of this.store.list()) this.deliver(subscriber, { type: 'added', object })
    return () => this.subscribers.delete(subscriber)
  }

  whenSynced(): Promise<void> {
    if (this.synced) return Promise.resolve()
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  replace(objects: Iterable<T>): void {
    const gone = new Set(this.store.keys())
    for (const object of objects) {
      const key = keyOf(object)
      gone.delete(key)
      if (this.store.get(key)?.metadata.resourceVersion !== object.metadata.resourceVersion) this.set(object)
    }
    for (const key of gone) this.delete(key)
    this.synced = true
    for (const resolve of this.waiting.splice(0)) resolve()
  }

  /** An object deleted and made anew under its name between two looks is two events. */
  set(object: T): void {
    const key = keyOf(object)
    const known = this.store.get(key)
    if (known && known.metadata.uid !== object.metadata.uid) this.delete(key)
    this.publish(this.store.set(trimmed(object)))
  }

  delete(key: string): void {
    const object = this.store.delete(key)
    if (object) this.publish({ type: 'deleted', object })
  }

  private publish(event: InformerEvent<T>): void {
    for (const subscriber of this.subscribers) this.deliver(subscriber, event)
  }

  private deliver(subscriber: InformerSubscriber<T>, event: InformerEvent<T>): void {
    try {
      subscriber(event)
    } catch (error) {
      this.failed(error)
    }
  }
}

/** Managed fields are half of a small object and nobody reads them from a cache; a write without them leaves them alone. */
function trimmed<T extends KubernetesObject>(object: T): T {
  if (object.metadata.managedFields && !Object.isFrozen(object.metadata)) delete object.metadata.managedFields
  return object
}
