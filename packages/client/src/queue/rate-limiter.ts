import type { Clock } from '../time/clock.js'

export interface RateLimiterOptions {
  /** First delay of an item, in milliseconds. */
  readonly base?: number
  readonly cap?: number
  /** Retries a second of all items together, and how many may come at once. */
  readonly rate?: number
  readonly burst?: number
}

/**
 * When a failed item may be tried again: the later of the item's own exponential delay and a token bucket over all
 * items. Upstream's default: 5 ms doubling to 1,000 s, bucket of 100 refilled with 10 a second.
 */
export class RateLimiter {
  private readonly failures = new Map<string, number>()
  private readonly base: number
  private readonly cap: number
  private readonly perToken: number
  private readonly burst: number
  /** When the bucket was, or will be, full. */
  private fullAt = Number.NEGATIVE_INFINITY

  constructor(
    private readonly clock: Clock,
    options: RateLimiterOptions = {},
  ) {
    this.base = options.base ?? 5
    this.cap = options.cap ?? 1_000_000
    this.perToken = 1000 / (options.rate ?? 10)
    this.burst = options.burst ?? 100
  }

  /** Milliseconds to wait; counts as one more failure of the item. */
  delay(item: string): number {
    const failures = this.failures.get(item) ?? 0
    this.failures.set(item, failures + 1)
    const own = Math.min(this.base * 2 ** Math.min(failures, 60), this.cap)
    return Math.max(own, this.reserve())
  }

  /** The item has succeeded. */
  forget(item: string): void {
    this.failures.delete(item)
  }

  failuresOf(item: string): number {
    return this.failures.get(item) ?? 0
  }

  /** Takes a token, if need be of the future; milliseconds until it is there. */
  private reserve(): number {
    const now = this.clock.now()
    this.fullAt = Math.max(this.fullAt, now) + this.perToken
    return Math.max(0, this.fullAt - now - this.burst * this.perToken)
  }
}
