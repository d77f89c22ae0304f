import type { Change } from '../store.js'

/**
 * What an embedded engine must be able to do; `RevisionedStore` makes a Store of it. It keeps three tables: heads (key to
 * its newest record, deletions included until they are compacted), the log (revision to record) and deadlines.
 * Reads see at least the last commit that was acknowledged, perhaps one that is just being acknowledged.
 */
export interface Backend {
  /** Counters as of the last commit; zeros when there was none. */
  load(): Counters
  head(key: string): Head | undefined
  /** Heads from a key on, in key order. Walked within one turn; the walk may stop early. */
  heads(start: string): Iterable<readonly [key: string, head: Head]>
  /** The record of a revision; with `prefix`, only if its key starts so. */
  record(revision: number, prefix?: string): LogRecord | undefined
  /** The record of a revision without its value. */
  link(revision: number): Link | undefined
  /** Keys whose deadline is not after `now`, earliest first. */
  due(now: number, limit: number): readonly DueKey[]
  /** The earliest deadline of all, in milliseconds. */
  nextDeadline(): number | undefined
  /** Makes writes durable, all or none, and the counters with them. Never called again before it settled. */
  commit(writes: readonly Write[], counters: Counters): Promise<void>
  /** Removes what compaction found to be garbage. Never called while another commit runs. */
  sweep(garbage: Garbage, counters: Counters): Promise<void>
  close(): Promise<void>
}

export interface Counters {
  readonly revision: number
  /** Oldest revision that can be read. */
  readonly compacted: number
  /** Revision up to which compaction has removed its garbage. */
  readonly swept: number
}

/** The newest state of a key. */
export interface Head {
  readonly revision: number
  readonly createRevision: number
  readonly deleted: boolean
  /** When the store deletes the key, in milliseconds since the epoch; 0 for never. */
  readonly deadline: number
}

export interface Link {
  readonly type: 'put' | 'delete'
  readonly key: string
  /** Revision of the key's record before this one; 0 when there was none, dangling once it is compacted. */
  readonly previous: number
}

export interface LogRecord extends Change {
  readonly previous: number
}

export interface Write {
  readonly record: LogRecord
  readonly head: Head
  /** Deadline of the head that this write replaces. */
  readonly formerDeadline: number
}

export interface DueKey {
  readonly key: string
  readonly deadline: number
}

export interface Garbage {
  /** Records to drop. */
  readonly revisions: readonly number[]
  /** Heads to drop. */
  readonly keys: readonly string[]
}
