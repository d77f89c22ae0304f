import type { Comparison, Difference } from '../oracle/compare.js'
import { showsInternals } from '../oracle/normalise.js'
import { type Group, lineOf, type TerminalAnswer } from './group.js'
import { playGroup } from './play-group.js'

/** Plays every group on both clusters at once and compares what the terminals showed. */
export async function compareGroups(program: string, reference: string, ours: string, groups: readonly Group[]): Promise<Comparison> {
  const differences: Difference[] = []
  let compared = 0
  for (const group of groups) {
    const [expected, actual] = await Promise.all([playGroup(program, reference, group), playGroup(program, ours, group)])
    group.lines.map(lineOf).forEach((line, position) => {
      compared++
      const text = terminalDifference(expected[position], actual[position])
      if (text !== undefined) differences.push({ step: `kubectl ${group.name} / ${position} ${line.run}`, text })
    })
  }
  return { compared, differences }
}

/** Where the second terminal differs from the first, as a sentence; undefined when nowhere. */
export function terminalDifference(reference: TerminalAnswer | undefined, ours: TerminalAnswer | undefined): string | undefined {
  if (!reference || !ours) return 'no answer'
  const text = linesDifference('stderr', reference.stderr, ours.stderr) ?? linesDifference('stdout', reference.stdout, ours.stdout)
  if (reference.code !== ours.code) return `exit code ${reference.code}, ours ${ours.code}; ${text ?? ''}`
  return text
}

function linesDifference(stream: string, reference: readonly string[], ours: readonly string[]): string | undefined {
  for (let index = 0; index < Math.max(reference.length, ours.length); index++) {
    const [expected, actual] = [reference[index], ours[index]]
    if (expected === actual || (expected !== undefined && actual !== undefined && showsInternals(expected))) continue
    return `${stream} line ${index + 1}: ${JSON.stringify(expected) ?? 'absent'} ours ${JSON.stringify(actual) ?? 'absent'}`
  }
  return undefined
}
