/**
 * Runs something again and again, each time `milliseconds` after the last one ended. A failure waits for the next time.
 * Keeps no process alive. The function given back stops it, and resolves when nothing of it runs any more.
 */
export function every(milliseconds: number, run: () => Promise<unknown>): () => Promise<void> {
  let stopped = false
  let timer: NodeJS.Timeout
  let running: Promise<void> = Promise.resolve()
  const schedule = (): void => {
    if (stopped) return
    timer = setTimeout(() => {
      running = run().then(
        () => undefined,
        () => undefined,
      )
      running.then(schedule)
    }, milliseconds).unref()
  }
  schedule()
  return () => {
    stopped = true
    clearTimeout(timer)
    return running
  }
}
