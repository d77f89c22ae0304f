import { deepFreeze, type KubernetesObject } from '@treeline/machinery'
import type { Listed } from './resource-store.js'
import type { Slab } from './slab.js'

/** How a line says what happened. All objects are kept as such a line, so that watchers share it. */
export type LineType = 'ADDED' | 'MODIFIED' | 'DELETED'

export const linePrefix: Readonly<Record<LineType, Buffer>> = {
  ADDED: Buffer.from('{"type":"ADDED","object":'),
  MODIFIED: Buffer.from('{"type":"MODIFIED","object":'),
  DELETED: Buffer.from('{"type":"DELETED","object":'),
}

export const lineSuffix = Buffer.from('}\n')

/**
 * An object in the cache, as the watch event line that brought it: `{"type":…,"object":…}\n`. The object's own bytes are
 * a part of that line.
 */
export class StoredObject<T extends KubernetesObject = KubernetesObject> implements Listed<T> {
  readonly key: string
  readonly revision: number
  /** What lies in the store is not what would be written now: it is of an older version or schema of its kind. */
  readonly outdated: boolean
  #line: Buffer
  #type: LineType
  #object: T | undefined
  /** Set by every reading of `object`, cleared by `forgetUnused`. */
  #used = false

  /** `line` is a line of that type. */
  constructor(key: string, revision: number, type: LineType, line: Buffer, outdated = false) {
    this.key = key
    this.revision = revision
    this.outdated = outdated
    this.#type = type
    this.#line = line
  }

  get bytes(): Buffer {
    return this.#line.subarray(linePrefix[this.#type].length, this.#line.length - lineSuffix.length)
  }

  get length(): number {
    return this.#line.length - linePrefix[this.#type].length - lineSuffix.length
  }

  copyBytes(target: Buffer, at: number, from: number): number {
    return this.#line.copy(target, at, linePrefix[this.#type].length + from, this.#line.length - lineSuffix.length)
  }

  get object(): T {
    this.#used = true
    this.#object ??= deepFreeze(JSON.parse(this.#json()) as T)
    return this.#object
  }

  /** The whole event line, of the type asked for; copied unless the object is kept as such a line. */
  line(type: LineType): Buffer {
    return type === this.#type ? this.#line : Buffer.concat([linePrefix[type], this.bytes, lineSuffix])
  }

  /** Looking at `object` costs nothing. */
  get isDecoded(): boolean {
    return this.#object !== undefined
  }

  get size(): number {
    return this.#line.length
  }

  /** Moves to memory of the long-lived, as the line that watchers get who begin later. */
  settle(slab: Slab): void {
    const { bytes } = this
    const prefix = linePrefix.ADDED
    const { buffer, start } = slab.take(prefix.length + bytes.length + lineSuffix.length)
    const from = start + prefix.length
    buffer.set(prefix, start)
    buffer.set(bytes, from)
    buffer.set(lineSuffix, from + bytes.length)
    this.#line = buffer.subarray(start, from + bytes.length + lineSuffix.length)
    this.#type = 'ADDED'
  }

  /** Drops the decoded object if nobody has asked for it since the last call. */
  forgetUnused(): void {
    if (!this.#used) this.#object = undefined
    this.#used = false
  }

  #json(): string {
    return this.#line.toString('utf8', linePrefix[this.#type].length, this.#line.length - lineSuffix.length)
  }
}
