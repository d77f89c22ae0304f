import { BlockList, isIP } from 'node:net'
import type { Node } from '@treeline/api'
import type { NewRoute, Route } from '@treeline/cloud-provider'

export interface RoutePlan {
  readonly create: readonly { readonly route: NewRoute; readonly node: Node }[]
  readonly delete: readonly Route[]
}

/** What to change so that each node's pod CIDR has its route and nothing else of the cluster's ranges has one. */
export function planRoutes(nodes: readonly Node[], routes: readonly Route[], clusterCIDRs: readonly string[]): RoutePlan {
  const responsible = cidrMembership(clusterCIDRs)
  const wanted = new Map<string, { route: NewRoute; node: Node }>()
  for (const node of nodes)
    for (const destinationCIDR of podCIDRs(node))
      wanted.set(routeKey(node.metadata.name ?? '', destinationCIDR), {
        node,
        route: { targetNode: node.metadata.name ?? '', destinationCIDR },
      })

  const stale: Route[] = []
  for (const route of routes) {
    if (!responsible(route.destinationCIDR)) continue
    const key = routeKey(route.targetNode, route.destinationCIDR)
    if (route.blackhole || !wanted.delete(key)) stale.push(route)
  }
  return { create: [...wanted.values()], delete: stale }
}

export function podCIDRs(node: Node): readonly string[] {
  return node.spec?.podCIDRs ?? (node.spec?.podCIDR ? [node.spec.podCIDR] : [])
}

function routeKey(node: string, cidr: string): string {
  return `${node} ${cidr}`
}

/** True for CIDRs whose first address lies in one of the ranges; a malformed CIDR lies in none. */
export function cidrMembership(ranges: readonly string[]): (cidr: string) => boolean {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits = ''] = range.split('/')
    if (isIP(address) === 0 || !/^\d{1,3}$/.test(bits)) throw new Error(`invalid CIDR address: ${range}`)
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
  return (cidr) => {
    const address = cidr.split('/')[0] ?? ''
    const family = isIP(address)
    return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4')
  }
}
