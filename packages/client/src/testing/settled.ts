import { setImmediate } from 'node:timers/promises'

/** Waits, without time passing, until a condition holds. Throws after `turns` turns of the event loop. */
export async function settled(condition: () => boolean, turns = 1000): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    if (condition()) return
    await setImmediate()
  }
  throw new Error('the condition did not come true')
}
