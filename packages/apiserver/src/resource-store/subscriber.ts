import type { KubernetesObject } from '@treeline/machinery'
import type { StoredEvent, WatchRequest } from './resource-store.js'
import type { Selection } from './selection.js'

/** One watch. Invariant: it has been given, or passed over, everything up to `position` and nothing after it. */
export class Subscriber<T extends KubernetesObject> {
  readonly selection: Selection<T>
  position = 0
  readonly #request: WatchRequest<T>
  #ended = false

  constructor(selection: Selection<T>, request: WatchRequest<T>) {
    this.selection = selection
    this.#request = request
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Hands over events, all after `position`, that go up to `through`. The promise says when there is room for more. */
  deliver(events: readonly StoredEvent<T>[], through: number): Promise<void> | undefined {
    if (this.#ended) return undefined
    this.position = Math.max(this.position, through)
    if (events.length === 0) return undefined
    try {
      return this.#request.onEvents(events)?.catch((error) => this.#fail(error))
    } catch (error) {
      this.#fail(error)
      return undefined
    }
  }

  /** Stops without a word. */
  stop(): void {
    this.#ended = true
  }

  #fail(error: unknown): void {
    this.end(error instanceof Error ? error : new Error(String(error)))
  }

  /** Tells the consumer that the watch is over, without an error if it may simply come back. */
  end(error?: Error): void {
    if (this.#ended) return
    this.#ended = true
    this.#request.onEnd(error)
  }
}
