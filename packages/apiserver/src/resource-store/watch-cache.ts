import type { Kind } from '@treeline/api'
import type { KubernetesObject } from '@treeline/machinery'
import { type Change, compareKeys, OrderedMap } from '@treeline/storage'
import { CacheEvent } from './cache-event.js'
import { EventHistory, type HistoryLimits } from './event-history.js'
import type { ObjectEncoding } from './object-encoding.js'
import { Slab } from './slab.js'
import type { StoredObject } from './stored-object.js'

/**
 * The objects of one kind as of `revision`, and the changes that led there since `history.start`. Invariant: undoing the
 * events after a revision R, newest first, gives the objects as of R.
 */
export class WatchCache<T extends KubernetesObject> {
  readonly history: EventHistory<T>
  /** Where the bytes of recent events lie. */
  readonly recent = new Slab()
  readonly #kind: Kind<T>
  readonly #encoding: ObjectEncoding<T>
  readonly #objects = new OrderedMap<StoredObject<T>>()
  /** Where the bytes of objects lie that outlast the history, so that they do not hold on to what has gone. */
  readonly #settled = new Slab()
  readonly #report: (error: Error) => void
  #revision: number
  #all: readonly StoredObject<T>[] | undefined
  #waiting: Waiting[] = []

  constructor(
    kind: Kind<T>,
    encoding: ObjectEncoding<T>,
    revision: number,
    { limits, report }: { readonly limits: HistoryLimits; readonly report: (error: Error) => void },
  ) {
    this.#kind = kind
    this.#encoding = encoding
    this.#revision = revision
    this.#report = report
    this.history = new EventHistory(revision, limits, ({ stored }) => {
      if (this.#objects.get(stored.key) === stored) stored.settle(this.#settled)
    })
  }

  /** Revision up to which the cache has seen everything. */
  get revision(): number {
    return this.#revision
  }

  get size(): number {
    return this.#objects.size
  }

  get(key: string): StoredObject<T> | undefined {
    return this.#objects.get(key)
  }

  /** All objects, or those of a prefix, in key order. */
  all(prefix = ''): readonly StoredObject<T>[] {
    if (prefix === '' && this.#all) return this.#all
    const objects: StoredObject<T>[] = []
    this.#objects.visit(prefix, (stored, key) => key.startsWith(prefix) && objects.push(stored) > 0)
    if (prefix === '') this.#all = objects
    return objects
  }

  /** How many keys lie in [from, end of prefix). */
  count(prefix: string, from: string): number {
    // `0` follows `/`, which every prefix ends with.
    const end = prefix === '' ? this.#objects.size : this.#objects.rank(`${prefix.slice(0, -1)}0`)
    return end - this.#objects.rank(from)
  }

  /** Calls `visit` with the objects as of a revision not before `history.start`, from a key on, until it returns false. */
  visitAt(revision: number, prefix: string, from: string, visit: (stored: StoredObject<T>) => boolean): void {
    const former = this.#undo(revision, prefix)
    const gone = [...former].flatMap(([key, stored]) => (stored && !this.#objects.get(key) && compareKeys(key, from) >= 0 ? [stored] : []))
    gone.sort((a, b) => compareKeys(a.key, b.key))
    let next = 0
    let more = true
    this.#objects.visit(from, (stored, key) => {
      if (!key.startsWith(prefix)) return false
      for (let ghost = gone[next]; more && ghost && compareKeys(ghost.key, key) < 0; ghost = gone[++next]) more = visit(ghost)
      const seen = former.has(key) ? former.get(key) : stored
      if (more && seen) more = visit(seen)
      return more
    })
    for (let ghost = gone[next]; more && ghost; ghost = gone[++next]) more = visit(ghost)
  }

  /** Takes in what the store had at the revision the cache began with. */
  load(key: string, revision: number, value: Buffer): void {
    const stored = this.#decode(key, revision, value, 'ADDED', this.#settled)
    if (stored) this.#objects.set(key, stored)
  }

  /** Takes in the changes up to a revision and returns what they mean. `keyOf` cuts the store's keys. */
  apply(changes: readonly Change[], through: number, keyOf: (storeKey: string) => string): readonly CacheEvent<T>[] {
    const events: CacheEvent<T>[] = []
    const now = Date.now()
    for (const change of changes) {
      const event = this.#eventOf(change, keyOf(change.key), now)
      if (!event) continue
      this.history.push(event)
      events.push(event)
    }
    if (events.length > 0) this.#all = undefined
    this.#revision = through
    this.#wake()
    return events
  }

  /** Resolves with true once the cache has seen a revision, with false when it has not after `patience` milliseconds. */
  async reaches(revision: number, patience: number): Promise<boolean> {
    if (this.#revision >= revision) return true
    return new Promise((resolve) => {
      const waiting: Waiting = { revision, resolve, timer: setTimeout(() => this.#giveUp(waiting), patience) }
      this.#waiting.push(waiting)
    })
  }

  /** Lets nobody wait any more. */
  close(): void {
    for (const waiting of [...this.#waiting]) this.#giveUp(waiting)
  }

  /** Drops decoded objects that were not looked at since the last call. */
  forgetUnused(): void {
    this.#objects.visit('', (stored) => {
      stored.forgetUnused()
      return true
    })
  }

  #eventOf(change: Change, key: string, now: number): CacheEvent<T> | undefined {
    const previous = this.#objects.get(key)
    if (change.type === 'delete') {
      if (!previous) return undefined
      this.#objects.delete(key)
      return new CacheEvent('DELETED', this.#encoding.decodeDeleted(previous, change.revision, this.recent), previous, now)
    }
    const type = previous ? 'MODIFIED' : 'ADDED'
    const stored = this.#decode(key, change.revision, change.value, type, this.recent)
    if (!stored) return undefined
    this.#objects.set(key, stored)
    return new CacheEvent(type, stored, previous, now)
  }

  /** One value that cannot be read must not hide all others of the kind. */
  #decode(key: string, revision: number, value: Buffer, type: 'ADDED' | 'MODIFIED', slab: Slab): StoredObject<T> | undefined {
    try {
      return this.#encoding.decode(key, revision, value, type, slab)
    } catch (cause) {
      this.#report(new Error(`${this.#kind.plural} ${key} at revision ${revision} cannot be read and is left out`, { cause }))
      return undefined
    }
  }

  /** The former objects of the keys of a prefix that have changed since a revision. */
  #undo(revision: number, prefix: string): Map<string, StoredObject<T> | undefined> {
    const former = new Map<string, StoredObject<T> | undefined>()
    for (const { stored, previous } of this.history.backTo(revision)) {
      if (stored.key.startsWith(prefix)) former.set(stored.key, previous)
    }
    return former
  }

  #wake(): void {
    if (this.#waiting.length === 0) return
    const done = this.#waiting.filter((waiting) => waiting.revision <= this.#revision)
    this.#waiting = this.#waiting.filter((waiting) => waiting.revision > this.#revision)
    for (const { timer, resolve } of done) {
      clearTimeout(timer)
      resolve(true)
    }
  }

  #giveUp(waiting: Waiting): void {
    this.#waiting = this.#waiting.filter((other) => other !== waiting)
    clearTimeout(waiting.timer)
    waiting.resolve(false)
  }
}

interface Waiting {
  readonly revision: number
  readonly resolve: (reached: boolean) => void
  readonly timer: NodeJS.Timeout
}
