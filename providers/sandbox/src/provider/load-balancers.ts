import type { LoadBalancerStatus, Node, Service } from '@treeline/api'
import { CloudError, defaultLoadBalancerName, type LoadBalancers } from '@treeline/cloud-provider'
import type { LoadBalancerRequest } from '../cloud/balancers.js'
import type { BackendRecord, LoadBalancerRecord } from '../cloud/state.js'
import type { ApiClient } from './api-client.js'

const sourceRangesAnnotation = 'service.beta.kubernetes.io/load-balancer-source-ranges'
/** Where the service proxy of a node says whether the node takes traffic. */
const proxyHealth = { type: 'http', port: 10_256, path: '/healthz' } as const

export function loadBalancers(api: ApiClient, clusterName: string): LoadBalancers {
  const path = (service: Service): string => `/v1/load-balancers/${defaultLoadBalancerName(service)}`
  return {
    async get(service, signal) {
      try {
        return statusOf(await api.get<LoadBalancerRecord>(path(service), signal), service)
      } catch (error) {
        if (error instanceof CloudError && error.kind === 'not-found') return undefined
        throw error
      }
    },
    async ensure(service, nodes, signal) {
      return statusOf(await api.send<LoadBalancerRecord>('PUT', path(service), requestFor(service, nodes, clusterName), signal), service)
    },
    async updateNodes(service, nodes, signal) {
      await api.send('PUT', `${path(service)}/backends`, { backends: backendsOf(nodes) }, signal)
    },
    async delete(service, signal) {
      await api.send('DELETE', path(service), undefined, signal)
    },
  }
}

function requestFor(service: Service, nodes: readonly Node[], clusterName: string): LoadBalancerRequest {
  const { spec } = service
  const ports = spec?.ports ?? []
  for (const port of ports) {
    if ((port.protocol ?? 'TCP') !== 'TCP')
      throw new CloudError('invalid', `port ${port.port}: load balancers of this cloud forward TCP, not ${port.protocol}`)
    if (!port.nodePort) throw new CloudError('invalid', `port ${port.port} has no nodePort, which load balancers of this cloud forward to`)
  }
  const local = spec?.externalTrafficPolicy === 'Local' && spec.healthCheckNodePort
  return {
    cluster: clusterName,
    service: `${service.metadata.namespace}/${service.metadata.name}`,
    listeners: ports.map((port) => ({ port: port.port, backendPort: port.nodePort ?? 0 })),
    backends: backendsOf(nodes),
    healthCheck: local ? { type: 'http', port: spec.healthCheckNodePort ?? 0, path: '/healthz' } : proxyHealth,
    sourceRanges: sourceRanges(service),
    ...(spec?.loadBalancerIP ? { address: spec.loadBalancerIP } : {}),
  }
}

function backendsOf(nodes: readonly Node[]): BackendRecord[] {
  return nodes.flatMap((node) => {
    const address = node.status?.addresses?.find((candidate) => candidate.type === 'InternalIP')?.address
    return address ? [{ instance: node.metadata.name ?? '', address }] : []
  })
}

function sourceRanges(service: Service): string[] {
  if (service.spec?.loadBalancerSourceRanges?.length) return [...service.spec.loadBalancerSourceRanges]
  const annotation = service.metadata.annotations?.[sourceRangesAnnotation]?.trim()
  return annotation ? annotation.split(',').map((range) => range.trim()) : []
}

function statusOf(record: LoadBalancerRecord, service: Service): LoadBalancerStatus {
  const moved = record.listeners.filter((listener) => listener.listenPort !== undefined && listener.listenPort !== listener.port)
  return {
    ingress: [
      {
        ip: record.address,
        ipMode: 'VIP',
        // the user may not open ports below 1024: say where each is served instead
        ...(moved.length === 0
          ? {}
          : {
              ports: record.listeners.map((listener) => ({
                port: listener.port,
                protocol: service.spec?.ports?.find((port) => port.port === listener.port)?.protocol ?? 'TCP',
                ...(listener.listenPort === listener.port ? {} : { error: `treeline.dev/served-on-port-${listener.listenPort}` }),
              })),
            }),
      },
    ],
  }
}
