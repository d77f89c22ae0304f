import type { Kind } from '@treeline/api'
import { errors, FieldPath, fieldErrors, type KubernetesObject } from '@treeline/machinery'
import { type Entry, InvalidKeyError, type Store, type WriteResult } from '@treeline/storage'
import type { ObjectEncoding } from './object-encoding.js'
import { type Remove, remove, type Stored, type StoreWriteOptions } from './resource-store.js'
import { Slab } from './slab.js'
import type { StoredObject } from './stored-object.js'
import type { WatchCache } from './watch-cache.js'

export interface WriterSource<T extends KubernetesObject> {
  readonly kind: Kind<T>
  readonly store: Store
  readonly encoding: ObjectEncoding<T>
  /** The kind's prefix in the store. */
  readonly prefix: string
  /** Seconds that objects of the kind live. */
  readonly timeToLive: number | undefined
  /** The cache, if there is one; writes are done once it has seen them. */
  cache(): WatchCache<T> | undefined
}

/** What came of writing over one state of an object. */
export type Replacement<T extends KubernetesObject> =
  | { readonly done: true; readonly stored: Stored<T>; readonly removed: boolean }
  /** Another writer came between; this is the object by now. */
  | { readonly done: false; readonly current: StoredObject<T> | undefined }

/** The single writes to the objects of a kind, each a compare-and-swap of one key. */
export class ObjectWriter<T extends KubernetesObject> {
  readonly #source: WriterSource<T>

  constructor(source: WriterSource<T>) {
    this.#source = source
  }

  /** Resolves with `undefined` if there is such an object already. Throws StatusError on names that cannot be stored. */
  async create(object: T, options: StoreWriteOptions): Promise<Stored<T> | undefined> {
    const key = newKey(this.#source.kind, object)
    const value = this.#source.encoding.encode(object)
    const result = await this.#put(key, 0, value, options)
    return result.ok ? this.#written(key, result.revision, value) : undefined
  }

  /** Writes `next` over `current`; nothing is written when it is the same. */
  async replace(key: string, current: StoredObject<T>, next: T | Remove, options: StoreWriteOptions): Promise<Replacement<T>> {
    const { encoding } = this.#source
    if (next === remove) return this.#remove(key, current)
    if (next === current.object && !current.outdated) return { done: true, stored: current, removed: false }
    const value = encoding.encode(next)
    if (encoding.isUnchanged(current, next, value)) return { done: true, stored: current, removed: false }
    const result = await this.#put(key, current.revision, value, options)
    if (!result.ok) return { done: false, current: this.#decode(result.current) }
    return { done: true, stored: await this.#written(key, result.revision, value), removed: false }
  }

  /** The newest object of a key, from the store. */
  async read(key: string): Promise<StoredObject<T> | undefined> {
    return this.#decode(await this.#source.store.get(this.#source.prefix + key))
  }

  async #remove(key: string, current: StoredObject<T>): Promise<Replacement<T>> {
    const { store, prefix, encoding } = this.#source
    const result = await store.delete(prefix + key, current.revision)
    if (!result.ok) return { done: false, current: this.#decode(result.current) }
    const stored = (await this.#seen(result.revision)) ?? encoding.decodeDeleted(current, result.revision, new Slab())
    return { done: true, stored, removed: true }
  }

  async #put(key: string, expected: number, value: Buffer, options: StoreWriteOptions): Promise<WriteResult> {
    const { store, prefix, kind } = this.#source
    const timeToLive = options.timeToLive ?? this.#source.timeToLive
    try {
      return await store.put(prefix + key, expected, value, timeToLive === undefined ? {} : { timeToLive })
    } catch (error) {
      if (error instanceof InvalidKeyError) throw invalidName(kind, key.slice(key.indexOf('/') + 1), error.problem)
      throw error
    }
  }

  /** The object of a write as the cache has it by now, or else from the value that was written. */
  async #written(key: string, revision: number, value: Buffer): Promise<Stored<T>> {
    return (await this.#seen(revision)) ?? this.#source.encoding.decode(key, revision, value, 'ADDED', new Slab())
  }

  async #seen(revision: number): Promise<Stored<T> | undefined> {
    const cache = this.#source.cache()
    if (!cache) return undefined
    // Whoever wrote reads what was written, also where the store tells of it later than it acknowledges.
    if (cache.revision < revision) await cache.reaches(revision, patience)
    return cache.history.at(revision)?.stored
  }

  #decode(entry: Entry | undefined): StoredObject<T> | undefined {
    const { encoding, prefix } = this.#source
    return entry && encoding.decode(entry.key.slice(prefix.length), entry.modRevision, entry.value, 'ADDED', new Slab())
  }
}

/** Milliseconds that a writer waits for its own write to come back. */
const patience = 3000

/** Key of an object below its kind's prefix. */
export function keyOf(kind: Pick<Kind, 'scope'>, namespace: string | undefined, name: string): string {
  return kind.scope === 'Namespaced' ? `${namespace ?? ''}/${name}` : name
}

/** A key that no other object's can be mistaken for. */
function newKey<T extends KubernetesObject>(kind: Kind<T>, { metadata: { name = '', namespace = '' } }: T): string {
  if (name === '') throw errors.invalid(kind, name, [fieldErrors.required(metadataPath.child('name'), 'name or generateName is required')])
  if (name.includes('/')) throw invalidName(kind, name, "may not contain '/'")
  if (kind.scope === 'Namespaced' && (namespace === '' || namespace.includes('/'))) {
    throw errors.invalid(kind, name, [fieldErrors.invalid(metadataPath.child('namespace'), namespace, 'must be the name of a namespace')])
  }
  return keyOf(kind, namespace, name)
}

function invalidName(kind: Pick<Kind, 'group' | 'kind'>, name: string, problem: string) {
  return errors.invalid(kind, name, [fieldErrors.invalid(metadataPath.child('name'), name, problem)])
}

const metadataPath = FieldPath.root('metadata')
