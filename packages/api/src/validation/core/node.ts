import { FieldPath, quote } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { checkLegacyCidr, parseCidr } from '../addresses.js'
import { type Findings, findingsOf, forEachItem } from '../findings.js'
import { requireDataKey, requireLabel, requireSubdomain } from '../names.js'
import { checkPositive } from '../numbers.js'
import { checkResourceAmount } from '../quantities.js'
import { checkTaints } from './tolerations.js'

type Node = TypeOf<'core.v1.Node'>

const metadata = FieldPath.root('metadata')
const path = FieldPath.root('spec')
const status = FieldPath.root('status')

export const nodeValidation: Validation<Node> = {
  validate: (node) => findingsOf((found) => checkWhole(found, node)),
  validateUpdate: (node, old) =>
    findingsOf((found) => {
      checkWhole(found, node)
      checkChange(found, node, old)
    }),
  validateStatusUpdate: (node, old) => findingsOf((found) => checkChange(found, node, old)),
}

function checkWhole(found: Findings, node: Node): void {
  checkTaints(found, node.spec?.taints, metadata.child('taints'))
  checkAmounts(found, node)
  const capacity = node.status?.nodeInfo?.swap?.capacity
  if (capacity !== undefined) checkPositive(found, capacity, metadata.child('nodeSwapStatus', 'capacity'))
  checkFeatures(found, node.status?.declaredFeatures)
  checkPodCidrs(found, node.spec?.podCIDRs ?? [])
}

/** Upstream runs these after the checks of the whole Node, so that what both look at is told twice. */
function checkChange(found: Findings, node: Node, old: Node): void {
  checkAmounts(found, node)
  checkFeatures(found, node.status?.declaredFeatures)
  checkAddresses(found, node)
  checkKept(found, node, old)
  if (node.spec?.configSource) checkConfigSource(found, node.spec.configSource, path.child('configSource'), false)
  for (const name of ['assigned', 'active', 'lastKnownGood'] as const) {
    const source = node.status?.config?.[name]
    if (source) checkConfigSource(found, source, status.child('config', name), true)
  }
  checkTaints(found, node.spec?.taints, metadata.child('taints'))
  if ((node.spec?.externalID ?? '') !== (old.spec?.externalID ?? '')) found.forbidden(path.child('externalID'), 'may not be updated')
}

function checkAmounts(found: Findings, node: Node): void {
  for (const list of ['capacity', 'allocatable'] as const) {
    for (const [name, amount] of Object.entries(node.status?.[list] ?? {})) {
      checkResourceAmount(found, name, amount, status.child(list, name))
    }
  }
}

const featureName = /^[A-Z][a-zA-Z0-9]*(\/[a-zA-Z][a-zA-Z0-9]*)*$/
const featureMaxLength = 253

/** Features a kubelet has: each once, in order. */
function checkFeatures(found: Findings, features: readonly string[] = []): void {
  const at = status.child('declaredFeatures')
  forEachItem(features, at, (feature, here, index) => {
    const quoted = quote(feature)
    if (feature.length > featureMaxLength) {
      found.invalid(here, feature, `invalid feature name ${quoted}: must be no more than ${featureMaxLength} characters`)
    } else if (!featureName.test(feature)) {
      found.invalid(
        here,
        feature,
        `invalid feature name ${quoted}: must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes`,
      )
    }
    const next = features[index + 1]
    if (next === feature) found.duplicate(at.index(index + 1), next)
    else if (next !== undefined && feature > next) found.invalid(at.index(index + 1), next, 'list must be sorted alphabetically')
  })
}

function checkPodCidrs(found: Findings, cidrs: readonly string[]): void {
  const at = path.child('podCIDRs')
  forEachItem(cidrs, at, (cidr, here) => checkLegacyCidr(found, cidr, here))
  if (cidrs.length < 2) return
  const families = cidrs.map((cidr) => parseCidr(cidr)?.ip.family)
  const broken = families.indexOf(undefined)
  if (broken >= 0) {
    const problem = `invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[${broken}]: <nil> (invalid CIDR address: ${cidrs[broken]})`
    found.add({ type: 'InternalError', field: at.toString(), detail: problem })
  }
  if (broken >= 0 || new Set(families).size < 2 || cidrs.length > 2) {
    found.invalid(at, cidrs, 'may specify no more than one CIDR for each IP family')
  }
}

function checkAddresses(found: Findings, node: Node): void {
  const seen = new Set<string>()
  forEachItem(node.status?.addresses, status.child('addresses'), ({ type, address }, at) => {
    const key = `${type}/${address}`
    if (seen.has(key)) found.duplicate(at, { Type: type, Address: address })
    seen.add(key)
  })
}

const onlyFirst = (field: string): string => `node updates may not change ${field} except from "" to valid`

/** What a Node keeps once it is told. */
function checkKept(found: Findings, node: Node, old: Node): void {
  const before = old.spec?.podCIDRs ?? []
  const now = node.spec?.podCIDRs ?? []
  const changes = before.length === 0 ? 0 : before.length !== now.length ? 1 : before.filter((cidr, index) => cidr !== now[index]).length
  for (let i = 0; i < changes; i++) found.forbidden(path.child('podCIDRs'), onlyFirst('podCIDR'))
  const provider = old.spec?.providerID
  if (provider && provider !== node.spec?.providerID) found.forbidden(path.child('providerID'), onlyFirst('providerID'))
}

function checkConfigSource(found: Findings, { configMap }: TypeOf<'core.v1.NodeConfigSource'>, at: FieldPath, ofStatus: boolean): void {
  if (!configMap) {
    found.invalid(at, { ConfigMap: null }, 'exactly one reference subfield must be non-nil')
    return
  }
  const here = at.child('configMap')
  for (const name of ['uid', 'resourceVersion'] as const) {
    if (ofStatus && !configMap[name]) found.required(here.child(name))
    if (!ofStatus && configMap[name]) found.forbidden(here.child(name), `${name} must not be set in spec`)
  }
  requireLabel(found, configMap.namespace, here.child('namespace'))
  requireSubdomain(found, configMap.name, here.child('name'))
  requireDataKey(found, configMap.kubeletConfigKey, here.child('kubeletConfigKey'))
}
