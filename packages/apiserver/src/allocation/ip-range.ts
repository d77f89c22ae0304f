import ipaddr from 'ipaddr.js'

export type IpFamily = 'IPv4' | 'IPv6'

/**
 * The addresses of a service range. The network address is never given away, nor the broadcast address of IPv4. The
 * lower band is kept for addresses asked for by name, as long as the upper one has room.
 */
export interface IpRange {
  readonly cidr: string
  readonly family: IpFamily
  /** Network address, as a number. */
  readonly network: bigint
  readonly first: bigint
  readonly last: bigint
  /** First address of the upper band. */
  readonly upper: bigint
}

/** Throws when `cidr` cannot be read, or is an IPv6 range wider than /64. */
export function ipRange(cidr: string): IpRange {
  const [address, bits] = ipaddr.parseCIDR(cidr)
  const family = address.kind() === 'ipv4' ? 'IPv4' : 'IPv6'
  const width = family === 'IPv4' ? 32 : 128
  if (family === 'IPv6' && bits < 64) throw new Error(`shortest allowed prefix length for service CIDR is 64, got ${bits}`)
  const size = 1n << BigInt(width - bits)
  const network = (addressNumber(address.toByteArray()) / size) * size
  const first = network + 1n
  const last = network + size - (family === 'IPv4' ? 2n : 1n)
  return { cidr, family, network, first, last, upper: first + staticBand(size) }
}

/** The family of an address; undefined when it is none. */
export function familyOf(address: string): IpFamily | undefined {
  if (!ipaddr.isValid(address)) return undefined
  return ipaddr.parse(address).kind() === 'ipv4' ? 'IPv4' : 'IPv6'
}

/** The address as a number; undefined when it is none of this family. */
export function numberOf(address: string, family: IpFamily): bigint | undefined {
  if (familyOf(address) !== family) return undefined
  return addressNumber(ipaddr.parse(address).toByteArray())
}

/** Canonical text of an address. */
export function addressText(number: bigint, family: IpFamily): string {
  const bytes = new Array<number>(family === 'IPv4' ? 4 : 16)
  let rest = number
  for (let index = bytes.length - 1; index >= 0; index--) {
    bytes[index] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return ipaddr.fromByteArray(bytes).toString()
}

/** Whether the range holds the address, network and broadcast address included. */
export function contains(range: IpRange, number: bigint): boolean {
  return number >= range.network && number <= (range.family === 'IPv4' ? range.last + 1n : range.last)
}

/** First usable address of a range, which is the Service `kubernetes`. */
export function firstAddress(cidr: string): string {
  const range = ipRange(cidr)
  return addressText(range.first, range.family)
}

const addressNumber = (bytes: readonly number[]): bigint => bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n)

/** A sixteenth of the range, at least 16 and at most 256 addresses; none of a range of 16 or fewer. */
const staticBand = (size: bigint): bigint => {
  if (size <= 16n) return 0n
  const sixteenth = size / 16n
  return sixteenth < 16n ? 16n : sixteenth > 256n ? 256n : sixteenth
}
