import type { NodeInfo } from '../cache/node-info.js'
import { type Cycle, stateKey } from '../framework/cycle.js'
import type { SchedulerPlugin } from '../framework/plugin.js'
import { type Refusal, unresolvable, unschedulable } from '../framework/status.js'
import type { AffinityTerm } from '../pods/affinity-term.js'
import type { PodInfo } from '../pods/pod-info.js'

/** Counts per topology pair, `key\0value`. */
type PairCounts = Map<string, number>

interface Counted {
  /** Pods anywhere whose required anti-affinity refuses the incoming pod. */
  readonly refusing: PairCounts
  /** Pods that all of the incoming pod's required affinity terms mean. */
  readonly wanted: PairCounts
  /** Pods that any of its required anti-affinity terms means. */
  readonly unwanted: PairCounts
}

const countedKey = stateKey<Counted>('InterPodAffinity')
const scoredKey = stateKey<{ readonly scores: PairCounts; readonly topologyKeys: ReadonlySet<string> }>('InterPodAffinity/score')
const hardAffinityWeight = 1

/** Pod affinity and anti-affinity, required and preferred, of the incoming pod and of those already placed. */
export const interPodAffinity: SchedulerPlugin = {
  name: 'InterPodAffinity',
  preFilter(cycle) {
    const { pod, cluster } = cycle
    const own = pod.requiredAffinity.length + pod.requiredAntiAffinity.length > 0
    if (!own && cluster.nodesWithRequiredAntiAffinity.size === 0) return 'skip'
    const counted: Counted = { refusing: new Map(), wanted: new Map(), unwanted: new Map() }
    for (const node of own ? cluster.nodes : cluster.nodesWithRequiredAntiAffinity)
      for (const existing of node.pods.values()) count(cycle, counted, existing, node, 1)
    cycle.write(countedKey, counted)
    return undefined
  },
  addPod(cycle, pod, node) {
    const counted = cycle.read(countedKey)
    if (counted) count(cycle, counted, pod, node, 1)
  },
  removePod(cycle, pod, node) {
    const counted = cycle.read(countedKey)
    if (counted) count(cycle, counted, pod, node, -1)
  },
  filter(cycle, node): Refusal | undefined {
    const counted = cycle.read(countedKey)
    if (!counted) return undefined
    const { pod } = cycle
    if (!hasWanted(cycle, counted, node)) return unresolvable("node(s) didn't match pod affinity rules")
    for (const term of pod.requiredAntiAffinity)
      if ((counted.unwanted.get(pair(term.topologyKey, node)) ?? 0) > 0)
        return unschedulable("node(s) didn't match pod anti-affinity rules")
    if (counted.refusing.size > 0)
      for (const key of Object.keys(node.labels))
        if ((counted.refusing.get(pair(key, node)) ?? 0) > 0)
          return unschedulable("node(s) didn't satisfy existing pods anti-affinity rules")
    return undefined
  },
  preScore(cycle, nodes) {
    const { pod, cluster } = cycle
    const own = pod.preferredAffinity.length + pod.preferredAntiAffinity.length > 0
    if (!own && cluster.nodesWithAffinity.size === 0) return 'skip'
    const scores: PairCounts = new Map()
    for (const node of own ? cluster.nodes : cluster.nodesWithAffinity)
      for (const existing of node.pods.values()) scoreExisting(cycle, scores, existing, node)
    if (scores.size === 0 || nodes.length === 0) return 'skip'
    const topologyKeys = new Set([...scores.keys()].map((key) => key.slice(0, key.indexOf('\0'))))
    cycle.write(scoredKey, { scores, topologyKeys })
    return undefined
  },
  score(cycle, node) {
    const scored = cycle.read(scoredKey)
    let sum = 0
    if (scored) for (const topologyKey of scored.topologyKeys) sum += scored.scores.get(pair(topologyKey, node)) ?? 0
    return sum
  },
  normalise(_cycle, scores) {
    let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const score of scores) [min, max] = [Math.min(min, score), Math.max(max, score)]
    for (let index = 0; index < scores.length; index++)
      scores[index] = max === min ? 0 : Math.trunc((100 * ((scores[index] ?? 0) - min)) / (max - min))
  },
  requeueOn: [
    { on: ['node-added', 'node-labels'] },
    { on: ['pod-added', 'pod-labels', 'pod-deleted'], helps: (pod, change) => !('pod' in change) || concerns(pod, change.pod) },
  ],
}

function pair(topologyKey: string, node: NodeInfo): string {
  const value = node.labels[topologyKey]
  return value === undefined ? '' : `${topologyKey}\0${value}`
}

function add(counts: PairCounts, topologyKey: string, node: NodeInfo, amount: number): void {
  const key = pair(topologyKey, node)
  if (key === '') return
  const sum = (counts.get(key) ?? 0) + amount
  if (sum === 0) counts.delete(key)
  else counts.set(key, sum)
}

const means = (cycle: Cycle, term: AffinityTerm, pod: PodInfo): boolean =>
  term.matches(pod.namespace, pod.labels, cycle.cluster.namespaceLabels)

function count(cycle: Cycle, counted: Counted, existing: PodInfo, node: NodeInfo, sign: 1 | -1): void {
  const { pod } = cycle
  for (const term of existing.requiredAntiAffinity) if (means(cycle, term, pod)) add(counted.refusing, term.topologyKey, node, sign)
  if (pod.requiredAffinity.length > 0 && pod.requiredAffinity.every((term) => means(cycle, term, existing)))
    for (const term of pod.requiredAffinity) add(counted.wanted, term.topologyKey, node, sign)
  for (const term of pod.requiredAntiAffinity) if (means(cycle, term, existing)) add(counted.unwanted, term.topologyKey, node, sign)
}

function hasWanted(cycle: Cycle, counted: Counted, node: NodeInfo): boolean {
  const { requiredAffinity } = cycle.pod
  if (requiredAffinity.length === 0) return true
  let all = true
  for (const term of requiredAffinity) {
    const key = pair(term.topologyKey, node)
    if (key === '') return false
    if ((counted.wanted.get(key) ?? 0) <= 0) all = false
  }
  // the first of a group that wants to be with its own kind has nobody to be with yet
  return all || (counted.wanted.size === 0 && requiredAffinity.every((term) => means(cycle, term, cycle.pod)))
}

function scoreExisting(cycle: Cycle, scores: PairCounts, existing: PodInfo, node: NodeInfo): void {
  const { pod } = cycle
  for (const term of pod.preferredAffinity) if (means(cycle, term, existing)) add(scores, term.topologyKey, node, term.weight)
  for (const term of pod.preferredAntiAffinity) if (means(cycle, term, existing)) add(scores, term.topologyKey, node, -term.weight)
  for (const term of existing.preferredAffinity) if (means(cycle, term, pod)) add(scores, term.topologyKey, node, term.weight)
  for (const term of existing.preferredAntiAffinity) if (means(cycle, term, pod)) add(scores, term.topologyKey, node, -term.weight)
  for (const term of existing.requiredAffinity) if (means(cycle, term, pod)) add(scores, term.topologyKey, node, hardAffinityWeight)
}

/** Whether one of the two pods' required terms can mean the other; namespace selectors are given the benefit of the doubt. */
function concerns(pod: PodInfo, other: PodInfo): boolean {
  const anyLabels = (): Record<string, string> => ({})
  return (
    [...pod.requiredAffinity, ...pod.requiredAntiAffinity].some((term) => term.matches(other.namespace, other.labels, anyLabels)) ||
    other.requiredAntiAffinity.some((term) => term.matches(pod.namespace, pod.labels, anyLabels))
  )
}
