import type { Clock } from '../time/clock.js'

/** A clock that moves when told. */
export class FakeClock implements Clock {
  private readonly timers = new Set<{ readonly at: number; readonly run: () => void }>()
  private time: number

  constructor(start: string | number = '2026-01-01T00:00:00Z') {
    this.time = typeof start === 'number' ? start : Date.parse(start)
  }

  now(): number {
    return this.time
  }

  after(delay: number, run: () => void): () => void {
    const timer = { at: this.time + Math.max(0, delay), run }
    this.timers.add(timer)
    return () => this.timers.delete(timer)
  }

  /** When the next timer is due; undefined without timers. */
  get nextTimer(): number | undefined {
    let next: number | undefined
    for (const { at } of this.timers) if (next === undefined || at < next) next = at
    return next
  }

  /** Moves on by milliseconds, running what becomes due in order of time. */
  advance(by: number): void {
    const end = this.time + by
    for (;;) {
      let next: { readonly at: number; readonly run: () => void } | undefined
      for (const timer of this.timers) if (timer.at <= end && (!next || timer.at < next.at)) next = timer
      if (!next) break
      this.timers.delete(next)
      this.time = Math.max(this.time, next.at)
      next.run()
    }
    this.time = end
  }
}
