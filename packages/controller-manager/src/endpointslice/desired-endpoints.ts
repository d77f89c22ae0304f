import { type Endpoint, type DiscoveryV1EndpointPort as EndpointPort, Node, type Pod, type Service } from '@treeline/api'
import type { Cache } from '@treeline/client'
import { hostnameIn, isEndpoint, isHeadless, isIPv6, targetPort } from '../endpoints/service-pods.js'
import { isPodReady } from '../pods/pod-state.js'

export type AddressType = 'IPv4' | 'IPv6'

/** Endpoints that share their ports, by what identifies an endpoint. */
export interface PortGroup {
  readonly ports: readonly EndpointPort[]
  readonly endpoints: Map<string, Endpoint>
}

/** The families a service wants endpoints of. */
export function addressTypes({ spec }: Service): readonly AddressType[] {
  const families = (spec?.ipFamilies ?? []).filter((family): family is AddressType => family === 'IPv4' || family === 'IPv6')
  if (families.length > 0) return families
  if (spec?.clusterIP && spec.clusterIP !== 'None') return [isIPv6(spec.clusterIP) ? 'IPv6' : 'IPv4']
  return ['IPv4', 'IPv6']
}

/** The endpoints a service should have in one family, grouped by ports. Names pods whose node is not there. */
export function desiredEndpoints(
  cache: Cache,
  service: Service,
  pods: readonly Pod[],
  type: AddressType,
): { readonly groups: Map<string, PortGroup>; readonly withoutNode: readonly string[] } {
  const groups = new Map<string, PortGroup>()
  const withoutNode: string[] = []
  for (const pod of pods) {
    if (!isEndpoint(pod, true)) continue
    const ports = portsOf(service, pod)
    const id = portsId(ports)
    const group = groups.get(id) ?? { ports, endpoints: new Map<string, Endpoint>() }
    groups.set(id, group)
    const nodeName = pod.spec?.nodeName ?? ''
    const node = cache.get(Node, nodeName)
    if (!node && !service.spec?.publishNotReadyAddresses) {
      withoutNode.push(
        `skipping Pod ${pod.metadata.name} for Service ${service.metadata.namespace}/${service.metadata.name}: Node ${nodeName} Not Found`,
      )
      continue
    }
    const endpoint = endpointOf(pod, node, service, type)
    if (endpoint.addresses.length > 0) group.endpoints.set(endpointId(endpoint), endpoint)
  }
  return { groups, withoutNode }
}

function endpointOf(pod: Pod, node: Node | undefined, service: Service, type: AddressType): Endpoint {
  const serving = isPodReady(pod)
  const terminating = pod.metadata.deletionTimestamp !== undefined
  const ready = service.spec?.publishNotReadyAddresses === true || (serving && !terminating)
  const { namespace, name, uid } = pod.metadata
  const zone = node?.metadata.labels?.['topology.kubernetes.io/zone']
  const hostname = hostnameIn(service, pod)
  const addresses = (pod.status?.podIPs ?? []).map(({ ip }) => ip ?? '').filter((ip) => ip !== '' && isIPv6(ip) === (type === 'IPv6'))
  return {
    addresses,
    conditions: { ready, serving, terminating },
    ...(hostname && { hostname }),
    ...(pod.spec?.nodeName && { nodeName: pod.spec.nodeName }),
    targetRef: { kind: 'Pod', namespace, name, uid },
    ...(zone && { zone }),
  }
}

function portsOf(service: Service, pod: Pod): EndpointPort[] {
  const ports = service.spec?.ports ?? []
  if (ports.length === 0 && isHeadless(service)) return []
  return ports.flatMap((port) => {
    const number = targetPort(pod, port)
    if (number === undefined) return []
    const { name = '', protocol = 'TCP', appProtocol } = port
    return [{ name, port: number, protocol, ...(appProtocol !== undefined && { appProtocol }) }]
  })
}

/** Equal for equal ports in any order. */
export function portsId(ports: readonly EndpointPort[] | undefined | null): string {
  const texts = (ports ?? []).map(({ name = '', port, protocol = 'TCP', appProtocol = '' }) =>
    JSON.stringify([name, port, protocol, appProtocol]),
  )
  return texts.sort().join()
}

/** What makes two endpoints the same one in different states. */
export function endpointId({ addresses, hostname = '', targetRef }: Endpoint): string {
  return [[...addresses].sort().join(), hostname, targetRef?.namespace, targetRef?.name].join('\0')
}

/** Equal in everything but hints. */
export function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return (
    a.nodeName === b.nodeName &&
    a.zone === b.zone &&
    a.conditions?.ready === b.conditions?.ready &&
    a.conditions?.serving === b.conditions?.serving &&
    a.conditions?.terminating === b.conditions?.terminating &&
    a.targetRef?.uid === b.targetRef?.uid
  )
}
