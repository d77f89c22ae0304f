import type { EndpointSlice, Service } from '@treeline/api'

/** Where connections to one NodePort go. */
export interface PortForwarding {
  readonly nodePort: number
  readonly endpoints: readonly Endpoint[]
  /** Only endpoints on the node itself take traffic that came from outside. */
  readonly localOnly: boolean
  /** The same client keeps its endpoint for this long, in milliseconds; 0: no affinity. */
  readonly affinity: number
}

export interface Endpoint {
  readonly address: string
  readonly port: number
  readonly nodeName: string | undefined
}

/** What a Service asks of every node. */
export interface ServiceForwarding {
  readonly ports: readonly PortForwarding[]
  /** Port that says whether the node has endpoints of its own. */
  readonly healthCheckNodePort: number | undefined
}

/** The forwarding of a Service, from its EndpointSlices. Only TCP: other protocols have no NodePort here. */
export function forwardingOf(service: Service, slices: readonly EndpointSlice[]): ServiceForwarding {
  const localOnly = service.spec?.externalTrafficPolicy === 'Local'
  const affinity =
    service.spec?.sessionAffinity === 'ClientIP' ? (service.spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800) * 1000 : 0
  const ports = (service.spec?.ports ?? []).flatMap((port) =>
    port.nodePort && (port.protocol ?? 'TCP') === 'TCP'
      ? [{ nodePort: port.nodePort, endpoints: endpointsOf(port.name ?? '', slices), localOnly, affinity }]
      : [],
  )
  return { ports, healthCheckNodePort: localOnly ? service.spec?.healthCheckNodePort : undefined }
}

/** Ready endpoints; when none is, those that still serve while they terminate. */
function endpointsOf(portName: string, slices: readonly EndpointSlice[]): Endpoint[] {
  const ready: Endpoint[] = []
  const serving: Endpoint[] = []
  for (const slice of slices) {
    const port = slice.ports?.find((candidate) => (candidate.name ?? '') === portName)?.port
    if (port === undefined || slice.addressType === 'FQDN') continue
    for (const { addresses, conditions, nodeName } of slice.endpoints ?? []) {
      const address = addresses[0]
      if (address === undefined) continue
      if (conditions?.ready ?? true) ready.push({ address, port, nodeName })
      else if (conditions?.serving && conditions.terminating) serving.push({ address, port, nodeName })
    }
  }
  return ready.length > 0 ? ready : serving
}
