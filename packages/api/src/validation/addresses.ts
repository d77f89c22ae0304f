import { isIP, isIPv4, isIPv6 } from 'node:net'
import type { FieldPath } from '@treeline/machinery'
import type { Findings } from './findings.js'

/**
 * IP addresses and CIDRs. Old fields take IPv4 addresses with leading zeros, as upstream does; newer ones want them
 * in canonical form.
 */

/** Of an old field: leading zeros pass; so does what was there before. */
export function checkLegacyIp(found: Findings, value: string, path: FieldPath, existing: readonly string[] = []): boolean {
  if (existing.includes(value) || parseIp(value)) return true
  found.invalid(path, value, notAnIp)
  return false
}

/** Of a newer field: strict, and canonical. */
export function checkIp(found: Findings, value: string, path: FieldPath): void {
  const ip = parseIp(value)
  if (!ip) {
    found.invalid(path, value, notAnIp)
    return
  }
  const before = found.count
  if (isIP(value) === 0) found.invalid(path, value, 'must not have leading 0s')
  if (ip.mapped) found.invalid(path, value, 'must not be an IPv4-mapped IPv6 address')
  if (found.count === before && value !== ip.canonical)
    found.invalid(path, value, `must be in canonical form (${JSON.stringify(ip.canonical)})`)
}

/** Of an old field. */
export function checkLegacyCidr(found: Findings, value: string, path: FieldPath, existing: readonly string[] = []): void {
  if (!existing.includes(value) && !parseCidr(value)) found.invalid(path, value, notACidr)
}

/** Of a newer field: strict, and canonical. */
export function checkCidr(found: Findings, value: string, path: FieldPath): void {
  const cidr = parseCidr(value)
  if (!cidr) {
    found.invalid(path, value, notACidr)
    return
  }
  const [address = '', length = ''] = value.split('/')
  if (isIP(address) === 0 || String(Number(length)) !== length) {
    found.invalid(path, value, 'must not have leading 0s in IP or prefix length')
  } else if (cidr.ip.mapped) found.invalid(path, value, 'must not have an IPv4-mapped IPv6 address')
  else if (cidr.network !== cidr.ip.canonical) found.invalid(path, value, 'must not have bits set beyond the prefix length')
  else if (value !== `${cidr.network}/${cidr.length}`) {
    found.invalid(path, value, `must be in canonical form (${JSON.stringify(`${cidr.network}/${cidr.length}`)})`)
  }
}

/** An address that packets can be sent to from anywhere. */
export function checkEndpointIp(found: Findings, value: string, path: FieldPath): void {
  const ip = parseIp(value)
  if (!ip) {
    found.invalid(path, value, 'must be a valid IP address')
    return
  }
  for (const [holds, detail] of unreachable) {
    if (holds(ip.bytes)) found.invalid(path, value, detail.replace('%v', value))
  }
}

const notAnIp = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
const notACidr = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'

const starts = (bytes: readonly number[], ...prefix: readonly number[]): boolean => prefix.every((byte, index) => bytes[index] === byte)

const unreachable: readonly (readonly [(bytes: readonly number[]) => boolean, string])[] = [
  [(bytes) => bytes.every((byte) => byte === 0), 'may not be unspecified (%v)'],
  [
    // Pods of a laptop live in the rest of the loopback network.
    (bytes) => (bytes.length === 4 ? starts(bytes, 127, 0) : bytes.every((byte, index) => byte === (index === 15 ? 1 : 0))),
    'may not be in the loopback range (127.0.0.0/8, ::1/128)',
  ],
  [
    (bytes) => (bytes.length === 4 ? starts(bytes, 169, 254) : bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80),
    'may not be in the link-local range (169.254.0.0/16, fe80::/10)',
  ],
  [
    (bytes) => (bytes.length === 4 ? starts(bytes, 224, 0, 0) : bytes[0] === 0xff && ((bytes[1] ?? 0) & 0x0f) === 2),
    'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
  ],
]

/** An address as its bytes; IPv4 in IPv6 counts as IPv4. */
export interface ParsedIp {
  readonly bytes: readonly number[]
  readonly family: 4 | 6
  readonly mapped: boolean
  readonly canonical: string
}

/** Reads an address, leading zeros of IPv4 and all. */
export function parseIp(text: string): ParsedIp | undefined {
  const v4 = parseIpv4(text)
  if (v4) return { bytes: v4, family: 4, mapped: false, canonical: v4.join('.') }
  if (!isIPv6(text) || text.includes('%')) return undefined
  const bytes = ipv6Bytes(text)
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  if (mapped) return { bytes: bytes.slice(12), family: 4, mapped, canonical: bytes.slice(12).join('.') }
  return { bytes, family: 6, mapped, canonical: formatIpv6(bytes) }
}

export interface ParsedCidr {
  readonly ip: ParsedIp
  /** The address without the bits beyond the prefix, canonical. */
  readonly network: string
  readonly length: number
}

/** Reads a CIDR, leading zeros and all. */
export function parseCidr(text: string): ParsedCidr | undefined {
  const slash = text.indexOf('/')
  if (slash < 0) return undefined
  const ip = parseIp(text.slice(0, slash))
  const digits = text.slice(slash + 1)
  const length = Number(digits)
  if (!ip || !/^\d+$/.test(digits) || length > ip.bytes.length * 8 + (ip.mapped ? 96 : 0)) return undefined
  const bits = ip.mapped ? Math.max(0, length - 96) : length
  const masked = ip.bytes.map((byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, bits - index * 8))) & 0xff)
  return { ip, network: ip.family === 4 ? masked.join('.') : formatIpv6(masked), length: bits }
}

function parseIpv4(text: string): number[] | undefined {
  if (isIPv4(text)) return text.split('.').map(Number)
  if (!/^\d{1,10}(\.\d{1,10}){3}$/.test(text)) return undefined
  const bytes = text.split('.').map(Number)
  return bytes.every((byte) => byte <= 255) ? bytes : undefined
}

function ipv6Bytes(text: string): number[] {
  const withoutV4 = text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((word) => word.toString(16)).join(':'),
  )
  const [head = '', tail] = withoutV4.split('::')
  const words = (part: string) => (part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16)))
  const before = words(head)
  const after = tail === undefined ? [] : words(tail)
  const filled = [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after]
  return filled.flatMap((word) => [word >> 8, word & 255])
}

/** RFC 5952: the longest run of zero words, of two at least, becomes `::`. */
function formatIpv6(bytes: readonly number[]): string {
  const words = Array.from({ length: 8 }, (_, index) => (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16))
  let best = { start: -1, length: 1 }
  for (let start = 0; start < 8; start++) {
    let length = 0
    while (start + length < 8 && words[start + length] === '0') length++
    if (length > best.length) best = { start, length }
  }
  if (best.start < 0) return words.join(':')
  return `${words.slice(0, best.start).join(':')}::${words.slice(best.start + best.length).join(':')}`
}

/** Whether the network of `inner` begins inside `outer`. */
export function isWithin(inner: ParsedCidr, outer: ParsedCidr): boolean {
  if (inner.ip.family !== outer.ip.family) return false
  return parseCidr(`${inner.network}/${outer.length}`)?.network === outer.network
}
