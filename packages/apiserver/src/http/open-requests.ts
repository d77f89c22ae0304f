import type { RequestObserver } from './pipeline.js'

/** Counts the requests under way, so that a server that closes can wait for them. */
export class OpenRequests implements RequestObserver {
  private open = 0
  private waiters: (() => void)[] = []

  started(): void {
    this.open++
  }

  finished(): void {
    this.open--
    if (this.open > 0) return
    for (const resolve of this.waiters.splice(0)) resolve()
  }

  /** Resolves when nothing is under way, or after `limit` milliseconds. */
  drained(limit: number): Promise<void> {
    if (this.open === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limit)
      this.waiters.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }
}
