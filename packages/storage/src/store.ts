/**
 * The store: a revisioned log of keys with a current view. Every successful write gets the next revision; a reader of
 * revision N sees exactly the writes up to N. One contract suite (`store-contract.ts`) runs on every engine.
 */
export interface Store {
  /** Revision of the newest acknowledged write; starts at 1 on an empty store, as etcd's does. */
  readonly revision: number
  /** Oldest revision that can still be read or watched from. */
  readonly compactedRevision: number
  /** The current entry of a key. A promise, because an engine may be across a network. */
  get(key: string): Promise<Entry | undefined>
  /** Entries of [prefix + start, end of prefix) in key order, at one revision. Throws CompactedError or FutureRevisionError. */
  range(request: RangeRequest): Promise<RangeResult>
  /**
   * Writes `key` if its current modRevision equals `expected` (0: the key must be absent). Resolves when the write is
   * durable. The value is asked for once the revision is known, so that bytes can carry their own resourceVersion.
   */
  put(key: string, expected: number, encode: (revision: number) => Uint8Array, options?: PutOptions): Promise<WriteResult>
  /** Deletes `key` if its current modRevision equals `expected`. Watchers get the previous entry, so `encode` gives the tombstone's bytes. */
  delete(key: string, expected: number, encode?: (revision: number) => Uint8Array): Promise<WriteResult>
  /**
   * Calls `listener` with every change after `fromRevision`, in revision order, batched as committed, first from history,
   * then live; never before the change is durable. Throws CompactedError when history is gone. Returns the stop function.
   */
  watch(prefix: string, fromRevision: number, listener: (changes: readonly Change[]) => void): () => void
  /** Forgets history before `revision`. */
  compact(revision: number): Promise<void>
  close(): Promise<void>
}

export interface Entry {
  readonly key: string
  readonly value: Buffer
  readonly createRevision: number
  readonly modRevision: number
}

export interface RangeRequest {
  readonly prefix: string
  /** First key, whole (prefix included); defaults to the prefix. */
  readonly start?: string
  readonly limit?: number
  /** Read at this revision; defaults to the newest. */
  readonly revision?: number
}

export interface RangeResult {
  readonly entries: readonly Entry[]
  /** The revision read at. */
  readonly revision: number
  /** Keys of the prefix from `start` on that were not returned because of `limit`. */
  readonly remaining: number
}

export interface PutOptions {
  /** Seconds until the key is deleted by the store itself (Events, master leases). */
  readonly timeToLive?: number
}

export type WriteResult =
  | { readonly ok: true; readonly revision: number; readonly value: Buffer }
  /** The compare failed; `current` is what is there now. */
  | { readonly ok: false; readonly current: Entry | undefined }

export interface Change {
  readonly type: 'put' | 'delete'
  readonly key: string
  /** Revision of the change. */
  readonly revision: number
  /** New value of a put; tombstone bytes of a delete (the previous value when none were given). */
  readonly value: Buffer
  /** The entry before the change; absent when the key was created. */
  readonly previous?: Entry
}

/** The revision asked for was compacted away. */
export class CompactedError extends Error {
  constructor(
    readonly requested: number,
    readonly compacted: number,
  ) {
    super(`revision ${requested} has been compacted (oldest is ${compacted})`)
  }
}

/** The revision asked for does not exist yet. */
export class FutureRevisionError extends Error {
  constructor(
    readonly requested: number,
    readonly current: number,
  ) {
    super(`revision ${requested} is in the future (newest is ${current})`)
  }
}
