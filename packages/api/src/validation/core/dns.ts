import { type FieldPath, validateDnsSubdomainWithUnderscore } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { checkLegacyIp } from '../addresses.js'
import { type Findings, forEachItem } from '../findings.js'
import { checkSubdomain } from '../names.js'

const maxNameservers = 3
const maxSearches = 32
const maxSearchCharacters = 2048

/** Where the names of a pod are looked up. */
export function checkDnsConfig(found: Findings, { dnsConfig, dnsPolicy }: TypeOf<'core.v1.PodSpec'>, path: FieldPath): void {
  if (dnsPolicy === 'None') {
    if (!dnsConfig) {
      found.required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')
      return
    }
    if (!dnsConfig.nameservers?.length) {
      found.required(path.child('nameservers'), 'must provide at least one DNS nameserver when `dnsPolicy` is None')
      return
    }
  }
  if (!dnsConfig) return
  const { nameservers = [], searches = [], options } = dnsConfig
  if (nameservers.length > maxNameservers) {
    found.invalid(path.child('nameservers'), nameservers, `must not have more than ${maxNameservers} nameservers`)
  }
  forEachItem(nameservers, path.child('nameservers'), (address, at) => checkLegacyIp(found, address, at))
  if (searches.length > maxSearches) found.invalid(path.child('searches'), searches, `must not have more than ${maxSearches} search paths`)
  if (Buffer.byteLength(searches.join(' ')) > maxSearchCharacters) {
    found.invalid(
      path.child('searches'),
      searches,
      `must not have more than ${maxSearchCharacters} characters (including spaces) in the search list`,
    )
  }
  forEachItem(searches, path.child('searches'), (search, at) => {
    if (search === '.') return
    const domain = search.endsWith('.') ? search.slice(0, -1) : search
    found.each(at, domain, validateDnsSubdomainWithUnderscore(domain))
  })
  forEachItem(options, path.child('options'), ({ name }, at) => {
    if (!name) found.required(at, 'must not be empty')
  })
}

/** Lines for /etc/hosts. */
export function checkHostAliases(found: Findings, aliases: readonly TypeOf<'core.v1.HostAlias'>[] | undefined, path: FieldPath): void {
  forEachItem(aliases, path, ({ ip, hostnames }, at) => {
    checkLegacyIp(found, ip, at.child('ip'))
    forEachItem(hostnames, at.child('hostnames'), (hostname, here) => checkSubdomain(found, hostname, here))
  })
}
