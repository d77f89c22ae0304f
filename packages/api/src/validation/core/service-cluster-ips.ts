import { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { checkLegacyIp, parseIp } from '../addresses.js'
import { type Findings, forEachItem } from '../findings.js'

type ServiceSpec = TypeOf<'core.v1.ServiceSpec'>

const path = FieldPath.root('spec')
const families = ['IPv4', 'IPv6']
const familyPolicies = ['PreferDualStack', 'RequireDualStack', 'SingleStack']

/** A Service without an address of its own. */
export const isHeadless = ({ clusterIPs }: ServiceSpec): boolean => clusterIPs?.length === 1 && clusterIPs[0] === 'None'

/** The addresses of a Service: one of each family at most, and as its fields say. */
export function checkClusterIps(found: Findings, spec: ServiceSpec, existing: readonly string[] | undefined): void {
  if (spec.type === 'ExternalName') return
  const { clusterIP = '', clusterIPs = [], ipFamilies, ipFamilyPolicy } = spec
  const at = path.child('clusterIPs')
  if (clusterIP === '') {
    if (clusterIPs.length > 0) found.invalid(at, clusterIPs, 'must be empty when `clusterIP` is not specified')
  } else if (clusterIPs.length === 0) found.required(at)
  else if (clusterIPs[0] !== clusterIP) found.invalid(at, clusterIPs, 'first value must match `clusterIP`')
  const seen = new Set<string>()
  forEachItem(ipFamilies as readonly string[] | undefined, path.child('ipFamilies'), (family, here) => {
    if (!families.includes(family)) found.notSupported(here, family, families)
    if (seen.has(family)) found.duplicate(here, family)
    seen.add(family)
  })
  if (ipFamilyPolicy !== undefined && !familyPolicies.includes(ipFamilyPolicy)) {
    found.notSupported(path.child('ipFamilyPolicy'), ipFamilyPolicy, familyPolicies)
  }
  if (checkEachIp(found, clusterIPs, at, existing)) checkFamilies(found, spec, at)
}

function checkEachIp(found: Findings, ips: readonly string[], at: FieldPath, existing: readonly string[] | undefined): boolean {
  let valid = true
  forEachItem(ips, at, (ip, here, index) => {
    if (index === 0 && ip === 'None') {
      if (ips.length === 1) return
      valid = false
      found.invalid(at, ips, "'None' must be the first and only value")
    } else if (!checkLegacyIp(found, ip, here, existing)) valid = false
  })
  if (ips.length > 2) found.invalid(at, ips, 'may only hold up to 2 values')
  return valid
}

function checkFamilies(found: Findings, spec: ServiceSpec, at: FieldPath): void {
  const { clusterIPs = [], ipFamilies = [] } = spec
  if (clusterIPs.length > 1 && new Set(clusterIPs.map((ip) => parseIp(ip)?.family)).size < 2) {
    found.invalid(at, clusterIPs, 'may specify no more than one IP for each IP family')
  }
  if (isHeadless(spec)) return
  forEachItem(clusterIPs, at, (ip, here, index) => {
    const family = ipFamilies[index]
    if ((family === 'IPv4' || family === 'IPv6') && family !== `IPv${parseIp(ip)?.family}`) {
      found.invalid(here, ip, `expected an ${family} value as indicated by \`ipFamilies[${index}]\``)
    }
  })
}
