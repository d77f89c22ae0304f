import type { AssignedPod } from '../assigned-pod.js'
import type { AdmissionContext, Refusal } from './admission.js'

interface HostPort {
  readonly ip: string
  readonly protocol: string
  readonly port: number
}

const anyAddress = '0.0.0.0'

/** Whether the host ports that a pod wants are free. */
export function portRefusal(pod: AssignedPod, { others }: AdmissionContext): Refusal | undefined {
  const wanted = hostPorts(pod)
  if (wanted.length === 0) return undefined
  const taken = others.flatMap(hostPorts)
  if (!wanted.some((port) => taken.some((other) => conflicts(port, other)))) return undefined
  return { reason: 'NodePorts', message: "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports" }
}

function hostPorts({ spec }: AssignedPod): HostPort[] {
  return spec.containers.flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort = 0, hostIP, protocol = 'TCP' }) =>
      hostPort > 0 ? [{ ip: hostIP || anyAddress, protocol, port: hostPort }] : [],
    ),
  )
}

function conflicts(a: HostPort, b: HostPort): boolean {
  return a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === anyAddress || b.ip === anyAddress)
}
