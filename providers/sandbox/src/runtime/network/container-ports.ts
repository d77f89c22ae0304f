import { type ContainerConfig, ContainerState, Protocol } from '@treeline/cri'
import type { NodeState } from '../node-state.js'
import type { SimulatedContainer } from '../simulated-pod.js'
import { listenOnPodPort, type PortListener } from './port-listener.js'

/** Written by node agents on every container: its ports as in the pod's spec, in JSON. */
const portsAnnotation = 'io.kubernetes.container.ports'

/** The TCP ports that the pod declares for this container. */
export function declaredPorts(config: ContainerConfig): number[] {
  const text = config.annotations[portsAnnotation]
  if (text === undefined) return []
  try {
    const declared: unknown = JSON.parse(text)
    if (!Array.isArray(declared)) return []
    return declared.flatMap((port: { containerPort?: unknown; protocol?: unknown } | null) =>
      typeof port?.containerPort === 'number' && (port.protocol ?? 'TCP') === 'TCP' ? [port.containerPort] : [],
    )
  } catch {
    return []
  }
}

/**
 * Opens the ports of a container that just started: on the pod's address (the node's, for pods on its network) and, for
 * each host port mapped to one of them, on the node's. A port that another container of the pod holds is only logged,
 * as a program would that goes on without it.
 */
export async function openPorts(state: NodeState, container: SimulatedContainer, ports: readonly number[]): Promise<void> {
  const { sandbox } = container
  const address = sandbox.hostNetwork ? state.nodeAddress : sandbox.address
  const open = async (host: string, port: number, containerPort: number) => {
    const echo = container.behaviour.echoPorts.has(containerPort)
    try {
      const listener = await listenOnPodPort(state.addressBook, host, port, (socket) => {
        if (echo) socket.pipe(socket)
        else state.pages.serve(socket, pageOwner(state, container))
      })
      keep(container, listener)
    } catch (error) {
      container.log.write('stderr', `cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : error}\n`)
    }
  }
  for (const port of ports) await open(address, port, port)
  if (sandbox.hostNetwork) return
  for (const mapping of sandbox.config.portMappings) {
    if (mapping.hostPort === 0 || mapping.protocol !== Protocol.TCP || !ports.includes(mapping.containerPort)) continue
    await open(mapping.hostIp || state.nodeAddress, mapping.hostPort, mapping.containerPort)
  }
}

function keep(container: SimulatedContainer, listener: PortListener): void {
  if (container.state === ContainerState.CONTAINER_RUNNING) container.listeners.push(listener)
  else listener.close()
}

function pageOwner(state: NodeState, container: SimulatedContainer) {
  const { sandbox, config, behaviour, log } = container
  return {
    identity: {
      pod: sandbox.metadata.name,
      namespace: sandbox.metadata.namespace,
      node: state.nodeName,
      container: config.metadata?.name ?? '',
      image: config.image?.userSpecifiedImage || config.image?.image || '',
      address: sandbox.address || state.nodeAddress,
    },
    httpStatus: behaviour.httpStatus,
    requested: (line: string) => log.write('stdout', `${line}\n`),
  }
}
