import type { Kind } from '@treeline/api'
import { deepEqual, deepFreeze, groupVersion, type KubernetesObject } from '@treeline/machinery'
import type { StoredEvent } from './resource-store.js'
import type { Slab } from './slab.js'
import { type LineType, linePrefix, lineSuffix, StoredObject } from './stored-object.js'

/**
 * The forms an object of one kind takes. The store's value is compact JSON that begins with kind, apiVersion and metadata
 * and has no resourceVersion, since the revision of a write is not known before it is made; the wire's bytes are the same
 * with the resourceVersion put in as the first field of metadata. So a write is serialised once, and a read is a copy.
 */
export class ObjectEncoding<T extends KubernetesObject> {
  readonly #kind: Kind<T>
  readonly #apiVersion: string
  /** What values of this kind begin with, up to the opening brace of metadata. */
  readonly #head: Buffer
  /** What values begin with that are of the version to be stored. */
  readonly #storedHead: Buffer

  constructor(kind: Kind<T>) {
    this.#kind = kind
    this.#apiVersion = groupVersion(kind.group, kind.version)
    this.#head = headOf(kind)
    this.#storedHead = kind.storedAs ? headOf(kind.storedAs.kind) : this.#head
  }

  /** The value to store. */
  encode(object: T): Buffer {
    const { storedAs } = this.#kind
    return storedAs ? encodeAs(this.#storedHead, storedAs.toStored(object)) : encodeAs(this.#head, object)
  }

  /** The object that a value of a revision holds. Throws SyntaxError on a value that is no JSON. */
  decode(key: string, revision: number, value: Buffer, type: LineType, slab: Slab): StoredObject<T> {
    const prefix = linePrefix[type]
    const head = this.#head
    const plain = !this.#kind.readStored && beginsWith(value, head) ? value : this.#convert(value)
    const version = `"resourceVersion":"${revision}"${plain[head.length] === closingBrace ? '' : ','}`
    const size = prefix.length + plain.length + version.length + lineSuffix.length
    const { buffer, start } = slab.take(size)
    let at = start
    at += prefix.copy(buffer, at)
    at += head.copy(buffer, at)
    at += buffer.write(version, at, 'latin1')
    at += plain.copy(buffer, at, head.length)
    lineSuffix.copy(buffer, at)
    return new StoredObject(key, revision, type, buffer.subarray(start, start + size), this.#isOutdated(value, plain))
  }

  /** The object as it was when it was deleted: its last state, with the revision of the deletion. */
  decodeDeleted(last: StoredObject<T>, revision: number, slab: Slab): StoredObject<T> {
    return this.decode(last.key, revision, Buffer.concat([this.#head, this.#tailOf(last)]), 'DELETED', slab)
  }

  /** True if writing `object`, whose value is `value`, over the stored one would change nothing. */
  isUnchanged(stored: StoredObject<T>, object: T, value: Buffer): boolean {
    if (stored.outdated) return false
    const own = this.#kind.storedAs ? encodeAs(this.#head, object) : value
    const tail = this.#tailOf(stored)
    // Equal JSON has equal length, whatever the order of its keys.
    if (own.length !== this.#head.length + tail.length) return false
    if (own.subarray(this.#head.length).equals(tail)) return true
    return deepEqual(JSON.parse(own.toString('utf8')), JSON.parse(Buffer.concat([this.#head, tail]).toString('utf8')))
  }

  /** An event that only tells how far a watch has come. */
  bookmark(revision: number, annotations?: Readonly<Record<string, string>>): StoredEvent<T> {
    const metadata = { resourceVersion: String(revision), ...(annotations && { annotations }) }
    const object = deepFreeze({ kind: this.#kind.kind, apiVersion: this.#apiVersion, metadata })
    const json = JSON.stringify(object)
    const line = Buffer.from(`{"type":"BOOKMARK","object":${json}}\n`)
    // Of the kind's fields it has none, as upstream's bookmarks have none.
    return {
      type: 'BOOKMARK',
      revision,
      line,
      stored: { key: '', revision, bytes: Buffer.from(json), object: object as KubernetesObject as T },
    }
  }

  /** What follows the resourceVersion. */
  #tailOf(stored: StoredObject<T>): Buffer {
    const { bytes } = stored
    const from = this.#head.length + versionField.length + String(stored.revision).length + 1
    return bytes.subarray(bytes[from] === comma ? from + 1 : from)
  }

  /** A value of the version to be stored is up to date, unless reading it as the same version has made it another. */
  #isOutdated(value: Buffer, plain: Buffer): boolean {
    if (plain === value) return false
    const { readStored, storedAs } = this.#kind
    return !beginsWith(value, this.#storedHead) || (readStored !== undefined && !storedAs && !plain.equals(value))
  }

  /** A value of another version of the kind, or one that somebody else has written, in this kind's form. */
  #convert(value: Buffer): Buffer {
    const stored = JSON.parse(value.toString('utf8')) as KubernetesObject
    const { storedAs, readStored } = this.#kind
    if (readStored) return encodeAs(this.#head, readStored(stored))
    const own = stored.apiVersion === this.#apiVersion && stored.kind === this.#kind.kind
    return encodeAs(this.#head, storedAs && !own ? storedAs.fromStored(stored) : stored)
  }
}

function beginsWith(value: Buffer, head: Buffer): boolean {
  return value.subarray(0, head.length).equals(head)
}

const versionField = '"resourceVersion":"'
const comma = 0x2c
const closingBrace = 0x7d

function headOf(kind: Pick<Kind, 'group' | 'version' | 'kind'>): Buffer {
  const type = { kind: kind.kind, apiVersion: groupVersion(kind.group, kind.version) }
  return Buffer.from(`${JSON.stringify(type).slice(0, -1)},"metadata":{`)
}

function encodeAs(head: Buffer, object: KubernetesObject): Buffer {
  if (object.metadata.resourceVersion === undefined && object.metadata.selfLink === undefined) {
    // A canonical object has the order of what is stored.
    const value = Buffer.from(JSON.stringify(object))
    if (beginsWith(value, head)) return value
  }
  const { kind: _kind, apiVersion: _apiVersion, metadata, ...rest } = object
  const { resourceVersion: _resourceVersion, selfLink: _selfLink, ...meta } = metadata
  const members = JSON.stringify(rest)
  const tail = `${JSON.stringify(meta).slice(1)}${members === '{}' ? '}' : `,${members.slice(1)}`}`
  const size = Buffer.byteLength(tail)
  const value = Buffer.allocUnsafe(head.length + size)
  head.copy(value)
  value.write(tail, head.length, 'utf8')
  return value
}
