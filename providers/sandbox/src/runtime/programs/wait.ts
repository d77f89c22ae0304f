/** Resolves after the delay, or when the signal aborts. Delays beyond what a timer can hold wait for the signal. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = milliseconds < 2 ** 31 ? setTimeout(done, milliseconds) : undefined
    signal.addEventListener('abort', done, { once: true })
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
