/**
 * The store: a revisioned log of keys with a current view. Every successful write gets the next revision; a reader of
 * revision N sees exactly the writes up to N. One contract suite (`store-contract.ts`) runs on every engine.
 *
 * Keys are well-formed strings, ordered by their UTF-8 bytes. Values are opaque: whatever carries the revision of a
 * write (such as an object's resourceVersion) is added by the reader, since not every engine knows it beforehand.
 */
export interface Store {
  /** Newest revision that this process has seen acknowledged; 1 on an empty store, as etcd's is. */
  readonly revision: number
  /** Oldest revision that can still be read; watches can start after it. 0 before the first compaction. */
  readonly compactedRevision: number
  /** A revision that includes every write acknowledged to anybody before this call. */
  latest(): Promise<number>
  /** The current entry of a key. */
  get(key: string): Promise<Entry | undefined>
  /** Entries of a prefix in key order, at one revision. Throws CompactedError or FutureRevisionError. */
  range(request: RangeRequest): Promise<RangeResult>
  /**
   * Writes `key` if its current modRevision equals `expected` (0: the key must be absent). Resolves when the write is
   * durable. A former time to live of the key ends. `value` belongs to the store from here on.
   */
  put(key: string, expected: number, value: Uint8Array, options?: PutOptions): Promise<WriteResult>
  /** Deletes `key` if its current modRevision equals `expected`. Resolves when the deletion is durable. */
  delete(key: string, expected: number): Promise<WriteResult>
  /** Follows a prefix from a revision on: first history, then live. Returns the stop function. */
  watch(request: StoreWatchRequest): () => void
  /** Forgets history before `revision`; resolves when its space is free. Throws FutureRevisionError. */
  compact(revision: number): Promise<void>
  /** Finishes the writes that were accepted, ends the watches with StoreClosedError and lets go of all resources. */
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
  /** Asks for `remaining`, which costs a walk over the rest of the range. */
  readonly count?: boolean
}

export interface RangeResult {
  readonly entries: readonly Entry[]
  /** The revision read at. */
  readonly revision: number
  /** Keys were left out because of `limit`. */
  readonly more: boolean
  /** How many were left out; present when `count` was asked for. */
  readonly remaining?: number
}

export interface PutOptions {
  /** Seconds until the store itself deletes the key (Events, master leases). */
  readonly timeToLive?: number
}

export type WriteResult =
  | { readonly ok: true; readonly revision: number }
  /** The compare failed; `current` is what is there now. */
  | { readonly ok: false; readonly current: Entry | undefined }

/** One write, as a watcher sees it. */
export interface Change {
  readonly type: 'put' | 'delete'
  readonly key: string
  readonly revision: number
  /** Revision at which the key was last created. */
  readonly createRevision: number
  /** New value of a put; empty for a delete. */
  readonly value: Buffer
}

export interface StoreWatchRequest {
  readonly prefix: string
  /** Changes after this revision are delivered; it may lie in the future. */
  readonly after: number
  /**
   * Gets durable changes in revision order, and with them the revision up to which nothing of the prefix is left out;
   * also called without changes when only that revision moved. Never called from within `watch`. Must not throw.
   */
  readonly onChanges: (changes: readonly Change[], through: number) => void
  /** The watch is over, not by `stop`: CompactedError (history is gone) or StoreClosedError. Called at most once. */
  readonly onEnd: (error: Error) => void
}

/** The revision asked for was compacted away. */
export class CompactedError extends Error {
  override readonly name = 'CompactedError'
  constructor(
    readonly requested: number,
    readonly compacted: number,
  ) {
    super(`revision ${requested} has been compacted (oldest is ${compacted})`)
  }
}

/** The revision asked for does not exist yet. */
export class FutureRevisionError extends Error {
  override readonly name = 'FutureRevisionError'
  constructor(
    readonly requested: number,
    readonly current: number,
  ) {
    super(`revision ${requested} is in the future (newest is ${current})`)
  }
}

/** The key cannot be stored: empty, too long, not well-formed, or with a NUL. */
export class InvalidKeyError extends Error {
  override readonly name = 'InvalidKeyError'
  constructor(
    readonly key: string,
    readonly problem: string,
  ) {
    super(`invalid key: ${problem}`)
  }
}

/** The store was closed. */
export class StoreClosedError extends Error {
  override readonly name = 'StoreClosedError'
  constructor() {
    super('the store is closed')
  }
}

/** A write did not reach the disk, or it is not known whether it did; `cause` says why. */
export class StoreWriteError extends Error {
  override readonly name = 'StoreWriteError'
}
