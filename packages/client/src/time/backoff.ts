import type { Clock } from './clock.js'

export interface BackoffOptions {
  /** First delay, in milliseconds. */
  readonly base: number
  readonly cap: number
  /** Delay is multiplied by a random factor in [1, 1 + jitter). */
  readonly jitter: number
  /** After this time without a failure counting starts anew, in milliseconds. */
  readonly reset: number
}

/** As upstream's reflector: 800 ms doubling to 30 s, fully jittered, forgotten after two minutes of peace. */
export const reflectorBackoff: BackoffOptions = { base: 800, cap: 30_000, jitter: 1, reset: 120_000 }

/** Counts failures of one thing, or of one thing shared by many. */
export class Backoff {
  private failures = 0
  /** Until when the last delay runs. */
  private until = Number.NEGATIVE_INFINITY
  private lastFailure = Number.NEGATIVE_INFINITY

  constructor(
    private readonly options: BackoffOptions,
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {}

  /** Milliseconds to wait after one more failure. Failures of many at the same time count as one. */
  next(): number {
    const { base, cap, jitter, reset } = this.options
    const now = this.clock.now()
    const spread = 1 + this.random() * jitter
    if (now < this.until) return (this.until - now) * spread
    if (now - this.lastFailure > reset) this.failures = 0
    this.lastFailure = now
    const delay = Math.min(base * 2 ** Math.min(this.failures, 30), cap)
    this.failures++
    this.until = now + delay
    return delay * spread
  }

  succeeded(): void {
    this.failures = 0
  }
}
