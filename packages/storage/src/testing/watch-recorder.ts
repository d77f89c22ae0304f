import type { Change, Store } from '../store.js'

/** A watch that keeps what it was told, for tests. */
export interface WatchRecorder {
  readonly changes: readonly Change[]
  /** Revision up to which nothing was left out. */
  readonly through: number
  readonly error: Error | undefined
  /** `put /a 2`, one for each change. */
  lines(): string[]
  /** Resolves once the watch has seen a revision; rejects when it ends before. */
  reached(revision: number): Promise<void>
  /** Resolves with the reason once the watch has ended by itself. */
  ended(): Promise<Error>
  stop(): void
}

export function recordWatch(store: Store, prefix: string, after: number): WatchRecorder {
  const changes: Change[] = []
  let through = after
  let error: Error | undefined
  let waiting: (() => void)[] = []
  const wake = () => {
    for (const retry of waiting.splice(0)) retry()
  }
  const stop = store.watch({
    prefix,
    after,
    onChanges(batch, revision) {
      changes.push(...batch)
      through = revision
      wake()
    },
    onEnd(reason) {
      error = reason
      wake()
    },
  })
  const until = async (condition: () => boolean) => {
    let late = false
    // Also keeps the process alive, which a store's own timers do not.
    const deadline = setTimeout(() => {
      late = true
      wake()
    }, patience)
    while (!condition() && !late) await new Promise<void>((resolve) => waiting.push(resolve))
    clearTimeout(deadline)
    if (late) throw new Error(`the watch of ${prefix} is at revision ${through} after ${patience / 1000} s`)
  }
  return {
    changes,
    get through() {
      return through
    },
    get error() {
      return error
    },
    lines: () => changes.map((change) => `${change.type} ${change.key} ${change.revision}`),
    async reached(revision) {
      await until(() => through >= revision || error !== undefined)
      if (through < revision && error) throw error
    },
    async ended() {
      await until(() => error !== undefined)
      return error as Error
    },
    stop() {
      waiting = []
      stop()
    },
  }
}

const patience = 20_000
