import type { KubernetesObject } from '@treeline/machinery'
import type { CacheEvent } from './cache-event.js'

/** How much is kept for watches that come back. */
export interface HistoryLimits {
  /** Events kept however old they are. */
  readonly fewest: number
  /** Events kept at most. */
  readonly most: number
  /** Bytes kept at most, beyond the fewest. */
  readonly bytes: number
  /** Milliseconds that events are kept for, within the limits. */
  readonly age: number
}

export const defaultHistoryLimits: HistoryLimits = { fewest: 100, most: 102_400, bytes: 32 * 1024 * 1024, age: 75_000 }

/** The newest events of a kind, in revision order. Invariant: every change after `start` is here. */
export class EventHistory<T extends KubernetesObject> {
  readonly #limits: HistoryLimits
  /** Called with each event that is dropped. */
  readonly #dropped: (event: CacheEvent<T>) => void
  #events: CacheEvent<T>[] = []
  /** Index of the oldest event kept; what is before it is cut off now and then. */
  #first = 0
  #bytes = 0
  #start: number

  constructor(start: number, limits: HistoryLimits, dropped: (event: CacheEvent<T>) => void) {
    this.#start = start
    this.#limits = limits
    this.#dropped = dropped
  }

  /** Watches can go on from this revision and from later ones. */
  get start(): number {
    return this.#start
  }

  push(event: CacheEvent<T>): void {
    this.#events.push(event)
    this.#bytes += event.stored.size
    const { fewest, most, bytes, age } = this.#limits
    for (let oldest = this.#events[this.#first]; oldest; oldest = this.#events[this.#first]) {
      const count = this.#events.length - this.#first
      if (count <= fewest || (count <= most && this.#bytes <= bytes && event.time - oldest.time <= age)) break
      this.#drop(oldest)
    }
  }

  /** Events after a revision, oldest first. */
  after(revision: number): CacheEvent<T>[] {
    return this.#events.slice(this.#indexAfter(revision))
  }

  /** Events after a revision, newest first. */
  *backTo(revision: number): Generator<CacheEvent<T>, void> {
    for (let index = this.#events.length - 1; index >= this.#first; index--) {
      const event = this.#events[index]
      if (!event || event.revision <= revision) return
      yield event
    }
  }

  /** The event of exactly this revision. */
  at(revision: number): CacheEvent<T> | undefined {
    const event = this.#events[this.#indexAfter(revision - 1)]
    return event?.revision === revision ? event : undefined
  }

  #indexAfter(revision: number): number {
    let low = this.#first
    let high = this.#events.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#events[middle]?.revision ?? 0) <= revision) low = middle + 1
      else high = middle
    }
    return low
  }

  #drop(oldest: CacheEvent<T>): void {
    this.#start = oldest.revision
    this.#bytes -= oldest.stored.size
    this.#first++
    if (this.#first >= 1024 && this.#first * 2 >= this.#events.length) {
      this.#events.splice(0, this.#first)
      this.#first = 0
    }
    this.#dropped(oldest)
  }
}
