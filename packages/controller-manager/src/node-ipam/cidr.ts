/** A range of addresses: its first address as a number, and its prefix length. */
export interface Cidr {
  readonly family: 4 | 6
  readonly base: bigint
  readonly prefix: number
}

const widths = { 4: 32, 6: 128 } as const

/** Parses `10.0.0.0/8` or `fd00::/48`; bits beyond the prefix are cleared. Throws on anything else. */
export function parseCidr(text: string): Cidr {
  const [address = '', length = '', ...rest] = text.split('/')
  const family = address.includes(':') ? 6 : 4
  const width = widths[family]
  const value = family === 6 ? parseIPv6(address) : parseIPv4(address)
  if (value === undefined || rest.length > 0 || !/^\d{1,3}$/.test(length) || Number(length) > width) {
    throw new Error(`${JSON.stringify(text)} is not an address range`)
  }
  const prefix = Number(length)
  const hostBits = BigInt(width - prefix)
  return { family, base: (value >> hostBits) << hostBits, prefix }
}

export function formatCidr({ family, base, prefix }: Cidr): string {
  return `${family === 6 ? formatIPv6(base) : formatIPv4(base)}/${prefix}`
}

/** How many ranges of a prefix length there are in a range. */
export function subnetCount(cidr: Cidr, prefix: number): number {
  return 2 ** (prefix - cidr.prefix)
}

/** The nth range of a prefix length in a range. */
export function subnetAt(cidr: Cidr, prefix: number, index: number): Cidr {
  return { family: cidr.family, base: cidr.base + (BigInt(index) << BigInt(widths[cidr.family] - prefix)), prefix }
}

/** Indexes, first and last, of the ranges of a prefix length that another range touches; undefined if it touches none. */
export function subnetsTouching(cidr: Cidr, prefix: number, other: Cidr): { readonly first: number; readonly last: number } | undefined {
  if (cidr.family !== other.family) return undefined
  const width = widths[cidr.family]
  const end = (range: Cidr) => range.base + (1n << BigInt(width - range.prefix)) - 1n
  const start = larger(other.base, cidr.base)
  const stop = smaller(end(other), end(cidr))
  if (start > stop) return undefined
  const index = (address: bigint) => Number((address - cidr.base) >> BigInt(width - prefix))
  return { first: index(start), last: index(stop) }
}

function smaller(a: bigint, b: bigint): bigint {
  if (a < b) return a
  return b
}

function larger(a: bigint, b: bigint): bigint {
  if (a > b) return a
  return b
}

function parseIPv4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return undefined
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n)
}

function formatIPv4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.')
}

function parseIPv6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const groups = (half: string | undefined) => (half ? half.split(':') : [])
  const [head, tail] = [groups(halves[0]), groups(halves[1])]
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const all = [...head, ...Array.from({ length: missing }, () => '0'), ...tail]
  if (!all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  return all.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n)
}

/** As RFC 5952: lower case, the longest run of zero groups shortened. */
function formatIPv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16))
  let best = { start: 0, length: 0 }
  for (let start = 0; start < 8; start++) {
    let length = 0
    while (start + length < 8 && groups[start + length] === '0') length++
    if (length > best.length) best = { start, length }
  }
  if (best.length < 2) return groups.join(':')
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`
}
