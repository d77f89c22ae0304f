import type { MessageInitShape } from '@bufbuild/protobuf'
import type { ContainerEventResponseSchema } from '@treeline/cri'

type Event = MessageInitShape<typeof ContainerEventResponseSchema>

const longestQueue = 10_000

/**
 * The event stream of one node. A reader that falls too far behind has its stream ended, so that it lists everything
 * anew instead of trusting a stream with holes.
 */
export class ContainerEvents {
  readonly #readers = new Set<{ queue: Event[]; wake: () => void; overrun: boolean }>()

  emit(event: () => Event): void {
    if (this.#readers.size === 0) return
    const made = event()
    for (const reader of this.#readers) {
      if (reader.queue.length >= longestQueue) reader.overrun = true
      else reader.queue.push(made)
      reader.wake()
    }
  }

  async *read(signal: AbortSignal): AsyncGenerator<Event> {
    const reader = { queue: [] as Event[], wake: (): void => undefined, overrun: false }
    const aborted = () => reader.wake()
    signal.addEventListener('abort', aborted)
    this.#readers.add(reader)
    try {
      while (!signal.aborted && !reader.overrun) {
        const event = reader.queue.shift()
        if (event !== undefined) yield event
        else
          await new Promise<void>((resolve) => {
            reader.wake = resolve
          })
      }
    } finally {
      this.#readers.delete(reader)
      signal.removeEventListener('abort', aborted)
    }
  }
}
