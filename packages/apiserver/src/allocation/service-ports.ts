import type { Service } from '@treeline/api'
import { errors, FieldPath, fieldErrors, type StatusError } from '@treeline/machinery'
import type { PortOperation } from './port-operation.js'

type Spec = NonNullable<Service['spec']>

/** A Service of this type opens ports on the nodes. */
export function opensNodePorts({ spec }: Service): boolean {
  return spec?.type === 'NodePort' || spec?.type === 'LoadBalancer'
}

/** Its load balancer asks the nodes which of them have a pod of it. */
export function needsHealthCheckPort({ spec }: Service): boolean {
  return spec?.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local'
}

/** All node ports of a Service, that of its health check included. */
export function nodePortsOf(service: Service): number[] {
  const ports = (service.spec?.ports ?? []).flatMap(({ nodePort }) => nodePort || [])
  const health = needsHealthCheckPort(service) ? service.spec?.healthCheckNodePort : undefined
  return health ? [...ports, health] : ports
}

/** Takes the node ports of a new Service. Ports of one number share a node port, as TCP and UDP of DNS do. */
export function takePorts(service: Service, operation: PortOperation): void {
  if (!service.spec) return
  if (opensNodePorts(service)) {
    const byPort = new Map<number, number>()
    const ports = service.spec.ports ?? []
    for (const [index, port] of ports.entries()) {
      if (!port.nodePort && !givesNodePorts(service.spec)) continue
      const shared = byPort.get(port.port)
      if (shared === undefined) {
        const asked = ports.find((each) => each.port === port.port && each.nodePort)?.nodePort
        port.nodePort = asked ? taken(service, index, asked, operation) : operation.takeAny('a nodePort')
        byPort.set(port.port, port.nodePort)
      } else if (!port.nodePort) {
        port.nodePort = shared
      } else if (port.nodePort !== shared) {
        taken(service, index, port.nodePort, operation)
      }
    }
  }
  if (needsHealthCheckPort(service)) takeHealthCheckPort(service.spec, operation)
}

/** Takes what a changed Service has more, and gives back what it has less. */
export function changePorts(service: Service, old: Service, operation: PortOperation): void {
  if (!service.spec) return
  const before = (old.spec?.ports ?? []).flatMap(({ nodePort }) => nodePort || [])
  if (opensNodePorts(service)) {
    addPorts(service, before, operation)
    const after = new Set((service.spec.ports ?? []).map(({ nodePort }) => nodePort))
    for (const port of before) if (!after.has(port)) operation.leave(port)
  } else if (opensNodePorts(old)) {
    for (const port of before) operation.leave(port)
  }
  const [needed, needs] = [needsHealthCheckPort(old), needsHealthCheckPort(service)]
  if (!needed && needs) takeHealthCheckPort(service.spec, operation)
  if (needed && !needs && old.spec?.healthCheckNodePort) operation.leave(old.spec.healthCheckNodePort)
}

/** What a client left out of a Service that was allotted it stays as it is. */
export function keepPorts(service: Service, old: Service): void {
  const [after, before] = [service.spec, old.spec]
  if (!after || !before) return
  if (givesNodePorts(before) && givesNodePorts(after)) {
    const kept = new Set((after.ports ?? []).map(({ nodePort }) => nodePort))
    const byName = new Map((before.ports ?? []).map(({ name, nodePort }) => [name ?? '', nodePort]))
    for (const port of after.ports ?? []) {
      const known = byName.get(port.name ?? '')
      if (!port.nodePort && known && !kept.has(known)) port.nodePort = known
    }
  }
  if (needsHealthCheckPort(old) && needsHealthCheckPort(service)) after.healthCheckNodePort ||= before.healthCheckNodePort
}

function addPorts(service: Service, before: readonly number[], operation: PortOperation): void {
  const own = new Set(before)
  const seen = new Set<string>()
  for (const [index, port] of (service.spec?.ports ?? []).entries()) {
    if (!port.nodePort && !givesNodePorts(service.spec)) continue
    if (!port.nodePort) port.nodePort = operation.takeAny('a nodePort')
    else if (!own.has(port.nodePort)) taken(service, index, port.nodePort, operation)
    own.add(port.nodePort)
    const key = `${port.protocol}/${port.nodePort}`
    if (seen.has(key)) throw errors.untyped(`duplicate nodePort: {${port.protocol} ${port.nodePort}}`)
    seen.add(key)
  }
}

function takeHealthCheckPort(spec: Spec, operation: PortOperation): void {
  if (!spec.healthCheckNodePort) {
    spec.healthCheckNodePort = operation.takeAny('a HealthCheck NodePort')
    return
  }
  const problem = operation.take(spec.healthCheckNodePort)
  if (problem) throw errors.internal(`failed to allocate requested HealthCheck NodePort ${spec.healthCheckNodePort}: ${problem}`)
}

const givesNodePorts = (spec: Spec | undefined): boolean =>
  spec?.type === 'NodePort' || (spec?.type === 'LoadBalancer' && (spec.allocateLoadBalancerNodePorts ?? true))

const taken = (service: Service, index: number, port: number, operation: PortOperation): number => {
  const problem = operation.take(port)
  if (problem) throw refused(service, index, port, problem)
  return port
}

const refused = (service: Service, index: number, port: number, problem: string): StatusError =>
  errors.invalid({ group: '', kind: 'Service' }, service.metadata.name ?? '', [
    fieldErrors.invalid(FieldPath.root('spec').child('ports').index(index).child('nodePort'), port, problem),
  ])
