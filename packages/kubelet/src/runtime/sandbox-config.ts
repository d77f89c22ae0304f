import type { MessageInitShape } from '@bufbuild/protobuf'
import { type DNSConfigSchema, type PodSandboxConfigSchema, type PortMappingSchema, Protocol } from '@treeline/cri'
import { type AssignedPod, isHostNetwork } from '../assigned-pod.js'
import { type CgroupDriver, cgroupParent } from '../resources/cgroup-parent.js'
import { sandboxResources } from '../resources/linux-resources.js'
import { sandboxLabels } from './identity.js'
import { type SecurityDefaults, sandboxSecurityContext } from './security-context.js'

export type SandboxConfig = MessageInitShape<typeof PodSandboxConfigSchema>

export interface SandboxSurroundings {
  readonly attempt: number
  readonly hostname: string
  readonly dns: MessageInitShape<typeof DNSConfigSchema>
  readonly logDirectory: string
  readonly cgroupDriver: CgroupDriver
  readonly security: SecurityDefaults
  readonly seenAt: string
}

export function sandboxConfig(pod: AssignedPod, surroundings: SandboxSurroundings): SandboxConfig {
  const { name, namespace, uid, annotations } = pod.metadata
  const { attempt, dns, logDirectory, hostname, cgroupDriver, security, seenAt } = surroundings
  return {
    metadata: { name, namespace, uid, attempt },
    labels: sandboxLabels(pod),
    annotations: { ...annotations, 'kubernetes.io/config.source': 'api', 'kubernetes.io/config.seen': seenAt },
    hostname: isHostNetwork(pod) ? '' : hostname,
    dnsConfig: dns,
    logDirectory,
    portMappings: portMappings(pod),
    linux: {
      cgroupParent: cgroupParent(pod, cgroupDriver),
      securityContext: sandboxSecurityContext(pod, security),
      sysctls: Object.fromEntries((pod.spec.securityContext?.sysctls ?? []).map(({ name, value }) => [name.replaceAll('/', '.'), value])),
      resources: sandboxResources(pod),
    },
  }
}

const protocols: Readonly<Record<string, Protocol>> = { TCP: Protocol.TCP, UDP: Protocol.UDP, SCTP: Protocol.SCTP }

function portMappings(pod: AssignedPod): MessageInitShape<typeof PortMappingSchema>[] {
  return pod.spec.containers.flatMap(({ ports = [] }) =>
    ports.map(({ containerPort, hostPort = 0, hostIP = '', protocol = 'TCP' }) => ({
      containerPort,
      hostPort,
      hostIp: hostIP,
      protocol: protocols[protocol] ?? Protocol.TCP,
    })),
  )
}
