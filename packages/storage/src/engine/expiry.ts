import type { WriteResult } from '../store.js'
import type { Backend } from './backend.js'

/** Deletes keys whose time to live is over, through the ordinary path of a deletion. */
export class Expiry {
  readonly #backend: Backend
  readonly #now: () => number
  readonly #remove: (key: string, expected: number) => Promise<WriteResult>
  #timer: NodeJS.Timeout | undefined
  #deleting = false
  #stopped = false

  constructor(backend: Backend, now: () => number, remove: (key: string, expected: number) => Promise<WriteResult>) {
    this.#backend = backend
    this.#now = now
    this.#remove = remove
  }

  /** Sets the timer to the earliest deadline; to be called after writes that set one. */
  arm(minimumDelay = 0): void {
    if (this.#stopped || this.#deleting) return
    clearTimeout(this.#timer)
    const deadline = this.#backend.nextDeadline()
    if (deadline === undefined) return
    const delay = Math.min(Math.max(deadline - this.#now(), minimumDelay), longestDelay)
    this.#timer = setTimeout(() => void this.#deleteDue(), delay).unref()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  async #deleteDue(): Promise<void> {
    this.#deleting = true
    const deletions = this.#backend.due(this.#now(), keysAtOnce).flatMap(({ key, deadline }) => {
      const head = this.#backend.head(key)
      return head && !head.deleted && head.deadline === deadline ? [this.#remove(key, head.revision)] : []
    })
    const results = await Promise.allSettled(deletions)
    this.#deleting = false
    // A store that cannot write now (disk full) is asked again, but not in a tight loop.
    this.arm(results.some((result) => result.status === 'rejected') ? retryDelay : 0)
  }
}

const keysAtOnce = 500
const retryDelay = 1000
/** Clocks get set; a long sleep would not notice. */
const longestDelay = 60_000
