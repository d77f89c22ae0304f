import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, open, type RootDatabase } from 'lmdb'
import type { Backend, Counters, DueKey, Garbage, Head, Link, LogRecord, Write } from '../engine/backend.js'
import { maxKeyBytes } from '../key.js'
import { StoreWriteError } from '../store.js'
import { checkDataFile } from './check-file.js'
import { HeadIndex } from './head-index.js'
import { deadlineKey, type KeyEncoder, numberKey, textKey } from './key-encoders.js'
import { decodeCounters, decodeHeadOfRecord, decodeLink, decodeRecord, encodeCounters, encodeRecord, type StoredCounters } from './rows.js'

/** Keeps everything in one LMDB file, `store.mdb`. The directory must be this process's alone (see `lockDirectory`). */
export class LmdbBackend implements Backend {
  readonly #root: RootDatabase<Buffer, string>
  readonly #counters: Database<Buffer, string>
  readonly #log: Database<Buffer, number>
  readonly #deadlines: Database<Buffer, [deadline: number, key: string]>
  readonly #headTable: Database<Buffer, string>
  readonly #heads: HeadIndex

  constructor(directory: string) {
    const path = join(directory, 'store.mdb')
    checkDataFile(path)
    this.#root = open<Buffer, string>({ path, ...environment })
    // Secrets are in there.
    for (const file of [path, `${path}-lock`]) chmodSync(file, 0o600)
    this.#counters = this.#open('counters', textKey)
    this.#log = this.#open('log', numberKey)
    this.#deadlines = this.#open('deadlines', deadlineKey)
    this.#headTable = this.#open('heads', textKey)
    this.#heads = new HeadIndex(this.#headTable, this.#storedCounters().indexed)
    this.#readHeadsFromLog()
  }

  load(): Counters {
    const { revision, compacted, swept } = this.#storedCounters()
    return { revision: Math.max(revision, this.#lastLogged()), compacted, swept }
  }

  head(key: string): Head | undefined {
    return this.#heads.get(key)
  }

  heads(start: string): Iterable<readonly [key: string, head: Head]> {
    return this.#heads.entries(start)
  }

  record(revision: number, prefix = ''): LogRecord | undefined {
    const row = this.#log.getBinaryFast(revision)
    return row && decodeRecord(row, row.length, revision, prefix)
  }

  link(revision: number): Link | undefined {
    const row = this.#log.getBinaryFast(revision)
    return row && decodeLink(row)
  }

  due(now: number, limit: number): readonly DueKey[] {
    const due: DueKey[] = []
    for (const { key } of this.#deadlines.getRange({ start: [0, ''], limit })) {
      const [deadline, name] = key
      if (deadline > now) break
      due.push({ key: name, deadline })
    }
    return due
  }

  nextDeadline(): number | undefined {
    for (const { key } of this.#deadlines.getRange({ start: [0, ''], limit: 1 })) return key[0]
    return undefined
  }

  async commit(writes: readonly Write[], counters: Counters): Promise<void> {
    const rows = writes.map((write) => ({ ...write, row: encodeRecord(write.record, write.head.deadline) }))
    const slice = this.#heads.slice(writes[0]?.record.revision ?? counters.revision)
    const counterRow = slice.rows.length > 0 ? encodeCounters({ ...counters, indexed: slice.indexed }) : undefined
    await this.#transact(() => {
      for (const { record, head, formerDeadline, row } of rows) {
        void this.#log.put(record.revision, row)
        if (formerDeadline !== 0) void this.#deadlines.remove([formerDeadline, record.key])
        if (head.deadline !== 0) void this.#deadlines.put([head.deadline, record.key], emptyRow)
      }
      for (const [key, row] of slice.rows) void this.#headTable.put(key, row)
      if (counterRow) void this.#counters.put(countersKey, counterRow)
    })
    this.#heads.written(slice)
    for (const { record, head } of writes) this.#heads.add(record.key, head)
  }

  async sweep(garbage: Garbage, counters: Counters): Promise<void> {
    // What is swept can no longer be read from the log, so the table must have it.
    if (this.#heads.indexed < counters.swept) await this.#writeHeads(counters.revision)
    const counterRow = encodeCounters({ ...counters, indexed: this.#heads.indexed })
    await this.#transact(() => {
      for (const revision of garbage.revisions) void this.#log.remove(revision)
      for (const key of garbage.keys) void this.#headTable.remove(key)
      void this.#counters.put(countersKey, counterRow)
    })
  }

  async close(): Promise<void> {
    const { revision } = this.load()
    // Spares the next opening the reading of the log.
    if (this.#heads.indexed < revision) await this.#writeHeads(revision)
    await this.#root.close()
  }

  async #writeHeads(revision: number): Promise<void> {
    const slice = this.#heads.rest(revision)
    const counterRow = encodeCounters({ ...this.load(), indexed: slice.indexed })
    await this.#transact(() => {
      for (const [key, row] of slice.rows) void this.#headTable.put(key, row)
      void this.#counters.put(countersKey, counterRow)
    })
    this.#heads.written(slice)
  }

  #storedCounters(): StoredCounters {
    const row = this.#counters.getBinaryFast(countersKey)
    return row ? decodeCounters(row) : { revision: 0, compacted: 0, swept: 0, indexed: 0 }
  }

  #lastLogged(): number {
    for (const key of this.#log.getKeys({ start: Number.MAX_SAFE_INTEGER, end: 0, reverse: true, limit: 1 })) return key
    return 0
  }

  #readHeadsFromLog(): void {
    const last = this.#lastLogged()
    for (let revision = this.#heads.indexed + 1; revision <= last; revision++) {
      const row = this.#log.getBinaryFast(revision)
      if (row) this.#heads.add(decodeLink(row).key, decodeHeadOfRecord(row, revision))
    }
  }

  #open<K extends string | number | [number, string]>(name: string, keyEncoder: KeyEncoder<K>): Database<Buffer, K> {
    const options = { name, encoding: 'binary' as const, keyEncoder }
    return this.#root.openDB<Buffer, K>(options)
  }

  /** Resolves once the transaction is on the disk. */
  async #transact(describe: () => void): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer from the disk in ${commitTimeout / 1000} s`)), commitTimeout)
    })
    try {
      await Promise.race([this.#root.batch(describe), late])
    } catch (error) {
      const cause = await causeOf(error)
      throw new StoreWriteError(`the write was not committed: ${cause.message}`, { cause })
    } finally {
      clearTimeout(timer)
    }
  }
}

const environment = {
  noSubdir: true,
  maxDbs: 4,
  encoding: 'binary' as const,
  // A commit is then acknowledged after its flush, never before it.
  overlappingSync: false,
  // Groups are formed by RevisionedStore; a group leaves at once.
  eventTurnBatching: false,
  txnStartThreshold: 1,
}

const countersKey = 'counters'
/** LMDB's smallest value; nobody reads it. */
const emptyRow = Buffer.alloc(1)
const commitTimeout = 60_000

/** lmdb says `commit failed` and gives the reason as a promise that rejects. */
async function causeOf(error: unknown): Promise<Error> {
  const reason = (error as { commitError?: Promise<never> }).commitError
  if (reason) {
    try {
      await reason
    } catch (cause) {
      return cause as Error
    }
  }
  return error instanceof Error ? error : new Error(String(error))
}

/** LMDB's own limit, less the eight bytes that come before a key in the table of deadlines. */
if (maxKeyBytes > 1978 - 8) throw new Error('keys would not fit into LMDB')
