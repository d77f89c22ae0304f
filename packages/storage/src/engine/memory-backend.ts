import { OrderedMap } from '../ordered-map.js'
import type { Backend, Counters, DueKey, Garbage, Head, Link, LogRecord, Write } from './backend.js'

/** Keeps everything in this process's memory. */
export class MemoryBackend implements Backend {
  readonly #heads = new OrderedMap<Head>()
  readonly #log = new Map<number, LogRecord>()
  readonly #deadlines = new OrderedMap<DueKey>()
  #counters: Counters = { revision: 0, compacted: 0, swept: 0 }

  load(): Counters {
    return this.#counters
  }

  head(key: string): Head | undefined {
    return this.#heads.get(key)
  }

  heads(start: string): Iterable<readonly [key: string, head: Head]> {
    return this.#heads.entries(start)
  }

  record(revision: number, prefix = ''): LogRecord | undefined {
    const record = this.#log.get(revision)
    return record?.key.startsWith(prefix) ? record : undefined
  }

  link(revision: number): Link | undefined {
    return this.#log.get(revision)
  }

  due(now: number, limit: number): readonly DueKey[] {
    const due: DueKey[] = []
    this.#deadlines.visit('', (entry) => entry.deadline <= now && due.push(entry) < limit)
    return due
  }

  nextDeadline(): number | undefined {
    for (const [, { deadline }] of this.#deadlines.entries()) return deadline
    return undefined
  }

  async commit(writes: readonly Write[], counters: Counters): Promise<void> {
    for (const { record, head, formerDeadline } of writes) {
      this.#log.set(record.revision, record)
      this.#heads.set(record.key, head)
      if (formerDeadline !== 0) this.#deadlines.delete(deadlineKey(formerDeadline, record.key))
      if (head.deadline !== 0) this.#deadlines.set(deadlineKey(head.deadline, record.key), { key: record.key, deadline: head.deadline })
    }
    this.#counters = counters
  }

  async sweep(garbage: Garbage, counters: Counters): Promise<void> {
    for (const revision of garbage.revisions) this.#log.delete(revision)
    for (const key of garbage.keys) this.#heads.delete(key)
    this.#counters = counters
  }

  async close(): Promise<void> {
    this.#heads.clear()
    this.#log.clear()
    this.#deadlines.clear()
  }
}

/** Sorts by deadline, then key. */
function deadlineKey(deadline: number, key: string): string {
  return `${Math.floor(deadline).toString().padStart(16, '0')}${key}`
}
