import type { NodeInfo } from '../cache/node-info.js'
import type { Cycle } from '../framework/cycle.js'
import type { Profile } from '../framework/profile.js'

/** The best of the feasible nodes; ties are broken at random. */
export function chooseNode(cycle: Cycle, profile: Profile, nodes: readonly NodeInfo[], random: () => number): NodeInfo | undefined {
  if (nodes.length <= 1) return nodes[0]
  const totals = new Array<number>(nodes.length).fill(0)
  const skipped = new Set(profile.preScore.filter((plugin) => plugin.preScore(cycle, nodes) === 'skip').map((plugin) => plugin.name))
  for (const { plugin, weight } of profile.score) {
    if (skipped.has(plugin.name)) continue
    const scores = nodes.map((node) => plugin.score(cycle, node))
    plugin.normalise?.(cycle, scores, nodes)
    for (let index = 0; index < scores.length; index++) {
      const score = scores[index] ?? 0
      if (score < 0 || score > 100)
        throw new Error(`plugin "${plugin.name}" returns an invalid score ${score}, it should in the range of [0, 100] after normalizing`)
      totals[index] = (totals[index] ?? 0) + weight * score
    }
  }
  let best: NodeInfo | undefined
  let bestTotal = Number.NEGATIVE_INFINITY
  let ties = 0
  for (let index = 0; index < nodes.length; index++) {
    const total = totals[index] ?? 0
    if (total > bestTotal) {
      best = nodes[index]
      bestTotal = total
      ties = 1
    } else if (total === bestTotal && random() * ++ties < 1) best = nodes[index]
  }
  return best
}
