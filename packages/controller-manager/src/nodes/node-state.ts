import type { Node, NodeCondition, Pod, Taint } from '@treeline/api'
import type { Indexes } from '@treeline/client'
import { findCondition } from '../conditions.js'

/** Index `node`: pods by the node they are assigned to; those without one under the empty string. */
export const podNodeIndex: Indexes<Pod> = { node: (pod) => [pod.spec?.nodeName ?? ''] }

export function readyCondition(node: Node): NodeCondition | undefined {
  return findCondition(node.status?.conditions, 'Ready')
}

export function isNodeReady(node: Node): boolean {
  return readyCondition(node)?.status === 'True'
}

export function hasTaint(node: Node, key: string, effect?: Taint['effect']): boolean {
  return node.spec?.taints?.some((taint) => taint.key === key && (effect === undefined || taint.effect === effect)) === true
}

/** Region and zone of a node, as one key. */
export function zoneOf(node: Node): string {
  const labels = node.metadata.labels ?? {}
  const region = labels['topology.kubernetes.io/region'] ?? labels['failure-domain.beta.kubernetes.io/region'] ?? ''
  const zone = labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? ''
  return region === '' && zone === '' ? '' : `${region}:\0:${zone}`
}
