import { setImmediate } from 'node:timers/promises'

/** Milliseconds of work without a pause after which others in this thread get their turn. */
const sliceLength = 10

let sliceEnds = 0

/** Lets timers and sockets of this thread have their turn if work has gone on without a pause for long. */
export async function yieldIfDue(): Promise<void> {
  if (performance.now() < sliceEnds) return
  await setImmediate()
  sliceEnds = performance.now() + sliceLength
}
