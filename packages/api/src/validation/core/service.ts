import { FieldPath, validateDnsSubdomain, validateLabels } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { checkEndpointIp, checkLegacyCidr, checkLegacyIp, parseIp } from '../addresses.js'
import { type Findings, findingsOf, forEachItem, requireOneOf } from '../findings.js'
import { checkLabel, checkPortNumber, checkPortNumberOrName, checkQualifiedName, checkSubdomain } from '../names.js'
import { protocols } from './container.js'
import { checkClusterIps, isHeadless } from './service-cluster-ips.js'
import { checkServiceChange } from './service-update.js'

type Service = TypeOf<'core.v1.Service'>
type ServiceSpec = TypeOf<'core.v1.ServiceSpec'>
type ServicePort = TypeOf<'core.v1.ServicePort'>

const path = FieldPath.root('spec')

export const serviceValidation: Validation<Service> = {
  validate: (service) => findingsOf((found) => checkService(found, service, undefined)),
  validateUpdate: (service, old) =>
    findingsOf((found) => {
      checkServiceChange(found, service.spec ?? {}, old.spec ?? {})
      checkService(found, service, old)
    }),
  validateStatusUpdate: (service, old) => findingsOf((found) => checkStatus(found, service, old)),
}

const hints = 'service.kubernetes.io/topology-aware-hints'
const topologyMode = 'service.kubernetes.io/topology-mode'

function checkService(found: Findings, { metadata, spec = {} }: Service, old: Service | undefined): void {
  const { annotations = {} } = metadata
  const mode = annotations[topologyMode]
  if (mode !== undefined && annotations[hints] !== undefined && mode !== annotations[hints]) {
    found.invalid(
      FieldPath.root('metadata', 'annotations').key(topologyMode),
      mode,
      `must match annotations[${hints}] when both are specified`,
    )
  }
  if (!spec.ports?.length && !isHeadless(spec) && spec.type !== 'ExternalName') found.required(path.child('ports'))
  checkType(found, spec)
  const names = new Set<string>()
  forEachItem(spec.ports, path.child('ports'), (port, at) => checkPort(found, port, (spec.ports?.length ?? 0) > 1, names, at))
  found.add(...validateLabels(spec.selector, path.child('selector')))
  checkAffinity(found, spec)
  checkClusterIps(found, spec, old?.spec?.clusterIPs)
  forEachItem(spec.externalIPs, path.child('externalIPs'), (ip, at) => {
    if (checkLegacyIp(found, ip, at, old?.spec?.externalIPs)) checkEndpointIp(found, ip, at)
  })
  requireOneOf(found, spec.type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'], path.child('type'))
  checkPortsTogether(found, spec)
  checkSourceRanges(found, spec, annotations, old)
  checkLoadBalancerFields(found, spec)
  checkTrafficPolicies(found, spec)
}

/** What the types do not go with. */
function checkType(found: Findings, spec: ServiceSpec): void {
  if ((spec.type === 'LoadBalancer' || spec.type === 'NodePort') && isHeadless(spec)) {
    found.invalid(path.child('clusterIPs').index(0), 'None', `may not be set to 'None' for ${spec.type} services`)
  }
  if (spec.type !== 'ExternalName') return
  if (spec.clusterIPs?.length) found.forbidden(path.child('clusterIPs'), 'may not be set for ExternalName services')
  if (spec.ipFamilies?.length) found.forbidden(path.child('ipFamilies'), 'may not be set for ExternalName services')
  if (spec.ipFamilyPolicy !== undefined) found.forbidden(path.child('ipFamilyPolicy'), 'may not be set for ExternalName services')
  const name = (spec.externalName ?? '').replace(/\.$/, '')
  if (name === '') found.required(path.child('externalName'))
  else checkSubdomain(found, name, path.child('externalName'))
}

function checkPort(found: Findings, port: ServicePort, needsName: boolean, names: Set<string>, at: FieldPath): void {
  const { name, protocol, targetPort, appProtocol } = port
  if (needsName && !name) found.required(at.child('name'))
  else if (name) {
    checkLabel(found, name, at.child('name'))
    if (names.has(name)) found.duplicate(at.child('name'), name)
    names.add(name)
  }
  checkPortNumber(found, port.port, at.child('port'))
  requireOneOf(found, protocol, protocols, at.child('protocol'))
  checkPortNumberOrName(found, targetPort, at.child('targetPort'))
  if (appProtocol !== undefined) checkQualifiedName(found, appProtocol, at.child('appProtocol'))
}

const longestAffinity = 86400
const clientIp = 'when session affinity type is ClientIP'

function checkAffinity(found: Findings, { sessionAffinity, sessionAffinityConfig }: ServiceSpec): void {
  const at = path.child('sessionAffinityConfig')
  requireOneOf(found, sessionAffinity, ['ClientIP', 'None'], path.child('sessionAffinity'))
  if (sessionAffinity === 'None' && sessionAffinityConfig) found.forbidden(at, 'must not be set when session affinity is None')
  if (sessionAffinity !== 'ClientIP') return
  const timeout = sessionAffinityConfig?.clientIP?.timeoutSeconds
  if (!sessionAffinityConfig) found.required(at, clientIp)
  else if (!sessionAffinityConfig.clientIP) found.required(at.child('clientIP'), clientIp)
  else if (timeout === undefined) found.required(at.child('clientIP', 'timeoutSeconds'), clientIp)
  else if (timeout <= 0 || timeout > longestAffinity) {
    found.invalid(at.child('clientIP', 'timeoutSeconds'), timeout, `must be greater than 0 and less than ${longestAffinity}`)
  }
}

/** Ports that must differ from one another. */
function checkPortsTogether(found: Findings, { type, ports }: ServiceSpec): void {
  const at = path.child('ports')
  if (type === 'ClusterIP') {
    forEachItem(ports, at, ({ nodePort }, here) => {
      if (nodePort) found.forbidden(here.child('nodePort'), "may not be used when `type` is 'ClusterIP'")
    })
  }
  const nodePorts = new Set<string>()
  forEachItem(ports, at, ({ protocol, nodePort }, here) => {
    if (!nodePort) return
    const key = `${protocol}/${nodePort}`
    if (nodePorts.has(key)) found.duplicate(here.child('nodePort'), nodePort)
    nodePorts.add(key)
  })
  const numbers = new Set<string>()
  forEachItem(ports, at, ({ protocol, port }, here) => {
    const key = `${protocol}/${port}`
    if (numbers.has(key)) {
      found.duplicate(here, { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 })
    }
    numbers.add(key)
  })
}

const rangesAnnotation = 'service.beta.kubernetes.io/load-balancer-source-ranges'
const onlyForLoadBalancers = "may only be used when `type` is 'LoadBalancer'"

function checkSourceRanges(
  found: Findings,
  { type, loadBalancerSourceRanges: ranges }: ServiceSpec,
  annotations: Readonly<Record<string, string>>,
  old: Service | undefined,
): void {
  const annotated = annotations[rangesAnnotation]
  if (ranges?.length) {
    const at = path.child('LoadBalancerSourceRanges')
    if (type !== 'LoadBalancer') found.forbidden(at, onlyForLoadBalancers)
    const existing = old?.spec?.loadBalancerSourceRanges?.map((range) => range.trim())
    forEachItem(ranges, at, (range, here) => checkLegacyCidr(found, range.trim(), here, existing))
  } else if (annotated !== undefined) {
    const at = FieldPath.root('metadata', 'annotations').key(rangesAnnotation)
    if (type !== 'LoadBalancer') found.forbidden(at, onlyForLoadBalancers)
    if (old?.metadata.annotations?.[rangesAnnotation] === annotated || annotated.trim() === '') return
    for (const range of annotated.trim().split(',')) checkLegacyCidr(found, range.trim(), at)
  }
}

function checkLoadBalancerFields(found: Findings, spec: ServiceSpec): void {
  const balanced = spec.type === 'LoadBalancer'
  if (spec.allocateLoadBalancerNodePorts !== undefined && !balanced) {
    found.forbidden(path.child('allocateLoadBalancerNodePorts'), onlyForLoadBalancers)
  }
  if (balanced && spec.allocateLoadBalancerNodePorts === undefined) found.required('allocateLoadBalancerNodePorts')
  if (spec.loadBalancerClass === undefined) return
  if (balanced) checkQualifiedName(found, spec.loadBalancerClass, path.child('loadBalancerClass'))
  else found.forbidden(path.child('loadBalancerClass'), onlyForLoadBalancers)
}

const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode']
const policies = ['Cluster', 'Local']

function checkTrafficPolicies(found: Findings, spec: ServiceSpec): void {
  const { type, externalTrafficPolicy: external, internalTrafficPolicy: internal, healthCheckNodePort, trafficDistribution } = spec
  const reachable = type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && (spec.externalIPs?.length ?? 0) > 0)
  if (reachable) requireOneOf(found, external, policies, path.child('externalTrafficPolicy'))
  else if (external) {
    found.invalid(path.child('externalTrafficPolicy'), external, 'may only be set for externally-accessible services')
  }
  const at = path.child('healthCheckNodePort')
  if (type !== 'LoadBalancer' || external !== 'Local') {
    if (healthCheckNodePort) {
      found.invalid(at, healthCheckNodePort, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'")
    }
  } else if (!healthCheckNodePort) found.required(at)
  else checkPortNumber(found, healthCheckNodePort, at)
  if (internal === undefined) {
    if (type === 'NodePort' || type === 'LoadBalancer' || type === 'ClusterIP') found.required(path.child('internalTrafficPolicy'))
  } else if (!policies.includes(internal)) found.notSupported(path.child('internalTrafficPolicy'), internal, policies)
  if (trafficDistribution !== undefined && !distributions.includes(trafficDistribution)) {
    found.notSupported(path.child('trafficDistribution'), trafficDistribution, distributions)
  }
}

const ipModes = ['Proxy', 'VIP']

function checkStatus(found: Findings, { spec, status }: Service, old: Service): void {
  const ingress = status?.loadBalancer?.ingress ?? []
  const at = FieldPath.root('status', 'loadBalancer', 'ingress')
  if (spec?.type !== 'LoadBalancer' && ingress.length > 0) {
    found.forbidden(at, "may only be used when `spec.type` is 'LoadBalancer'")
    return
  }
  const existing = (old.status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip ? [ip] : []))
  forEachItem(ingress, at, ({ ip, ipMode, hostname }, here) => {
    if (ip) checkLegacyIp(found, ip, here.child('ip'), existing)
    if (ipMode === undefined) {
      if (ip) found.required(here.child('ipMode'), 'must be specified when `ip` is set')
    } else if (!ip) found.forbidden(here.child('ipMode'), 'may not be specified when `ip` is not set')
    else if (!ipModes.includes(ipMode)) found.notSupported(here.child('ipMode'), ipMode, ipModes)
    checkIngressHostname(found, hostname, here.child('hostname'))
  })
}

/** A load balancer known by name is not known by address. */
export function checkIngressHostname(found: Findings, hostname: string | undefined, at: FieldPath): void {
  if (!hostname) return
  found.each(at, hostname, validateDnsSubdomain(hostname))
  if (parseIp(hostname)) found.invalid(at, hostname, 'must be a DNS name, not an IP address')
}
