import { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Findings } from '../findings.js'
import { isHeadless } from './service-cluster-ips.js'

type ServiceSpec = TypeOf<'core.v1.ServiceSpec'>

const path = FieldPath.root('spec')
const fixed = 'may not change once set'

/** What a Service keeps once it has it: addresses and their families, its class, its health check port. */
export function checkServiceChange(found: Findings, spec: ServiceSpec, old: ServiceSpec): void {
  if (spec.type !== 'ExternalName' && old.type !== 'ExternalName') {
    if (!isHeadless(spec) || !isHeadless(old)) checkClusterIpsKept(found, spec, old)
    if (!isHeadless(spec) && !isHeadless(old)) checkFamiliesKept(found, spec, old)
  }
  if (spec.type === 'LoadBalancer' && old.type === 'LoadBalancer' && spec.loadBalancerClass !== old.loadBalancerClass) {
    found.invalid(path.child('loadBalancerClass'), spec.loadBalancerClass ?? null, fixed)
  }
  checkClassHere(found, spec)
  if (needsHealthCheck(spec) && needsHealthCheck(old) && (spec.healthCheckNodePort ?? 0) !== (old.healthCheckNodePort ?? 0)) {
    found.forbidden(path.child('healthCheckNodePort'), 'field is immutable')
  }
}

const needsHealthCheck = ({ type, externalTrafficPolicy }: ServiceSpec): boolean =>
  type === 'LoadBalancer' && externalTrafficPolicy === 'Local'

/** Upstream checks the class with the change, and again with the rest. */
function checkClassHere(found: Findings, spec: ServiceSpec): void {
  if (spec.type !== 'LoadBalancer' && spec.loadBalancerClass !== undefined) {
    found.forbidden(path.child('loadBalancerClass'), "may only be used when `type` is 'LoadBalancer'")
  }
}

/** The secondary address can be added and released, the primary never changes. */
function checkClusterIpsKept(found: Findings, spec: ServiceSpec, old: ServiceSpec): void {
  const at = path.child('clusterIPs')
  const now = spec.clusterIPs ?? []
  const before = old.clusterIPs ?? []
  const printed = now.length === 0 ? null : now
  if (now.length === before.length) {
    before.forEach((ip, index) => {
      if (ip !== now[index]) found.invalid(at.index(index), printed, fixed)
    })
    return
  }
  if (now.length === 0) found.invalid(at.index(0), printed, 'primary clusterIP can not be unset')
  else if (before.length > 0 && now[0] !== before[0]) found.invalid(at.index(0), printed, fixed)
  if (now.length === 1 && before.length > 1) checkReleased(found, spec, 'clusterIP')
}

function checkFamiliesKept(found: Findings, spec: ServiceSpec, old: ServiceSpec): void {
  const at = path.child('ipFamilies').index(0)
  const now = spec.ipFamilies ?? []
  const before = old.ipFamilies ?? []
  if (now.length === before.length) {
    before.forEach((family, index) => {
      if (family !== now[index]) found.invalid(at, now, fixed)
    })
    return
  }
  // Upstream looks at the addresses here, and prints them too.
  const ips = spec.clusterIPs?.length ? spec.clusterIPs : null
  if (before.length > now.length && !ips) found.invalid(at, now.length === 0 ? null : now, 'primary ipFamily can not be unset')
  if (now.length > 0 && before.length > 0 && now[0] !== before[0]) found.invalid(at, ips, fixed)
  if (now.length === 1 && before.length > 1) checkReleased(found, spec, 'ipFamily')
}

function checkReleased(found: Findings, { ipFamilyPolicy }: ServiceSpec, what: string): void {
  if (ipFamilyPolicy === 'SingleStack') return
  found.invalid(path.child('ipFamilyPolicy'), ipFamilyPolicy ?? null, `must be set to 'SingleStack' when releasing the secondary ${what}`)
}
