import { type Clock, type Logger, sleep } from '@treeline/client'
import { isUnimplemented, type Runtime } from '@treeline/cri'
import { podUidLabel } from './identity.js'
import type { RuntimeCache } from './runtime-cache.js'

export interface RuntimeWatchOptions {
  readonly runtime: Runtime
  readonly cache: RuntimeCache
  readonly clock: Clock
  readonly log: Logger
  readonly signal: AbortSignal
  /** Milliseconds between lists when there are no events. */
  readonly relistPeriod: number
  /** The runtime has news of a pod. */
  changed(uid: string): void
}

/** Milliseconds between lists of a runtime that tells by itself, in case it forgot something. */
const relistWithEvents = 300_000
const unhealthyAfter = 180_000
const unhealthyAfterWithEvents = 600_000
const lastRetry = 5_000
/** A stream that lives this long without a word is one that works. */
const settlingTime = 1_000

/**
 * Learns what happens in the runtime: from its events where it has them, else by listing often. Either way a change only
 * says which pod to look at.
 */
export class RuntimeWatch {
  #events = false
  /** Aborts when the listing has to go by another rule. */
  #moded = new AbortController()
  #lastList: number
  readonly #done: Promise<void>

  constructor(private readonly options: RuntimeWatchOptions) {
    this.#lastList = options.clock.now()
    this.#done = Promise.all([this.#listen(), this.#list()]).then(() => undefined)
  }

  /** Why the node is not ready on account of this; undefined when all is well. */
  problem(): string | undefined {
    const age = this.options.clock.now() - this.#lastList
    const threshold = this.#events ? unhealthyAfterWithEvents : unhealthyAfter
    if (age <= threshold) return undefined
    return `PLEG is not healthy: pleg was last seen active ${Math.round(age / 1_000)}s ago; threshold is ${threshold / 60_000}m0s`
  }

  /** Resolves when the signal has ended it all. */
  whenDone(): Promise<void> {
    return this.#done
  }

  async #listen(): Promise<void> {
    const { runtime, signal, clock, log } = this.options
    let delay = 100
    while (!signal.aborted) {
      const cancel = clock.after(settlingTime, () => this.#setEvents(true))
      try {
        for await (const { podSandboxStatus } of runtime.getContainerEvents({}, { signal })) {
          delay = 100
          this.#setEvents(true)
          const uid = podSandboxStatus?.labels[podUidLabel]
          if (uid !== undefined) this.options.changed(uid)
        }
      } catch (error) {
        if (signal.aborted) return
        if (isUnimplemented(error)) return
        log.warn('the event stream of the runtime broke', { error: String(error) })
      } finally {
        cancel()
        this.#setEvents(false)
      }
      await sleep(clock, delay, signal)
      delay = Math.min(delay * 2, lastRetry)
      await this.#listOnce()
    }
  }

  /** Says whether the stream can be relied on, and lets the listing go by that from now on. */
  #setEvents(events: boolean): void {
    if (this.#events === events) return
    this.#events = events
    this.#moded.abort()
  }

  async #list(): Promise<void> {
    const { signal, clock, relistPeriod } = this.options
    let delay = relistPeriod
    const stop = () => this.#moded.abort()
    signal.addEventListener('abort', stop, { once: true })
    while (!signal.aborted) {
      this.#moded = new AbortController()
      const slept = await sleep(clock, this.#events ? relistWithEvents : delay, this.#moded.signal)
      if (signal.aborted) return
      if (slept) delay = (await this.#listOnce()) ? relistPeriod : Math.min(delay * 2, lastRetry)
    }
  }

  async #listOnce(): Promise<boolean> {
    const { cache, signal, clock, log } = this.options
    if (signal.aborted) return true
    try {
      for (const uid of await cache.list(signal)) this.options.changed(uid)
      this.#lastList = clock.now()
      return true
    } catch (error) {
      if (!signal.aborted) log.warn('the runtime cannot be listed', { error: String(error) })
      return false
    }
  }
}
