import type { Node } from '@treeline/api'
import type { NodeInfo } from './node-info.js'

/** Nodes in the order they are looked at: the first of each zone, then the second of each, … */
export const zoneOrder = { zoneOf, order }

function zoneOf(node: Node | undefined): string {
  const labels = node?.metadata.labels ?? {}
  const zone = labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? ''
  const region = labels['topology.kubernetes.io/region'] ?? labels['failure-domain.beta.kubernetes.io/region'] ?? ''
  return zone === '' && region === '' ? '' : `${region}:\u0000:${zone}`
}

function order(nodes: readonly NodeInfo[]): NodeInfo[] {
  const zones = new Map<string, NodeInfo[]>()
  for (const info of nodes) {
    const zone = zoneOf(info.node)
    const members = zones.get(zone)
    if (members) members.push(info)
    else zones.set(zone, [info])
  }
  const result: NodeInfo[] = []
  for (let index = 0; result.length < nodes.length; index++)
    for (const members of zones.values()) {
      const info = members[index]
      if (info) result.push(info)
    }
  return result
}
