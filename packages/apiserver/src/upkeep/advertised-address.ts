import { networkInterfaces } from 'node:os'
import ipaddr from 'ipaddr.js'

/**
 * The address at which the rest of the cluster reaches a server that listens on `host`: that address, or one of this
 * machine when it listens on all. Undefined when nobody else can reach it.
 */
export function advertisedAddress(host: string): string | undefined {
  if (!ipaddr.isValid(host)) return undefined
  const address = ipaddr.parse(host)
  const range = address.range()
  if (range !== 'unspecified') return range === 'loopback' ? undefined : address.toString()
  const family = address.kind() === 'ipv6' ? 'IPv6' : 'IPv4'
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.find((one) => !one.internal && one.family === family && ipaddr.parse(one.address).range() !== 'linkLocal')?.address
}
