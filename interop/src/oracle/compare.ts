import { difference } from './normalise.js'
import { play } from './player.js'
import type { Script } from './script.js'
import type { Server } from './server.js'

export interface Difference {
  /** `script / step`, which names it in the list of known differences. */
  readonly step: string
  readonly text: string
}

export interface Comparison {
  readonly compared: number
  readonly differences: readonly Difference[]
}

/** Plays every script on both servers at once and compares answer by answer. */
export async function compare(reference: Server, ours: Server, scripts: readonly Script[]): Promise<Comparison> {
  const differences: Difference[] = []
  let compared = 0
  for (const [index, script] of scripts.entries()) {
    const id = `${Date.now().toString(36)}${index}`
    const [expected, actual] = await Promise.all([play(reference, script, id), play(ours, script, id)])
    script.steps.forEach((step, position) => {
      if (step.quiet) return
      compared++
      const text = difference(expected[position], actual[position])
      if (text !== undefined) differences.push({ step: `${script.name} / ${position} ${step.do}`, text })
    })
  }
  return { compared, differences }
}
