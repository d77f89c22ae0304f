import { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { checkEndpointIp, checkLegacyIp } from '../addresses.js'
import { type Findings, findingsOf, forEachItem, requireOneOf } from '../findings.js'
import { sameValue } from '../immutable.js'
import { checkLabel, checkPortNumber, checkQualifiedName, checkSubdomain } from '../names.js'
import { protocols } from './container.js'

type Endpoints = TypeOf<'core.v1.Endpoints'>

const path = FieldPath.root('subsets')

/** What was stored may stay as it is. */
export const endpointsValidation: Validation<Endpoints> = {
  validate: (endpoints) => findingsOf((found) => checkSubsets(found, endpoints)),
  validateUpdate: (endpoints, old) =>
    sameValue(endpoints.subsets, old.subsets) ? [] : findingsOf((found) => checkSubsets(found, endpoints)),
}

function checkSubsets(found: Findings, { subsets }: Endpoints): void {
  forEachItem(subsets, path, ({ addresses, notReadyAddresses, ports }, at) => {
    if (!addresses?.length && !notReadyAddresses?.length) found.required(at, 'must specify `addresses` or `notReadyAddresses`')
    forEachItem(addresses, at.child('addresses'), (address, here) => checkAddress(found, address, here))
    forEachItem(notReadyAddresses, at.child('notReadyAddresses'), (address, here) => checkAddress(found, address, here))
    forEachItem(ports, at.child('ports'), (port, here) => checkPort(found, port, (ports?.length ?? 0) > 1, here))
  })
}

function checkAddress(found: Findings, { ip, hostname, nodeName }: TypeOf<'core.v1.EndpointAddress'>, at: FieldPath): void {
  checkLegacyIp(found, ip, at.child('ip'))
  if (hostname) checkLabel(found, hostname, at.child('hostname'))
  if (nodeName !== undefined) checkSubdomain(found, nodeName, at.child('nodeName'))
  checkEndpointIp(found, ip, at.child('ip'))
}

function checkPort(
  found: Findings,
  { name, port, protocol, appProtocol }: TypeOf<'core.v1.EndpointPort'>,
  needsName: boolean,
  at: FieldPath,
): void {
  if (name) checkLabel(found, name, at.child('name'))
  else if (needsName) found.required(at.child('name'))
  checkPortNumber(found, port, at.child('port'))
  requireOneOf(found, protocol, protocols, at.child('protocol'))
  if (appProtocol !== undefined) checkQualifiedName(found, appProtocol, at.child('appProtocol'))
}
