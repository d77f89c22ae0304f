import type { Store } from './store.js'

export interface CompactorOptions {
  /** Milliseconds between compactions; history lasts from one to two of them. Five minutes by default, as upstream's. */
  readonly interval?: number
  /** Learns of compactions that failed; the next one is tried all the same. */
  readonly report: (error: Error) => void
}

/** Forgets history as time passes: each time up to the newest revision of the time before. Returns the stop function. */
export function compactPeriodically(store: Store, { interval = 300_000, report }: CompactorOptions): () => void {
  let before = store.revision
  let compacting = false
  let stopped = false
  const compact = async () => {
    if (compacting) return
    compacting = true
    const now = store.revision
    try {
      await store.compact(before)
      before = now
    } catch (error) {
      // A store that closes breaks off the compaction under way.
      if (!stopped) report(error instanceof Error ? error : new Error(String(error)))
    } finally {
      compacting = false
    }
  }
  const timer = setInterval(() => void compact(), interval)
  timer.unref()
  return () => {
    stopped = true
    clearInterval(timer)
  }
}
