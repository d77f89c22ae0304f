import type { Database } from 'lmdb'
import type { Head } from '../engine/backend.js'
import { compareKeys } from '../key.js'
import { HeadGeneration } from './head-generation.js'
import { decodeHead, encodeHead } from './rows.js'

/**
 * Heads by key, written behind. The log alone makes a write durable, and appending to it is cheap; its keys in order
 * would touch a page each. So new heads gather in memory, and a full generation of them goes to the table in slices of
 * neighbouring keys, along with later commits. Invariant: the table holds every head up to `indexed`; the log from there
 * on gives the rest after a crash.
 */
export class HeadIndex {
  readonly #table: Database<Buffer, string>
  #fresh = new HeadGeneration()
  /** First revision that `#fresh` may hold. */
  #freshFrom: number
  /** The generation being written; newer than the table, older than `#fresh`. */
  #aging = new HeadGeneration()
  #agingFrom: string | undefined
  #indexed: number

  constructor(table: Database<Buffer, string>, indexed: number) {
    this.#table = table
    this.#indexed = indexed
    this.#freshFrom = indexed + 1
  }

  /** Revision up to which the table is complete. */
  get indexed(): number {
    return this.#indexed
  }

  get(key: string): Head | undefined {
    const recent = this.#fresh.get(key) ?? this.#aging.get(key)
    if (recent) return recent
    const row = this.#table.getBinaryFast(key)
    return row && decodeHead(row)
  }

  entries(start: string): Iterable<readonly [key: string, head: Head]> {
    let entries: Iterable<readonly [key: string, head: Head]> = this.#tableEntries(start)
    if (this.#aging.size > 0) entries = merge(this.#aging.entries(start), entries)
    if (this.#fresh.size > 0) entries = merge(this.#fresh.entries(start), entries)
    return entries
  }

  /** Takes a head that the log holds. */
  add(key: string, head: Head): void {
    this.#fresh.set(key, head)
  }

  /** What the commit that begins at `revision` should write to the table besides its own rows. */
  slice(revision: number): HeadSlice {
    if (this.#agingFrom === undefined) {
      if (revision - this.#freshFrom < generation) return noHeads
      this.#aging = this.#fresh
      this.#agingFrom = ''
      this.#fresh = new HeadGeneration()
      this.#freshFrom = revision
    }
    const rows: [string, Buffer][] = []
    let next: string | undefined
    for (const [key, head] of this.#aging.entries(this.#agingFrom)) {
      if (rows.length === sliceSize) {
        next = key
        break
      }
      rows.push([key, encodeHead(head)])
    }
    return { rows, next, indexed: next === undefined ? this.#freshFrom - 1 : this.#indexed }
  }

  /** Everything that the table lacks up to `revision`, the newest. */
  rest(revision: number): HeadSlice {
    const rows: [string, Buffer][] = []
    for (const [key, head] of merge(this.#fresh.entries(), this.#aging.entries())) rows.push([key, encodeHead(head)])
    return { rows, next: undefined, indexed: revision }
  }

  /** The slice is on the disk. */
  written(slice: HeadSlice): void {
    if (slice === noHeads) return
    this.#indexed = slice.indexed
    this.#agingFrom = slice.next
    if (slice.next !== undefined) return
    this.#aging = new HeadGeneration()
    if (slice.indexed < this.#freshFrom) return
    this.#fresh = new HeadGeneration()
    this.#freshFrom = slice.indexed + 1
  }

  *#tableEntries(start: string): Generator<readonly [key: string, head: Head], void> {
    // A key cannot be empty, so the smallest is NUL, which no key is.
    for (const { key, value } of this.#table.getRange({ start: start === '' ? '\0' : start })) yield [key, decodeHead(value)]
  }
}

export interface HeadSlice {
  readonly rows: readonly (readonly [key: string, row: Buffer])[]
  /** Where the slice after this one begins; absent at the end of a generation. */
  readonly next: string | undefined
  /** Revision up to which the table is complete once this is written. */
  readonly indexed: number
}

const noHeads: HeadSlice = { rows: [], next: undefined, indexed: 0 }

/** Revisions that gather before they are written; a crash leaves up to twice as many to be read again from the log. */
const generation = 16_384
const sliceSize = 1024

type Entries<V> = Iterable<readonly [key: string, value: V]>

/** Both in key order; of two values of one key, the newer. */
function* merge<V>(newer: Entries<V>, older: Entries<V>): Generator<readonly [key: string, value: V], void> {
  const rest = older[Symbol.iterator]()
  try {
    let old = rest.next()
    for (const entry of newer) {
      while (!old.done && compareKeys(old.value[0], entry[0]) < 0) {
        yield old.value
        old = rest.next()
      }
      if (!old.done && old.value[0] === entry[0]) old = rest.next()
      yield entry
    }
    while (!old.done) {
      yield old.value
      old = rest.next()
    }
  } finally {
    rest.return?.()
  }
}
