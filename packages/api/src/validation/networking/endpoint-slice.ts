import { FieldPath, validateDnsLabel, validateDnsSubdomain, validateLabels, validateLabelValue } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { checkEndpointIp, checkIp, checkLegacyIp, parseIp } from '../addresses.js'
import { protocols } from '../core/container.js'
import { type Findings, findingsOf, forEachItem, requireOneOf } from '../findings.js'
import { checkImmutable, sameValue } from '../immutable.js'
import { checkLabel, checkQualifiedName, checkSubdomain } from '../names.js'

type EndpointSlice = TypeOf<'discovery.v1.EndpointSlice'>

const endpoints = FieldPath.root('endpoints')
const ports = FieldPath.root('ports')
const addressType = FieldPath.root('addressType')

const maxEndpoints = 1000
const maxAddresses = 100
const maxPorts = 20_000
const maxTopologyLabels = 16
const maxHints = 8

export const endpointSliceValidation: Validation<EndpointSlice> = {
  validate: (slice) => findingsOf((found) => checkSlice(found, slice)),
  validateUpdate: (slice, old) =>
    findingsOf((found) => {
      checkSlice(found, slice, old)
      checkImmutable(found, slice.addressType, old.addressType, addressType)
    }),
}

const addressTypes = ['FQDN', 'IPv4', 'IPv6']

function checkSlice(found: Findings, slice: EndpointSlice, old?: EndpointSlice): void {
  requireOneOf(found, slice.addressType, addressTypes, addressType)
  checkPorts(found, slice.ports ?? [])
  // Endpoints that were stored may stay as they are.
  if (!old || !sameValue(slice.endpoints, old.endpoints)) checkEndpoints(found, slice)
}

function checkPorts(found: Findings, list: NonNullable<EndpointSlice['ports']>): void {
  if (list.length > maxPorts) {
    found.tooMany(ports, list.length, maxPorts)
    return
  }
  const names = new Set<string>()
  forEachItem(list, ports, ({ name = '', protocol, appProtocol }, at) => {
    if (name) checkLabel(found, name, at.child('name'))
    if (names.has(name)) found.duplicate(at.child('name'), name)
    names.add(name)
    if (protocol === undefined) found.required(at.child('protocol'))
    else if (!protocols.includes(protocol)) found.notSupported(at.child('protocol'), protocol, protocols)
    if (appProtocol !== undefined) checkQualifiedName(found, appProtocol, at.child('appProtocol'))
  })
}

function checkEndpoints(found: Findings, slice: EndpointSlice): void {
  const list = slice.endpoints ?? []
  if (list.length > maxEndpoints) {
    found.tooMany(endpoints, list.length, maxEndpoints)
    return
  }
  forEachItem(list, endpoints, ({ addresses = [], nodeName, deprecatedTopology, hostname, hints }, at) => {
    const here = at.child('addresses')
    if (addresses.length === 0) found.required(here, 'must contain at least 1 address')
    else if (addresses.length > maxAddresses) found.tooMany(here, addresses.length, maxAddresses)
    forEachItem(addresses, here, (address, place) => checkAddress(found, address, slice.addressType, place, here))
    if (nodeName !== undefined) checkSubdomain(found, nodeName, at.child('nodeName'))
    const labels = Object.keys(deprecatedTopology ?? {}).length
    if (labels > maxTopologyLabels) found.tooMany(at.child('deprecatedTopology'), labels, maxTopologyLabels)
    found.add(...validateLabels(deprecatedTopology, at.child('deprecatedTopology')))
    if (hostname !== undefined) checkLabel(found, hostname, at.child('hostname'))
    if (hints) checkHints(found, hints, at.child('hints'))
  })
}

function checkAddress(found: Findings, address: string, type: string, at: FieldPath, list: FieldPath): void {
  if (type === 'FQDN') {
    checkDomainName(found, address, at)
    return
  }
  if (type !== 'IPv4' && type !== 'IPv6') return
  const before = found.count
  if (type === 'IPv4') checkLegacyIp(found, address, at)
  else checkIp(found, address, at)
  if (found.count > before) return
  if (parseIp(address)?.family !== Number(type.slice(3))) found.invalid(list, address, `must be an ${type} address`)
  checkEndpointIp(found, address, at)
}

function checkDomainName(found: Findings, name: string, at: FieldPath): void {
  if (name === '') {
    found.required(at)
    return
  }
  const domain = name.replace(/\.$/, '')
  const problems = validateDnsSubdomain(domain)
  const wrong = domain.split('.').find((label) => validateDnsLabel(label).length > 0)
  if (problems.length > 0) found.invalid(at, domain, problems.join(','))
  else if (!domain.includes('.')) found.invalid(at, domain, 'should be a domain with at least two segments separated by dots')
  else if (wrong !== undefined) found.invalid(at, wrong, validateDnsLabel(wrong).join(','))
}

function checkHints(found: Findings, { forZones = [], forNodes = [] }: TypeOf<'discovery.v1.EndpointHints'>, at: FieldPath): void {
  const lists = [
    ['forZones', forZones, validateLabelValue],
    ['forNodes', forNodes, validateDnsSubdomain],
  ] as const
  for (const [field, hints, rule] of lists) {
    if (hints.length > maxHints) {
      found.tooMany(at.child(field), hints.length, maxHints)
      return
    }
    const names = new Set<string>()
    forEachItem(hints, at.child(field), ({ name }, here) => {
      if (names.has(name)) found.duplicate(here.child('name'), name)
      names.add(name)
      found.each(here.child('name'), name, rule(name))
    })
  }
}
