import type { Clock } from '../time/clock.js'
import { DelayedItems } from './delayed-items.js'
import { RateLimiter, type RateLimiterOptions } from './rate-limiter.js'

/**
 * Keys waiting for work. A key is queued at most once, and never worked on twice at the same time: added while it is
 * being worked on, it comes again when that work is done.
 */
export class WorkQueue {
  private readonly ready: string[] = []
  private head = 0
  private readonly waiting = new Set<string>()
  private readonly working = new Set<string>()
  private readonly takers: ((item: string | undefined) => void)[] = []
  private readonly delayed: DelayedItems
  private readonly limiter: RateLimiter
  private closed = false

  constructor(clock: Clock, limits: RateLimiterOptions = {}) {
    this.delayed = new DelayedItems(clock, (item) => this.add(item))
    this.limiter = new RateLimiter(clock, limits)
  }

  /** Keys ready to be taken. */
  get depth(): number {
    return this.ready.length - this.head
  }

  /** Keys being worked on. */
  get active(): number {
    return this.working.size
  }

  /** Nothing is ready and nothing worked on; delayed keys may be there. */
  get idle(): boolean {
    return this.depth === 0 && this.working.size === 0
  }

  /** True when the key was not waiting already. */
  add(item: string): boolean {
    if (this.closed || this.waiting.has(item)) return false
    this.waiting.add(item)
    if (!this.working.has(item)) this.offer(item)
    return true
  }

  addAfter(item: string, delay: number): void {
    if (this.closed) return
    if (delay <= 0) this.add(item)
    else this.delayed.add(item, delay)
  }

  /** Puts a failed key back after its back-off; milliseconds it will wait. */
  addRateLimited(item: string): number {
    const delay = this.limiter.delay(item)
    this.addAfter(item, delay)
    return delay
  }

  /** The key has succeeded: its back-off starts anew. */
  forget(item: string): void {
    this.limiter.forget(item)
  }

  failuresOf(item: string): number {
    return this.limiter.failuresOf(item)
  }

  /** The next key, when there is one; undefined once the queue is closed. `done` must follow. */
  take(): Promise<string | undefined> {
    const item = this.takeNow()
    if (item !== undefined || this.closed) return Promise.resolve(item)
    return new Promise((resolve) => this.takers.push(resolve))
  }

  done(item: string): void {
    this.working.delete(item)
    if (this.waiting.has(item) && !this.closed) this.offer(item)
  }

  /** No key is given out any more; those being worked on may finish. */
  close(): void {
    this.closed = true
    this.delayed.clear()
    for (const taker of this.takers.splice(0)) taker(undefined)
  }

  private offer(item: string): void {
    const taker = this.takers.shift()
    if (!taker) {
      this.ready.push(item)
      return
    }
    this.begin(item)
    taker(item)
  }

  private takeNow(): string | undefined {
    if (this.closed || this.head === this.ready.length) return undefined
    const item = this.ready[this.head++]
    if (this.head > 1024 && this.head * 2 > this.ready.length) {
      this.ready.splice(0, this.head)
      this.head = 0
    }
    if (item !== undefined) this.begin(item)
    return item
  }

  private begin(item: string): void {
    this.waiting.delete(item)
    this.working.add(item)
  }
}
