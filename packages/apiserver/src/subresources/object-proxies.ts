import { EndpointSlice, Endpoints, type Kind, Node, Pod, Service } from '@treeline/api'
import { errors } from '@treeline/machinery'
import type { SubresourceCall, SubresourceHandler } from '../registry/subresource-handler.js'
import type { AddressRule } from './proxy/addresses.js'
import type { Backend, Backends } from './proxy/backend.js'
import { type KubeletAccess, kubeletOf } from './proxy/kubelet.js'
import { parseProxiedName } from './proxy/proxied-name.js'
import { proxyExchange } from './proxy/proxy-exchange.js'

const verbs = ['create', 'delete', 'get', 'patch', 'update'] as const

/** `pods/NAME/proxy`, `services/NAME/proxy` and `nodes/NAME/proxy`: HTTP to what is behind an object. */
export function objectProxies(backends: Backends, access: KubeletAccess, mayReach: AddressRule): SubresourceHandler[] {
  const handlers: [string, string, (call: SubresourceCall) => Backend][] = [
    [Pod.plural, 'PodProxyOptions', (call) => podBackend(call, mayReach)],
    [Service.plural, 'ServiceProxyOptions', serviceBackend],
    [Node.plural, 'NodeProxyOptions', (call) => nodeBackend(call, access, mayReach)],
  ]
  return handlers.map(([resource, kind, backendOf]) => ({
    group: '',
    resource,
    subresource: 'proxy',
    verbs,
    async handle(call) {
      const options = { apiVersion: 'v1', kind, path: call.rest }
      await call.admit('CONNECT', options)
      await call.validate('CONNECT', options)
      await Promise.all([EndpointSlice, Endpoints].map((each) => call.internals.store(each as Kind).ready))
      return proxyExchange(call, backends, backendOf(call))
    },
  }))
}

function podBackend(call: SubresourceCall, mayReach: AddressRule): Backend {
  const { protocol, name, port } = parseProxiedName(call.name, 'pod')
  const pod = call.internals.get(Pod, call.namespace, name)
  if (!pod) throw errors.notFound({ group: '', resource: Pod.plural }, name)
  const host = pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP ?? ''
  if (!mayReach(host)) throw errors.badRequest('address not allowed')
  const declared = pod.spec?.containers?.find(({ ports }) => ports?.length)?.ports?.[0]?.containerPort
  return { protocol, host, port: numberOf(port) ?? declared ?? defaultPort(protocol) }
}

function nodeBackend(call: SubresourceCall, access: KubeletAccess, mayReach: AddressRule): Backend {
  const { protocol, name, port } = parseProxiedName(call.name, 'node')
  const kubelet = kubeletOf(call, name, access)
  if (!mayReach(kubelet.host)) throw errors.badRequest('address not allowed')
  const number = numberOf(port)
  return number === undefined || number === kubelet.port ? kubelet : { protocol, host: kubelet.host, port: number }
}

/** One of the Service's ready pods, at random. */
function serviceBackend(call: SubresourceCall): Backend {
  const { protocol, name, port } = parseProxiedName(call.name, 'service')
  const service = call.internals.get(Service, call.namespace, name)
  if (!service) throw errors.notFound({ group: '', resource: Service.plural }, name)
  const number = numberOf(port)
  const declared = number === undefined ? undefined : service.spec?.ports?.find((each) => each.port === number)
  if (number !== undefined && !declared) throw errors.serviceUnavailable(`no service port ${number} found for service "${name}"`)
  const portName = declared ? (declared.name ?? '') : port
  const targets = targetsOf(call, name)
  if (targets.length === 0) throw errors.serviceUnavailable(`no endpoints available for service "${name}"`)
  const candidates = targets.filter((target) => target.portName === portName && isAddressOfPod(call, target))
  const chosen = candidates[Math.floor(Math.random() * candidates.length)]
  if (!chosen) throw errors.serviceUnavailable(`no endpoints available for service "${call.name}"`)
  return { protocol, host: chosen.address, port: chosen.port }
}

interface Target {
  readonly address: string
  readonly port: number
  readonly portName: string
  readonly podName: string | undefined
}

/** Where the Service leads: by its slices, or, where none are kept, by its Endpoints. */
function targetsOf(call: SubresourceCall, service: string): Target[] {
  const slices = call.internals
    .list(EndpointSlice, call.namespace)
    .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service)
  if (slices.length > 0) {
    // Both lists may be null on the wire.
    return slices.flatMap(({ endpoints, ports }) =>
      (endpoints ?? [])
        .filter(({ conditions }) => conditions?.ready ?? true)
        .flatMap(({ addresses, targetRef }) =>
          addresses.flatMap((address) =>
            (ports ?? []).map(({ port = 0, name = '' }) => ({
              address,
              port,
              portName: name,
              podName: podNameOf(targetRef, call.namespace),
            })),
          ),
        ),
    )
  }
  return (call.internals.get(Endpoints, call.namespace, service)?.subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
    addresses.flatMap(({ ip, targetRef }) =>
      ports.map(({ port, name = '' }) => ({ address: ip, port, portName: name, podName: podNameOf(targetRef, call.namespace) })),
    ),
  )
}

const podNameOf = (reference: { kind?: string; namespace?: string; name?: string } | undefined, namespace: string): string | undefined =>
  reference?.namespace === namespace ? reference.name : undefined

/** Only pods are reached: an address that somebody wrote into Endpoints is not. */
const isAddressOfPod = (call: SubresourceCall, { address, podName }: Target): boolean => {
  const pod = podName === undefined ? undefined : call.internals.get(Pod, call.namespace, podName)
  return pod?.status?.podIPs?.some(({ ip }) => ip === address) ?? false
}

const numberOf = (port: string): number | undefined => (/^\d{1,5}$/.test(port) ? Number(port) : undefined)

const defaultPort = (protocol: Backend['protocol']): number => (protocol === 'https' ? 443 : 80)
