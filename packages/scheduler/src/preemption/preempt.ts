import type { PodDisruptionBudget } from '@treeline/api'
import { labelSelectorFrom } from '@treeline/machinery'
import type { NodeInfo } from '../cache/node-info.js'
import { countReasons } from '../cycle/failure-text.js'
import { type Diagnosis, filterNode } from '../cycle/feasible.js'
import type { Cycle } from '../framework/cycle.js'
import type { Profile } from '../framework/profile.js'
import { code } from '../framework/status.js'
import type { PodInfo } from '../pods/pod-info.js'

/** What would have to go from a node. */
export interface Candidate {
  readonly node: NodeInfo
  readonly victims: readonly PodInfo[]
  readonly budgetViolations: number
}

export type PreemptionResult = { readonly candidate: Candidate } | { readonly message: string }

const share = 0.1
const atLeast = 100

/** Looks for a node where removing less important pods lets this one in, and for the fewest and least important of them. */
export function preempt(
  cycle: Cycle,
  profile: Profile,
  diagnosis: Diagnosis,
  budgets: readonly PodDisruptionBudget[],
  random: () => number,
): PreemptionResult {
  const { pod } = cycle
  const total = cycle.cluster.nodes.length
  if (pod.pod.spec?.preemptionPolicy === 'Never') return { message: 'not eligible due to preemptionPolicy=Never.' }
  if (hasTerminatingVictim(cycle, diagnosis)) return { message: 'not eligible due to a terminating pod on the nominated node.' }
  const hopeful = [...diagnosis.refusals].filter(([, refusal]) => refusal.code === code.unschedulable).map(([node]) => node)
  const reasons: string[] = new Array<string>(total - hopeful.length).fill('Preemption is not helpful for scheduling')
  const wanted = Math.min(hopeful.length, Math.max(atLeast, Math.floor(hopeful.length * share)))
  const candidates: Candidate[] = []
  const offset = Math.floor(random() * hopeful.length)
  for (let index = 0; index < hopeful.length; index++) {
    if (candidates.length >= wanted && candidates.some((candidate) => candidate.budgetViolations === 0)) break
    const node = hopeful[(offset + index) % hopeful.length]
    if (!node) continue
    const outcome = tryNode(cycle, profile, node, budgets)
    if (typeof outcome === 'string') reasons.push(outcome)
    else candidates.push(outcome)
  }
  const best = bestCandidate(candidates)
  if (best) return { candidate: best }
  return { message: `0/${total} nodes are available: ${countReasons(reasons).join(', ')}.` }
}

/** A victim of an earlier attempt is still on its way out: wait for it. */
function hasTerminatingVictim({ pod, cluster }: Cycle, diagnosis: Diagnosis): boolean {
  const nominated = pod.pod.status?.nominatedNodeName
  const node = nominated ? cluster.node(nominated) : undefined
  if (!node || diagnosis.refusals.get(node)?.code === code.unresolvable) return false
  return [...node.pods.values()].some(
    (other) =>
      other.priority < pod.priority &&
      other.pod.metadata.deletionTimestamp !== undefined &&
      other.pod.status?.conditions?.some(
        (condition) => condition.type === 'DisruptionTarget' && condition.reason === 'PreemptionByScheduler',
      ),
  )
}

/** Takes all less important pods off the node, then gives back as many as the pod leaves room for. */
function tryNode(cycle: Cycle, profile: Profile, node: NodeInfo, budgets: readonly PodDisruptionBudget[]): Candidate | string {
  const { pod } = cycle
  const filters = profile.filter.filter((plugin) => !cycle.skipped.has(plugin.name))
  const lower = [...node.pods.values()].filter((other) => other.priority < pod.priority)
  if (lower.length === 0) return 'No preemption victims found for incoming pod'
  const take = (victim: PodInfo): void => {
    node.removePod(victim.uid)
    for (const plugin of profile.preFilter) if (!cycle.skipped.has(plugin.name)) plugin.removePod?.(cycle, victim, node)
  }
  const giveBack = (victim: PodInfo): void => {
    node.addPod(victim)
    for (const plugin of profile.preFilter) if (!cycle.skipped.has(plugin.name)) plugin.addPod?.(cycle, victim, node)
  }
  for (const victim of lower) take(victim)
  const refusal = filterNode(cycle, filters, node)
  if (refusal) {
    for (const victim of lower) giveBack(victim)
    return refusal.reasons[0] ?? ''
  }
  const { violating, others } = splitByBudget([...lower].sort(moreImportantFirst), budgets)
  const victims: PodInfo[] = []
  let budgetViolations = 0
  for (const victim of [...violating, ...others]) {
    giveBack(victim)
    if (!filterNode(cycle, filters, node)) continue
    take(victim)
    victims.push(victim)
    if (violating.includes(victim)) budgetViolations++
  }
  for (const victim of victims) giveBack(victim)
  return { node, victims: victims.sort(moreImportantFirst), budgetViolations }
}

function startOf({ pod }: PodInfo): string {
  return pod.status?.startTime ?? pod.metadata.creationTimestamp ?? ''
}

function moreImportantFirst(a: PodInfo, b: PodInfo): number {
  if (a.priority !== b.priority) return b.priority - a.priority
  return startOf(a) < startOf(b) ? -1 : startOf(a) > startOf(b) ? 1 : 0
}

function splitByBudget(pods: readonly PodInfo[], budgets: readonly PodDisruptionBudget[]): { violating: PodInfo[]; others: PodInfo[] } {
  const left = budgets.map((budget) => ({ budget, selector: budget.spec?.selector, allowed: budget.status?.disruptionsAllowed ?? 0 }))
  const violating: PodInfo[] = []
  const others: PodInfo[] = []
  for (const pod of pods) {
    let violates = false
    for (const entry of left) {
      const { budget, selector } = entry
      if (budget.metadata.namespace !== pod.namespace || !selector) continue
      const parsed = labelSelectorFrom(selector)
      if (parsed.empty || !parsed.matches(pod.labels) || budget.status?.disruptedPods?.[pod.pod.metadata.name ?? '']) continue
      if (--entry.allowed < 0) violates = true
    }
    ;(violates ? violating : others).push(pod)
  }
  return { violating, others }
}

/** Fewest broken budgets, least important victims, fewest of them, youngest of the most important. */
function bestCandidate(candidates: readonly Candidate[]): Candidate | undefined {
  const rank = ({ victims, budgetViolations }: Candidate): readonly (number | string)[] => {
    const highest = victims[0]?.priority ?? 0
    const sum = victims.reduce((total, victim) => total + victim.priority + 2 ** 31, 0)
    const earliest = victims.filter((victim) => victim.priority === highest).map((victim) => -Date.parse(startOf(victim)))
    return [budgetViolations, highest, sum, victims.length, Math.max(...earliest, Number.NEGATIVE_INFINITY)]
  }
  let best: { candidate: Candidate; rank: readonly (number | string)[] } | undefined
  for (const candidate of candidates) {
    const ranked = rank(candidate)
    const difference = best?.rank.findIndex((value, index) => value !== ranked[index]) ?? -1
    if (!best || (difference >= 0 && (ranked[difference] ?? 0) < (best.rank[difference] ?? 0))) best = { candidate, rank: ranked }
  }
  return best?.candidate
}
