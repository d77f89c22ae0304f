import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, open, type RootDatabase } from 'lmdb'
import type { Backend, Counters, DueKey, Garbage, Head, Link, LogRecord, Write } from '../engine/backend.js'
import { maxKeyBytes } from '../key.js'
import { StoreWriteError } from '../store.js'
import { deadlineKey, type KeyEncoder, numberKey, textKey } from './key-encoders.js'
import { decodeCounters, decodeHead, decodeLink, decodeRecord, encodeCounters, encodeHead, encodeRecord } from './rows.js'

/** Keeps everything in one LMDB file, `store.mdb`. The directory must be this process's alone (see `lockDirectory`). */
export class LmdbBackend implements Backend {
  readonly #root: RootDatabase<Buffer, string>
  readonly #counters: Database<Buffer, string>
  readonly #heads: Database<Buffer, string>
  readonly #log: Database<Buffer, number>
  readonly #deadlines: Database<Buffer, [deadline: number, key: string]>

  constructor(directory: string) {
    const path = join(directory, 'store.mdb')
    this.#root = open<Buffer, string>({ path, ...environment })
    // Secrets are in there.
    for (const file of [path, `${path}-lock`]) chmodSync(file, 0o600)
    this.#counters = this.#open('counters', textKey)
    this.#heads = this.#open('heads', textKey)
    this.#log = this.#open('log', numberKey)
    this.#deadlines = this.#open('deadlines', deadlineKey)
  }

  load(): Counters {
    const row = this.#counters.getBinaryFast(countersKey)
    return row ? decodeCounters(row) : { revision: 0, compacted: 0, swept: 0 }
  }

  head(key: string): Head | undefined {
    const row = this.#heads.getBinaryFast(key)
    return row && decodeHead(row)
  }

  *heads(start: string): Generator<readonly [key: string, head: Head], void> {
    // A key cannot be empty, so the smallest is NUL, which no key is.
    for (const { key, value } of this.#heads.getRange({ start: start === '' ? '\0' : start })) yield [key, decodeHead(value)]
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

  commit(writes: readonly Write[], counters: Counters): Promise<void> {
    // All that can fail happens before the transaction is described: half a description would be half a commit.
    const rows = writes.map((write) => ({ ...write, log: encodeRecord(write.record), newest: encodeHead(write.head) }))
    const counterRow = encodeCounters(counters)
    return this.#transact(() => {
      for (const { record, head, formerDeadline, log, newest } of rows) {
        void this.#log.put(record.revision, log)
        void this.#heads.put(record.key, newest)
        if (formerDeadline !== 0) void this.#deadlines.remove([formerDeadline, record.key])
        if (head.deadline !== 0) void this.#deadlines.put([head.deadline, record.key], emptyRow)
      }
      void this.#counters.put(countersKey, counterRow)
    })
  }

  sweep(garbage: Garbage, counters: Counters): Promise<void> {
    const counterRow = encodeCounters(counters)
    return this.#transact(() => {
      for (const revision of garbage.revisions) void this.#log.remove(revision)
      for (const key of garbage.keys) void this.#heads.remove(key)
      void this.#counters.put(countersKey, counterRow)
    })
  }

  close(): Promise<void> {
    return this.#root.close()
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
