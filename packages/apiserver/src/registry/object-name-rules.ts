import type { Strategy } from '@treeline/api'
import {
  maskTrailingDash,
  validateDns1035Label,
  validateDnsLabel,
  validateDnsSubdomain,
  validatePathSegmentName,
  validatePathSegmentPrefix,
} from '@treeline/machinery'
import ipaddr from 'ipaddr.js'

/** Says what is wrong with a name, or with the beginning of one that will be generated. */
export type NameRule = (name: string, prefix: boolean) => string[]

/** The rules a kind can choose from. */
export const nameRules: Readonly<Record<Strategy<never>['nameRule'], NameRule>> = {
  'dns-subdomain': (name, prefix) => validateDnsSubdomain(prefix ? maskTrailingDash(name) : name),
  'dns-label': (name, prefix) => validateDnsLabel(prefix ? maskTrailingDash(name) : name),
  'dns-1035-label': (name, prefix) => validateDns1035Label(prefix ? maskTrailingDash(name) : name),
  'path-segment': (name, prefix) => (prefix ? validatePathSegmentPrefix(name) : validatePathSegmentName(name)),
  'ip-address': (name) => (isCanonicalAddress(name) ? [] : ['must be a valid IP address in canonical form']),
  none: () => [],
}

function isCanonicalAddress(text: string): boolean {
  return ipaddr.isValid(text) && ipaddr.parse(text).toString() === text
}
