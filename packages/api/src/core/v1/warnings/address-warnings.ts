import { isIP } from 'node:net'
import type { FieldPath } from '@treeline/machinery'
import { parseCidr, parseIp } from '../../../validation/addresses.js'

/** An address of an old field that newer fields would not take. Text that is no address is validation's business. */
export function ipWarnings(value: string, path: FieldPath | string): string[] {
  const ip = parseIp(value)
  if (!ip || value === ip.canonical) return []
  if (isIP(value) === 0 || ip.mapped) {
    return [`${path}: non-standard IP address "${value}" will be considered invalid in a future Kubernetes release: use "${ip.canonical}"`]
  }
  return [`${path}: IPv6 address "${value}" should be in RFC 5952 canonical format ("${ip.canonical}")`]
}

/** The same of a range. */
export function cidrWarnings(value: string, path: FieldPath | string): string[] {
  const cidr = parseCidr(value)
  if (!cidr) return []
  const canonical = `${cidr.network}/${cidr.length}`
  const [address = '', length = ''] = value.split('/')
  const warnings: string[] = []
  if (cidr.ip.canonical !== cidr.network) {
    const single = `${cidr.ip.canonical}/${cidr.ip.bytes.length * 8}`
    warnings.push(`${path}: CIDR value "${value}" is ambiguous in this context (should be "${canonical}" or "${single}"?)`)
  }
  if (isIP(address) === 0 || cidr.ip.mapped || String(Number(length)) !== length) {
    warnings.push(
      `${path}: non-standard CIDR value "${value}" will be considered invalid in a future Kubernetes release: use "${canonical}"`,
    )
  }
  if (warnings.length === 0 && value !== canonical) {
    warnings.push(`${path}: IPv6 CIDR value "${value}" should be in RFC 5952 canonical format ("${canonical}")`)
  }
  return warnings
}

/** Warnings of each of a list of addresses. */
export function listWarnings(values: readonly string[] | undefined, path: string, of: (value: string, path: string) => string[]): string[] {
  return (values ?? []).flatMap((value, index) => of(value, `${path}[${index}]`))
}
