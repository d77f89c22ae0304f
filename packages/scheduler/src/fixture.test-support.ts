import type { Node, Pod } from '@treeline/api'
import { ClusterCache } from './cache/cluster-cache.js'
import { type Feasible, findFeasible } from './cycle/feasible.js'
import { Cycle } from './framework/cycle.js'
import type { SchedulerPlugin } from './framework/plugin.js'
import { profile } from './framework/profile.js'
import { defaultPlugins } from './plugins/default-plugins.js'
import { podInfo } from './pods/pod-info.js'

export interface NodeShape {
  readonly labels?: Record<string, string>
  readonly taints?: NonNullable<Node['spec']>['taints']
  readonly unschedulable?: boolean
  readonly cpu?: string
  readonly pods?: string
  readonly images?: NonNullable<Node['status']>['images']
}

export function nodeOf(name: string, { labels, taints, unschedulable, cpu = '4', pods = '110', images }: NodeShape = {}): Node {
  return {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec: { ...(taints ? { taints } : {}), ...(unschedulable ? { unschedulable } : {}) },
    status: { allocatable: { cpu, memory: '8Gi', pods }, ...(images ? { images } : {}) },
  }
}

let serial = 0

export function podOf(
  name: string,
  spec: Partial<NonNullable<Pod['spec']>> = {},
  more: { labels?: Record<string, string>; status?: Pod['status'] } = {},
): Pod {
  return {
    metadata: {
      name,
      namespace: 'default',
      uid: `${name}-${++serial}`,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...(more.labels ? { labels: more.labels } : {}),
    },
    spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
    ...(more.status ? { status: more.status } : {}),
  } as Pod
}

export const requesting = (cpu: string): Partial<NonNullable<Pod['spec']>> => ({
  containers: [{ name: 'c', image: 'i', resources: { requests: { cpu } } }],
})

/** A cluster of nodes with pods on them. */
export function clusterOf(nodes: readonly Node[], pods: readonly Pod[] = []): ClusterCache {
  const cache = new ClusterCache()
  for (const node of nodes) cache.setNode(node)
  for (const pod of pods) cache.setPod(pod)
  return cache
}

export const defaultProfile = profile('default-scheduler', defaultPlugins({} as never) as { plugin: SchedulerPlugin; weight?: number }[])

export function cycleOf(cache: ClusterCache, pod: Pod): Cycle {
  return new Cycle(podInfo(pod), cache.view({ namespaceLabels: () => ({}), spreadingSelectors: () => [] }))
}

/** Where a pod fits by the default profile, and why not elsewhere. */
export function fit(
  cache: ClusterCache,
  pod: Pod,
): { nodes: string[]; reasons: Record<string, readonly string[]>; found: Feasible; cycle: Cycle } {
  const cycle = cycleOf(cache, pod)
  const found = findFeasible(cycle, defaultProfile, { start: 0, percentage: 100, nominated: () => [], preferred: undefined })
  const reasons = Object.fromEntries([...found.diagnosis.refusals].map(([node, refusal]) => [node.name, refusal.reasons]))
  return { nodes: found.nodes.map((node) => node.name), reasons, found, cycle }
}
