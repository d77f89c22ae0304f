import type { NodeInfo } from '../cache/node-info.js'
import type { Cycle } from '../framework/cycle.js'
import { isRefusal } from '../framework/plugin.js'
import type { Profile } from '../framework/profile.js'
import { code, type Refusal, unresolvable } from '../framework/status.js'
import type { PodInfo } from '../pods/pod-info.js'

/** Why no node took the pod: one refusal per node looked at, or one for all of them. */
export interface Diagnosis {
  readonly nodeCount: number
  readonly everywhere?: Refusal
  readonly refusals: ReadonlyMap<NodeInfo, Refusal>
  readonly refusedBy: ReadonlySet<string>
}

export interface Feasible {
  readonly nodes: readonly NodeInfo[]
  readonly diagnosis: Diagnosis
  /** How many nodes were looked at; the next cycle starts after them. */
  readonly processed: number
}

const enough = 100

/** Not all nodes of a large cluster are looked at. `percentage` 0 adapts to its size. */
export function nodesToFind(count: number, percentage: number): number {
  if (count < enough) return count
  const share = percentage > 0 ? percentage : Math.max(5, 50 - Math.floor(count / 125))
  return Math.max(enough, Math.floor((count * share) / 100))
}

export interface Search {
  /** Index of the first node to look at. */
  readonly start: number
  /** Share of nodes that is enough, 0 to adapt. */
  readonly percentage: number
  /** Pods that were promised a node and count on it. */
  readonly nominated: (node: NodeInfo) => readonly PodInfo[]
  /** The node the pod itself was promised: if it fits, no other is looked at. */
  readonly preferred: string | undefined
}

/** Runs PreFilter and Filter over the nodes from `start` on, until enough are found. */
export function findFeasible(cycle: Cycle, profile: Profile, { start, percentage, nominated, preferred }: Search): Feasible {
  const all = cycle.cluster.nodes
  const refusals = new Map<NodeInfo, Refusal>()
  const refusedBy = new Set<string>()
  const narrowed = preFilter(cycle, profile)
  if (narrowed && 'code' in narrowed) {
    refusedBy.add(narrowed.plugin ?? '')
    return { nodes: [], processed: 0, diagnosis: { nodeCount: all.length, everywhere: narrowed, refusals, refusedBy } }
  }
  if (narrowed) {
    const outside = { ...unresolvable(`node(s) didn't satisfy plugin(s) [${narrowed.by.join(' ')}]`), plugin: narrowed.by[0] ?? '' }
    for (const node of all) if (!narrowed.nodes.has(node.name)) refusals.set(node, outside)
    if (refusals.size > 0) for (const plugin of narrowed.by) refusedBy.add(plugin)
  }
  const active = profile.filter.filter((plugin) => !cycle.skipped.has(plugin.name))
  const wanted = profile.score.length === 0 ? 1 : nodesToFind(all.length, percentage)
  const found: NodeInfo[] = []
  const promised = preferred ? cycle.cluster.node(preferred) : undefined
  if (promised && !refusals.has(promised) && !filterWithNominated(cycle, profile, active, promised, nominated(promised)))
    return { nodes: [promised], processed: 0, diagnosis: { nodeCount: all.length, refusals, refusedBy } }
  let processed = 0
  for (; processed < all.length && found.length < wanted; processed++) {
    const node = all[(start + processed) % all.length]
    if (!node || refusals.has(node)) continue
    const refusal = filterWithNominated(cycle, profile, active, node, nominated(node))
    if (refusal) {
      refusals.set(node, refusal)
      refusedBy.add(refusal.plugin ?? '')
    } else found.push(node)
  }
  return { nodes: found, processed, diagnosis: { nodeCount: all.length, refusals, refusedBy } }
}

/** A node has to fit with the pods that were promised it, and without them: they may not come. */
function filterWithNominated(
  cycle: Cycle,
  profile: Profile,
  plugins: Profile['filter'],
  node: NodeInfo,
  nominated: readonly PodInfo[],
): Refusal | undefined {
  if (nominated.length === 0) return filterNode(cycle, plugins, node)
  const coupled = profile.preFilter.filter((plugin) => !cycle.skipped.has(plugin.name))
  for (const pod of nominated) {
    node.addPod(pod)
    for (const plugin of coupled) plugin.addPod?.(cycle, pod, node)
  }
  const refusal = filterNode(cycle, plugins, node)
  for (const pod of nominated) {
    node.removePod(pod.uid)
    for (const plugin of coupled) plugin.removePod?.(cycle, pod, node)
  }
  return refusal ?? filterNode(cycle, plugins, node)
}

/** The first plug-in that refuses this node. */
export function filterNode(cycle: Cycle, plugins: Profile['filter'], node: NodeInfo): Refusal | undefined {
  for (const plugin of plugins) {
    const refusal = plugin.filter(cycle, node)
    if (refusal) return { ...refusal, plugin: plugin.name }
  }
  return undefined
}

/** Runs PreFilter on every plug-in; gives the nodes they agree on, if any of them narrowed, or the refusal. */
function preFilter(cycle: Cycle, profile: Profile): Refusal | { nodes: ReadonlySet<string>; by: string[] } | undefined {
  let nodes: ReadonlySet<string> | undefined
  const by: string[] = []
  let refused: Refusal | undefined
  for (const plugin of profile.preFilter) {
    const result = plugin.preFilter(cycle)
    if (result === undefined) continue
    if (result === 'skip') cycle.skipped.add(plugin.name)
    else if (isRefusal(result)) {
      refused ??= { ...result, plugin: plugin.name }
      if (result.code === code.unresolvable || result.code === code.error) break
    } else {
      by.push(plugin.name)
      const previous: ReadonlySet<string> | undefined = nodes
      nodes = previous ? new Set([...result.nodes].filter((name) => previous.has(name))) : result.nodes
      if (nodes.size === 0 && by.length > 1)
        refused ??= { ...unresolvable(`node(s) didn't satisfy plugin(s) [${by.join(' ')}] simultaneously`), plugin: plugin.name }
    }
  }
  return refused ?? (nodes ? { nodes, by } : undefined)
}
