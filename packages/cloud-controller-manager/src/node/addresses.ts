import { isIP } from 'node:net'
import type { NodeAddress } from '@treeline/api'

export const providedNodeIPAnnotation = 'alpha.kubernetes.io/provided-node-ip'

/**
 * The addresses a node gets, of those the cloud lists. An IP the kubelet was given comes first, and its type is then
 * that IP's alone; without a match the node must wait, since the cloud and the operator disagree.
 * Throws when an IP cannot be parsed or the cloud does not know it. Source: cloud-controller-manager contract §2.3.
 */
export function nodeAddresses(fromCloud: readonly NodeAddress[], providedNodeIP: string | undefined): NodeAddress[] {
  if (providedNodeIP === undefined || providedNodeIP === '') return [...fromCloud]
  const first: NodeAddress[] = []
  const exclusive = new Set<string>()
  for (const ip of parseNodeIPs(providedNodeIP)) {
    const matches = fromCloud.filter((address) => sameIP(address.address, ip))
    if (matches.length === 0) throw new Error(`failed to get node address from cloud provider that matches ip: ${ip}`)
    for (const match of matches) {
      if (first.some((known) => known.type === match.type && known.address === match.address)) continue
      first.push(match)
      exclusive.add(match.type)
    }
  }
  return [...first, ...fromCloud.filter((address) => !exclusive.has(address.type))]
}

/** One IP, or a dual-stack pair. */
function parseNodeIPs(text: string): string[] {
  const ips = text.split(',').map((part) => part.trim())
  for (const ip of ips) if (isIP(ip) === 0) throw new Error(`failed to parse node IP "${text}": could not parse "${ip}"`)
  if (ips.length > 2 || (ips.length === 2 && isIP(ips[0] ?? '') === isIP(ips[1] ?? '')))
    throw new Error(`failed to parse node IP "${text}": must contain either a single IP or a dual-stack pair of IPs`)
  return ips
}

function sameIP(a: string, b: string): boolean {
  return a === b || (isIP(a) === 6 && isIP(b) === 6 && new URL(`http://[${a}]`).hostname === new URL(`http://[${b}]`).hostname)
}

/** Keeps the Hostname that the kubelet wrote when the cloud names none. */
export function withHostname(addresses: readonly NodeAddress[], current: readonly NodeAddress[]): NodeAddress[] {
  if (addresses.some((address) => address.type === 'Hostname')) return [...addresses]
  return [...addresses, ...current.filter((address) => address.type === 'Hostname')]
}

/**
 * Strategic merge patch to exactly these addresses. The list is declared merge-by-type, so a second InternalIP would
 * replace the first; the closing directive makes the server take the list as it is.
 */
export function addressesPatch(addresses: readonly NodeAddress[], current: readonly NodeAddress[]): object {
  return { status: { addresses: current.length > 0 ? [...addresses, { $patch: 'replace' }] : addresses } }
}

export function equalAddresses(a: readonly NodeAddress[], b: readonly NodeAddress[]): boolean {
  return a.length === b.length && a.every((address, index) => address.type === b[index]?.type && address.address === b[index]?.address)
}
