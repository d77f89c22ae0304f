import { errors } from '@treeline/machinery'
import type { Exchange } from '../exchange.js'
import type { RequestObserver, Stage } from '../pipeline.js'
import { isLongRunning } from '../request-info.js'

/** Seats for requests at work, and a bounded queue before them. */
export interface InFlightLimits {
  readonly reading: number
  readonly mutating: number
  /** Requests that may wait for a seat, of each sort. */
  readonly queue: number
  /** Milliseconds that one waits at most. */
  readonly wait: number
}

export const defaultInFlightLimits: InFlightLimits = { reading: 400, mutating: 200, queue: 5000, wait: 15_000 }

const readVerbs = new Set(['get', 'list', 'watch'])
const superusers = 'system:masters'

/**
 * Keeps the number of requests at work bounded: beyond the seats they wait in line, beyond the line they are told to
 * come back (429). Long-running requests and superusers take no seat.
 */
export class InFlight implements RequestObserver {
  readonly reading: Seats
  readonly mutating: Seats
  private readonly holders = new WeakMap<Exchange, Seats>()

  constructor(limits: InFlightLimits) {
    this.reading = new Seats(limits.reading, limits.queue, limits.wait)
    this.mutating = new Seats(limits.mutating, limits.queue, limits.wait)
  }

  readonly stage: Stage = (exchange) => {
    const { info, user } = exchange
    if (isLongRunning(info) || user.groups.includes(superusers)) return undefined
    const seats = info.isResource && !readVerbs.has(info.verb) ? this.mutating : this.reading
    const wait = seats.take()
    if (wait === undefined) {
      this.holders.set(exchange, seats)
      return undefined
    }
    return wait.then(() => {
      this.holders.set(exchange, seats)
    })
  }

  started(): void {
    // A seat is taken by the stage, which knows the user.
  }

  finished(exchange: Exchange): void {
    this.holders.get(exchange)?.give()
  }
}

interface Waiter {
  readonly admit: () => void
  readonly timer: NodeJS.Timeout
}

/** Counted seats with a first-come line. */
export class Seats {
  taken = 0
  private readonly line = new Set<Waiter>()

  constructor(
    private readonly seats: number,
    private readonly longestLine: number,
    private readonly longestWait: number,
  ) {}

  get waiting(): number {
    return this.line.size
  }

  /** `undefined`: the seat is taken at once. Throws or rejects with StatusError 429. */
  take(): Promise<void> | undefined {
    if (this.taken < this.seats) {
      this.taken++
      return undefined
    }
    if (this.line.size >= this.longestLine) throw tooMany()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.line.delete(waiter)
        reject(tooMany())
      }, this.longestWait)
      timer.unref()
      const waiter: Waiter = { admit: resolve, timer }
      this.line.add(waiter)
    })
  }

  /** Gives a seat back, to the first in line if there is one. */
  give(): void {
    for (const first of this.line) {
      this.line.delete(first)
      clearTimeout(first.timer)
      first.admit()
      return
    }
    this.taken--
  }
}

function tooMany(): Error {
  return errors.tooManyRequests('too many requests, please try again later', 1)
}
