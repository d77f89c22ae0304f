import { FieldPath, validateLabelSelector, validatePortName } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { checkLegacyCidr, isWithin, parseCidr } from '../addresses.js'
import { type Findings, findingsOf, forEachItem } from '../findings.js'
import { checkPortNumber } from '../names.js'

type NetworkPolicy = TypeOf<'networking.v1.NetworkPolicy'>
type Peer = TypeOf<'networking.v1.NetworkPolicyPeer'>

const path = FieldPath.root('spec')

/** What a stored policy already has wrong, and so may keep. */
interface PolicyRules {
  readonly anySelectorValue: boolean
  readonly cidrs: readonly string[]
}

export const networkPolicyValidation: Validation<NetworkPolicy> = {
  validate: (policy) => findingsOf((found) => checkSpec(found, policy, { anySelectorValue: false, cidrs: [] })),
  validateUpdate: (policy, old) =>
    findingsOf((found) => {
      const anySelectorValue = validateLabelSelector(old.spec?.podSelector, path).length > 0
      const peers = [
        ...(old.spec?.ingress ?? []).flatMap(({ from }) => from ?? []),
        ...(old.spec?.egress ?? []).flatMap(({ to }) => to ?? []),
      ]
      const cidrs = peers.flatMap(({ ipBlock }) => (ipBlock ? [ipBlock.cidr, ...(ipBlock.except ?? [])] : []))
      checkSpec(found, policy, { anySelectorValue, cidrs })
    }),
}

const policyTypes = ['Ingress', 'Egress']

function checkSpec(found: Findings, { spec }: NetworkPolicy, rules: PolicyRules): void {
  const options = { allowInvalidValues: rules.anySelectorValue }
  found.add(...validateLabelSelector(spec?.podSelector, path.child('podSelector'), options))
  forEachItem(spec?.ingress, path.child('ingress'), ({ ports, from }, at) => {
    forEachItem(ports, at.child('ports'), (port, here) => checkPort(found, port, here))
    forEachItem(from, at.child('from'), (peer, here) => checkPeer(found, peer, here, rules))
  })
  forEachItem(spec?.egress, path.child('egress'), ({ ports, to }, at) => {
    forEachItem(ports, at.child('ports'), (port, here) => checkPort(found, port, here))
    forEachItem(to, at.child('to'), (peer, here) => checkPeer(found, peer, here, rules))
  })
  const types: readonly string[] = spec?.policyTypes ?? []
  const at = path.child('policyTypes')
  if (types.length > policyTypes.length) found.invalid(at, types, 'may not specify more than two policyTypes')
  else {
    forEachItem(types, at, (type, here) => {
      if (!policyTypes.includes(type)) found.notSupported(here, type, policyTypes)
    })
  }
}

const protocols = ['TCP', 'UDP', 'SCTP']

function checkPort(found: Findings, { protocol, port, endPort }: TypeOf<'networking.v1.NetworkPolicyPort'>, at: FieldPath): void {
  if (protocol !== undefined && !protocols.includes(protocol)) found.notSupported(at.child('protocol'), protocol, protocols)
  const end = at.child('endPort')
  if (typeof port === 'number') {
    checkPortNumber(found, port, at.child('port'))
    if (endPort === undefined) return
    if (endPort < port) found.invalid(end, port, 'must be greater than or equal to `port`')
    checkPortNumber(found, endPort, end)
  } else if (port === undefined) {
    if (endPort !== undefined) found.invalid(end, endPort, 'may not be specified when `port` is not specified')
  } else {
    if (endPort !== undefined) found.invalid(end, endPort, 'may not be specified when `port` is non-numeric')
    found.each(at.child('port'), port, validatePortName(port))
  }
}

function checkPeer(found: Findings, { podSelector, namespaceSelector, ipBlock }: Peer, at: FieldPath, rules: PolicyRules): void {
  const options = { allowInvalidValues: rules.anySelectorValue }
  found.add(...validateLabelSelector(podSelector, at.child('podSelector'), options))
  found.add(...validateLabelSelector(namespaceSelector, at.child('namespaceSelector'), options))
  if (ipBlock) checkBlock(found, ipBlock, at.child('ipBlock'), rules.cidrs)
  if (!podSelector && !namespaceSelector && !ipBlock) found.required(at, 'must specify a peer')
  else if (ipBlock && (podSelector || namespaceSelector)) found.forbidden(at, 'may not specify both ipBlock and another peer')
}

function checkBlock(found: Findings, { cidr, except }: TypeOf<'networking.v1.IPBlock'>, at: FieldPath, existing: readonly string[]): void {
  if (!cidr) {
    found.required(at.child('cidr'))
    return
  }
  checkLegacyCidr(found, cidr, at.child('cidr'), existing)
  const whole = parseCidr(cidr)
  if (!whole) return
  forEachItem(except, at.child('except'), (text, here) => {
    checkLegacyCidr(found, text, here, existing)
    const part = parseCidr(text)
    if (part && !(isWithin(part, whole) && whole.length < part.length)) found.invalid(here, text, 'must be a strict subset of `cidr`')
  })
}
