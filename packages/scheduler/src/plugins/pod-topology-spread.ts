import type { TopologySpreadConstraint } from '@treeline/api'
import { labelSelectorFrom } from '@treeline/machinery'
import type { NodeInfo } from '../cache/node-info.js'
import { type Cycle, stateKey } from '../framework/cycle.js'
import type { SchedulerPlugin } from '../framework/plugin.js'
import { unresolvable, unschedulable } from '../framework/status.js'
import type { PodInfo } from '../pods/pod-info.js'
import { matchesPodNodeAffinity } from './node-affinity.js'
import { untolerated } from './tolerations.js'

interface Constraint {
  readonly topologyKey: string
  readonly maxSkew: number
  readonly minDomains: number
  readonly honorAffinity: boolean
  readonly honorTaints: boolean
  matches(labels: Readonly<Record<string, string>>): boolean
}

interface Spread {
  readonly constraint: Constraint
  /** Matching pods per value of the topology key, over eligible nodes. */
  readonly counts: Map<string, number>
}

const filterKey = stateKey<readonly Spread[]>('PodTopologySpread')
const scoreKey = stateKey<{ readonly spreads: readonly (Spread & { weight: number })[]; readonly ignored: ReadonlySet<NodeInfo> }>(
  'PodTopologySpread/score',
)

const hostname = 'kubernetes.io/hostname'
/** What spreads pods of a Service or workload that say nothing themselves. */
const systemDefaults = [
  { topologyKey: hostname, maxSkew: 3 },
  { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 5 },
]

/** Spreads pods over domains, as a rule and as a preference. Source: scheduler contract §6. */
export const podTopologySpread: SchedulerPlugin = {
  name: 'PodTopologySpread',
  preFilter(cycle) {
    const constraints = constraintsOf(cycle.pod, 'DoNotSchedule')
    if (constraints.length === 0) return 'skip'
    cycle.write(filterKey, countSpreads(cycle, constraints))
    return undefined
  },
  addPod: (cycle, pod, node) => adjust(cycle, pod, node, 1),
  removePod: (cycle, pod, node) => adjust(cycle, pod, node, -1),
  filter(cycle, node) {
    for (const { constraint, counts } of cycle.read(filterKey) ?? []) {
      const value = node.labels[constraint.topologyKey]
      if (value === undefined) return unresolvable("node(s) didn't match pod topology spread constraints (missing required label)")
      const self = constraint.matches(cycle.pod.labels) ? 1 : 0
      if ((counts.get(value) ?? 0) + self - minimum(counts, constraint.minDomains) > constraint.maxSkew)
        return unschedulable("node(s) didn't match pod topology spread constraints")
    }
    return undefined
  },
  preScore(cycle, nodes) {
    const own = constraintsOf(cycle.pod, 'ScheduleAnyway')
    const useDefaults = own.length === 0 && (cycle.pod.pod.spec?.topologySpreadConstraints?.length ?? 0) === 0
    const constraints = useDefaults ? defaultConstraints(cycle) : own
    if (constraints.length === 0) return 'skip'
    const ignored = new Set(
      useDefaults ? [] : nodes.filter((node) => constraints.some((constraint) => node.labels[constraint.topologyKey] === undefined)),
    )
    const scored = nodes.filter((node) => !ignored.has(node))
    const spreads = countSpreads(cycle, constraints).map((spread) => {
      const { topologyKey } = spread.constraint
      const size =
        topologyKey === hostname
          ? scored.length
          : new Set(scored.map((node) => node.labels[topologyKey]).filter((value) => value !== undefined)).size
      return { ...spread, weight: Math.log(size + 2) }
    })
    cycle.write(scoreKey, { spreads, ignored })
    return undefined
  },
  score(cycle, node) {
    const state = cycle.read(scoreKey)
    if (!state || state.ignored.has(node)) return 0
    let sum = 0
    for (const { constraint, counts, weight } of state.spreads) {
      const value = node.labels[constraint.topologyKey]
      if (value !== undefined) sum += (counts.get(value) ?? 0) * weight + (constraint.maxSkew - 1)
    }
    return Math.round(sum)
  },
  normalise(cycle, scores, nodes) {
    const ignored = cycle.read(scoreKey)?.ignored ?? new Set()
    let [min, max] = [Number.POSITIVE_INFINITY, 0]
    nodes.forEach((node, index) => {
      if (ignored.has(node)) return
      min = Math.min(min, scores[index] ?? 0)
      max = Math.max(max, scores[index] ?? 0)
    })
    nodes.forEach((node, index) => {
      if (ignored.has(node)) scores[index] = 0
      else scores[index] = max === 0 ? 100 : Math.trunc((100 * (max + min - (scores[index] ?? 0))) / max)
    })
  },
  requeueOn: [
    { on: ['node-added', 'node-labels', 'node-taints'] },
    {
      on: ['pod-added', 'pod-labels', 'pod-deleted'],
      helps: (pod, change) => !('pod' in change) || change.pod.namespace === pod.namespace,
    },
  ],
}

function constraintsOf(pod: PodInfo, whenUnsatisfiable: TopologySpreadConstraint['whenUnsatisfiable']): Constraint[] {
  return (pod.pod.spec?.topologySpreadConstraints ?? [])
    .filter((constraint) => constraint.whenUnsatisfiable === whenUnsatisfiable)
    .map((constraint) => {
      const selector = constraint.labelSelector ? labelSelectorFrom(constraint.labelSelector) : undefined
      const keys = constraint.matchLabelKeys ?? []
      return {
        topologyKey: constraint.topologyKey,
        maxSkew: constraint.maxSkew,
        minDomains: constraint.minDomains ?? 1,
        honorAffinity: constraint.nodeAffinityPolicy !== 'Ignore',
        honorTaints: constraint.nodeTaintsPolicy === 'Honor',
        matches: (labels) =>
          (selector?.matches(labels) ?? false) && keys.every((key) => !(key in pod.labels) || labels[key] === pod.labels[key]),
      }
    })
}

function defaultConstraints(cycle: Cycle): Constraint[] {
  const selectors = cycle.cluster.spreadingSelectors(cycle.pod)
  if (selectors.length === 0) return []
  const matches = (labels: Readonly<Record<string, string>>): boolean => selectors.every((selector) => selector.matches(labels))
  return systemDefaults.map((constraint) => ({ ...constraint, minDomains: 1, honorAffinity: true, honorTaints: false, matches }))
}

function eligible({ pod }: PodInfo, node: NodeInfo, constraint: Constraint): boolean {
  if (constraint.honorAffinity && !matchesPodNodeAffinity(pod, node.name, node.labels)) return false
  return !constraint.honorTaints || !untolerated(node.taints, pod.spec?.tolerations ?? [], ['NoSchedule', 'NoExecute'])
}

function countSpreads(cycle: Cycle, constraints: readonly Constraint[]): Spread[] {
  return constraints.map((constraint) => {
    const counts = new Map<string, number>()
    for (const node of cycle.cluster.nodes) {
      const value = node.labels[constraint.topologyKey]
      if (value === undefined || !eligible(cycle.pod, node, constraint)) continue
      let matching = 0
      for (const existing of node.pods.values()) if (isCounted(cycle.pod, existing, constraint)) matching++
      counts.set(value, (counts.get(value) ?? 0) + matching)
    }
    return { constraint, counts }
  })
}

/** Terminating pods and other namespaces are not counted. */
function isCounted(pod: PodInfo, existing: PodInfo, constraint: Constraint): boolean {
  return (
    existing.namespace === pod.namespace && existing.pod.metadata.deletionTimestamp === undefined && constraint.matches(existing.labels)
  )
}

function adjust(cycle: Cycle, pod: PodInfo, node: NodeInfo, sign: 1 | -1): void {
  for (const { constraint, counts } of cycle.read(filterKey) ?? []) {
    const value = node.labels[constraint.topologyKey]
    if (value !== undefined && eligible(cycle.pod, node, constraint) && isCounted(cycle.pod, pod, constraint))
      counts.set(value, (counts.get(value) ?? 0) + sign)
  }
}

/** Fewer domains than asked for count as if one more stood empty. */
function minimum(counts: ReadonlyMap<string, number>, minDomains: number): number {
  if (counts.size < minDomains) return 0
  let min = Number.POSITIVE_INFINITY
  for (const count of counts.values()) min = Math.min(min, count)
  return min === Number.POSITIVE_INFINITY ? 0 : min
}
