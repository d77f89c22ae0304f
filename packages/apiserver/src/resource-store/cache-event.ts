import type { KubernetesObject } from '@treeline/machinery'
import type { ObjectEncoding } from './object-encoding.js'
import type { StoredEvent } from './resource-store.js'
import type { Slab } from './slab.js'
import type { LineType, StoredObject } from './stored-object.js'

/** A change of an object, with the object before it, from which each watch learns what the change is to it. */
export class CacheEvent<T extends KubernetesObject = KubernetesObject> implements StoredEvent<T> {
  readonly type: LineType
  readonly revision: number
  /** After the change; of a deletion, the last state with the revision of the deletion. */
  readonly stored: StoredObject<T>
  readonly previous: StoredObject<T> | undefined
  /** When it was taken in, in milliseconds. */
  readonly time: number
  #appearance: StoredEvent<T> | undefined
  #disappearance: StoredEvent<T> | undefined

  constructor(type: LineType, stored: StoredObject<T>, previous: StoredObject<T> | undefined, time: number) {
    this.type = type
    this.revision = stored.revision
    this.stored = stored
    this.previous = previous
    this.time = time
  }

  get line(): Buffer {
    return this.stored.line(this.type)
  }

  /** For watches that did not see the object before. */
  appearance(): StoredEvent<T> {
    this.#appearance ??= addedEvent(this.stored)
    return this.#appearance
  }

  /** For watches that no longer see the object: its old content under the new revision. */
  disappearance(encoding: ObjectEncoding<T>, slab: Slab): StoredEvent<T> {
    if (this.type === 'DELETED' || !this.previous) return this
    if (!this.#disappearance) {
      const stored = encoding.decodeDeleted(this.previous, this.revision, slab)
      this.#disappearance = { type: 'DELETED', revision: this.revision, stored, line: stored.line('DELETED') }
    }
    return this.#disappearance
  }
}

/** The event of an object that a watch begins with or comes to see. */
export function addedEvent<T extends KubernetesObject>(stored: StoredObject<T>): StoredEvent<T> {
  return { type: 'ADDED', revision: stored.revision, stored, line: stored.line('ADDED') }
}
