import type { Clock } from '../time/clock.js'

/** How finely deadlines are kept, in milliseconds: one timer serves all requests of a transport. */
const resolution = 500

/** The deadlines of the requests under way. */
export class Deadlines {
  private readonly waiting = new Set<{ readonly at: number; readonly expire: () => void }>()
  private cancelTick: (() => void) | undefined

  constructor(private readonly clock: Clock) {}

  /** Calls `expire` once about `timeout` milliseconds from now, unless the function returned was called before. */
  add(timeout: number | undefined, expire: () => void): () => void {
    if (timeout === undefined) return () => undefined
    const entry = { at: this.clock.now() + timeout, expire }
    this.waiting.add(entry)
    this.arm()
    return () => this.waiting.delete(entry)
  }

  clear(): void {
    this.waiting.clear()
    this.cancelTick?.()
    this.cancelTick = undefined
  }

  private arm(): void {
    this.cancelTick ??= this.clock.after(resolution, () => this.tick())
  }

  private tick(): void {
    this.cancelTick = undefined
    const now = this.clock.now()
    for (const entry of this.waiting) {
      if (entry.at > now) continue
      this.waiting.delete(entry)
      entry.expire()
    }
    if (this.waiting.size > 0) this.arm()
  }
}
