import { type Change, CompactedError, type StoreWatchRequest } from '../store.js'

/** Where the hub reads history. */
export interface History {
  /** Newest revision that watchers may see. */
  revision(): number
  compacted(): number
  /** The change at a revision, if its key starts with `prefix`. */
  change(revision: number, prefix: string): Change | undefined
}

/**
 * Brings every change to every watch that asked for it, once and in order. A watch begins behind: it reads history in
 * slices until it has reached the newest revision, and from that moment on is given what is published. A watch that is
 * behind needs no queue, for the log is the queue.
 */
export class WatchHub {
  readonly #behind = new Set<Watch>()
  /** Watches that have seen everything, by prefix, so that a change is compared once with each prefix. */
  readonly #live = new Map<string, Set<Watch>>()
  readonly #history: History

  constructor(history: History) {
    this.#history = history
  }

  add(request: StoreWatchRequest): () => void {
    const watch: Watch = { request, position: request.after }
    this.#behind.add(watch)
    setImmediate(() => this.#catchUp(watch))
    return () => this.#remove(watch)
  }

  /** Tells the live watches of a commit. `changes` are in order and end at `revision`. */
  publish(changes: readonly Change[], revision: number): void {
    for (const [prefix, watches] of this.#live) {
      const matching = changes.filter((change) => change.key.startsWith(prefix))
      for (const watch of watches) {
        if (watch.position >= revision) continue
        const first = matching[0]
        const unseen = first && first.revision <= watch.position ? matching.filter((change) => change.revision > watch.position) : matching
        this.#deliver(watch, unseen, revision)
      }
    }
  }

  /** Ends the watches that need what a compaction took away. */
  compacted(): void {
    for (const watch of this.#behind) this.#endIfCompacted(watch)
  }

  /** Ends all watches. */
  end(error: Error): void {
    for (const watch of this.#behind) this.#end(watch, error)
    for (const watches of this.#live.values()) for (const watch of watches) this.#end(watch, error)
  }

  #catchUp(watch: Watch): void {
    if (!this.#behind.has(watch) || this.#endIfCompacted(watch)) return
    const revision = this.#history.revision()
    if (watch.position < revision) {
      const through = Math.min(revision, watch.position + sliceOfHistory)
      const changes: Change[] = []
      for (let at = watch.position + 1; at <= through; at++) {
        const change = this.#history.change(at, watch.request.prefix)
        if (change) changes.push(change)
      }
      this.#deliver(watch, changes, through)
    } else if (watch.position === revision) this.#deliver(watch, [], revision)
    if (!this.#behind.has(watch)) return
    if (watch.position < this.#history.revision()) setImmediate(() => this.#catchUp(watch))
    else this.#goLive(watch)
  }

  #goLive(watch: Watch): void {
    this.#behind.delete(watch)
    const watches = this.#live.get(watch.request.prefix)
    if (watches) watches.add(watch)
    else this.#live.set(watch.request.prefix, new Set([watch]))
  }

  #deliver(watch: Watch, changes: readonly Change[], through: number): void {
    watch.position = through
    try {
      watch.request.onChanges(changes, through)
    } catch (error) {
      // One broken consumer must not stop the commits of all others.
      this.#end(watch, error instanceof Error ? error : new Error(String(error)))
    }
  }

  #endIfCompacted(watch: Watch): boolean {
    const compacted = this.#history.compacted()
    if (watch.position >= compacted) return false
    this.#end(watch, new CompactedError(watch.position, compacted))
    return true
  }

  #end(watch: Watch, error: Error): void {
    if (this.#remove(watch)) queueMicrotask(() => watch.request.onEnd(error))
  }

  #remove(watch: Watch): boolean {
    if (this.#behind.delete(watch)) return true
    const watches = this.#live.get(watch.request.prefix)
    const removed = watches?.delete(watch) ?? false
    if (watches?.size === 0) this.#live.delete(watch.request.prefix)
    return removed
  }
}

interface Watch {
  readonly request: StoreWatchRequest
  /** Revision up to which the watch has been served. */
  position: number
}

/** Revisions read in one turn of the event loop. */
const sliceOfHistory = 1000
