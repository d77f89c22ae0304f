import { EndpointSlice, Service } from '@treeline/api'
import { type Client, type ControllerDefinition, on, runControllers } from '@treeline/client'
import { Balancer } from './balancer.js'
import { forwardingOf, type ServiceForwarding } from './forwarding.js'
import { type NodeListeners, nodeListeners } from './node-listeners.js'

/** Serves the NodePorts of every Service on every node added. */
export interface ServiceProxy {
  addNode(nodeName: string, address: string): { close(): Promise<void> }
  close(): Promise<void>
}

interface ServedService {
  forwarding: ServiceForwarding
  readonly balancers: Map<number, Balancer>
}

const serviceNameLabel = 'kubernetes.io/service-name'

/** One proxy serves any number of nodes of a process, from one pair of informers. */
export function startServiceProxy(client: Client, log: (message: string) => void): ServiceProxy {
  const nodes = new Map<string, NodeListeners>()
  const services = new Map<string, ServedService>()

  function serveOn(nodeName: string, listeners: NodeListeners, served: ServedService): void {
    for (const [port, balancer] of served.balancers) listeners.openPort(port, balancer)
    if (served.forwarding.healthCheckNodePort)
      listeners.openHealthCheck(served.forwarding.healthCheckNodePort, () => localEndpoints(served.forwarding, nodeName))
  }

  function apply(key: string, forwarding: ServiceForwarding): void {
    const served = services.get(key) ?? { forwarding, balancers: new Map<number, Balancer>() }
    const before = portsOf(served)
    for (const port of forwarding.ports) {
      const balancer = served.balancers.get(port.nodePort)
      if (balancer) balancer.forwarding = port
      else served.balancers.set(port.nodePort, new Balancer(port))
    }
    const wanted = new Set(forwarding.ports.map((port) => port.nodePort))
    for (const port of [...served.balancers.keys()]) if (!wanted.has(port)) served.balancers.delete(port)
    served.forwarding = forwarding
    const after = portsOf(served)
    for (const [nodeName, listeners] of nodes) {
      for (const port of before) if (!after.has(port)) listeners.closePort(port)
      serveOn(nodeName, listeners, served)
    }
    if (after.size === 0) services.delete(key)
    else services.set(key, served)
  }

  const controller: ControllerDefinition = {
    name: 'service-proxy',
    watches: [
      on(Service),
      on(
        EndpointSlice,
        (slice) => {
          const service = slice.metadata.labels?.[serviceNameLabel]
          return service === undefined ? [] : [`${slice.metadata.namespace}/${service}`]
        },
        { indexes: { byService: (slice) => [`${slice.metadata.namespace}/${slice.metadata.labels?.[serviceNameLabel] ?? ''}`] } },
      ),
    ],
    workers: 1,
    async reconcile(key, { cache }) {
      const service = cache.get(Service, key)
      if (!service) apply(key, { ports: [], healthCheckNodePort: undefined })
      else if (services.has(key) || service.spec?.ports?.some((port) => port.nodePort))
        apply(key, forwardingOf(service, cache.byIndex(EndpointSlice, 'byService', key)))
      return undefined
    },
  }
  const running = runControllers([controller], { client })

  return {
    addNode(nodeName, address) {
      const listeners = nodeListeners(nodeName, address, log)
      nodes.set(nodeName, listeners)
      for (const served of services.values()) serveOn(nodeName, listeners, served)
      return {
        async close() {
          nodes.delete(nodeName)
          await listeners.close()
        },
      }
    },
    async close() {
      await running.stop()
      await Promise.all([...nodes.values()].map((listeners) => listeners.close()))
      nodes.clear()
    },
  }
}

function portsOf(served: ServedService): Set<number> {
  const { healthCheckNodePort } = served.forwarding
  return new Set([...served.balancers.keys(), ...(healthCheckNodePort ? [healthCheckNodePort] : [])])
}

function localEndpoints(forwarding: ServiceForwarding, nodeName: string): number {
  return new Set(
    forwarding.ports.flatMap((port) =>
      port.endpoints.filter((endpoint) => endpoint.nodeName === nodeName).map((endpoint) => endpoint.address),
    ),
  ).size
}
