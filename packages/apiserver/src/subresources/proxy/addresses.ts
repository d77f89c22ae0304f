import ipaddr from 'ipaddr.js'

/** Which addresses pods and nodes may be reached at through the proxy subresources. */
export type AddressRule = (address: string) => boolean

const forbidden = new Set(['unspecified', 'loopback', 'linkLocal', 'multicast', 'broadcast'])

/**
 * Addresses of one machine in the network, as upstream. A pod's status names its address, so that without a rule
 * whoever writes a status could reach what only this machine can.
 */
export const unicastOnly: AddressRule = (address) => ipaddr.isValid(address) && !forbidden.has(ipaddr.parse(address).range())

/** As `unicastOnly`, and loopback beside 127.0.0.0/16 (where this machine's own services are), for pods and nodes of a laptop. */
export const unicastAndLoopbackNetwork: AddressRule = (address) => {
  if (unicastOnly(address)) return true
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  return parsed.kind() === 'ipv4' && parsed.range() === 'loopback' && !parsed.toString().startsWith('127.0.')
}
