import { deepFreeze, type KubernetesObject } from '@treeline/machinery'
import type { InformerEvent } from '../controller.js'

type IndexFunction<T> = (object: T) => readonly string[]

interface Index<T> {
  readonly values: IndexFunction<T>
  readonly buckets: Map<string, Map<string, T>>
}

/** `namespace/name`, or `name` of a cluster-scoped object. */
export function keyOf(object: KubernetesObject): string {
  const { namespace, name = '' } = object.metadata
  return namespace ? `${namespace}/${name}` : name
}

/** Splits a key made by {@link keyOf}. */
export function splitKey(key: string): { readonly namespace?: string; readonly name: string } {
  const slash = key.indexOf('/')
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) }
}

/** Deep-frozen objects by key, by namespace and by named indexes. Every index holds exactly the objects of the store. */
export class IndexedStore<T extends KubernetesObject> {
  private readonly objects = new Map<string, T>()
  private readonly namespaces: Index<T> = { values: (object) => [object.metadata.namespace ?? ''], buckets: new Map() }
  private readonly indexes = new Map<string, Index<T>>()

  get size(): number {
    return this.objects.size
  }

  keys(): IterableIterator<string> {
    return this.objects.keys()
  }

  get(key: string): T | undefined {
    return this.objects.get(key)
  }

  list(namespace?: string): readonly T[] {
    if (namespace === undefined) return [...this.objects.values()]
    return [...(this.namespaces.buckets.get(namespace)?.values() ?? [])]
  }

  /** Throws on an index that was never added. */
  byIndex(name: string, value: string): readonly T[] {
    const index = this.indexes.get(name)
    if (!index) throw new Error(`there is no index ${JSON.stringify(name)}`)
    return [...(index.buckets.get(value)?.values() ?? [])]
  }

  /** Adds an index over what is there and what comes. The same name may be added again for the same function only. */
  addIndex(name: string, values: IndexFunction<T>): void {
    const known = this.indexes.get(name)
    if (known && known.values !== values) throw new Error(`index ${JSON.stringify(name)} is declared twice, differently`)
    if (known) return
    const index: Index<T> = { values, buckets: new Map() }
    for (const [key, object] of this.objects) insert(index, key, object)
    this.indexes.set(name, index)
  }

  /** Freezes and keeps an object. */
  set(object: T): InformerEvent<T> {
    deepFreeze(object)
    const key = keyOf(object)
    const old = this.objects.get(key)
    this.objects.set(key, object)
    for (const index of this.allIndexes()) {
      if (old) remove(index, key, old)
      insert(index, key, object)
    }
    return old ? { type: 'updated', object, old } : { type: 'added', object }
  }

  delete(key: string): T | undefined {
    const old = this.objects.get(key)
    if (!old) return undefined
    this.objects.delete(key)
    for (const index of this.allIndexes()) remove(index, key, old)
    return old
  }

  private *allIndexes(): Generator<Index<T>> {
    yield this.namespaces
    yield* this.indexes.values()
  }
}

function insert<T>(index: Index<T>, key: string, object: T): void {
  for (const value of index.values(object)) {
    const bucket = index.buckets.get(value)
    if (bucket) bucket.set(key, object)
    else index.buckets.set(value, new Map([[key, object]]))
  }
}

function remove<T>(index: Index<T>, key: string, object: T): void {
  for (const value of index.values(object)) {
    const bucket = index.buckets.get(value)
    bucket?.delete(key)
    if (bucket?.size === 0) index.buckets.delete(value)
  }
}
