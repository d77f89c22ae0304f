/** Time, injected. Milliseconds since the epoch. */
export interface Clock {
  now(): number
  /** Runs once after a delay in milliseconds; the function returned cancels it. Does not keep the process alive. */
  after(delay: number, run: () => void): () => void
}

/** Longest delay a JavaScript timer takes. */
const longestDelay = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delay, run) {
    const timer = setTimeout(run, Math.min(Math.max(delay, 0), longestDelay))
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/** Resolves after a delay in milliseconds, or at once when the signal aborts; true when the whole delay has passed. */
export function sleep(clock: Clock, delay: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false)
  return new Promise((resolve) => {
    const cancel = clock.after(delay, () => {
      signal?.removeEventListener('abort', stop)
      resolve(true)
    })
    const stop = () => {
      cancel()
      resolve(false)
    }
    signal?.addEventListener('abort', stop, { once: true })
  })
}
