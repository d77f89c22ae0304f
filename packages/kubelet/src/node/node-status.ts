import type { Node, NodeStatus } from '@treeline/api'
import { deepEqual } from '@treeline/machinery'
import type { Machine } from './machine.js'

export const kubeletVersion = 'v1.35.4'

export interface NodeStatusSources {
  readonly machine: Machine
  readonly capacity: Readonly<Record<string, string>>
  readonly allocatable: Readonly<Record<string, string>>
  readonly nodeIP: string
  readonly nodeName: string
  /** Set by a cloud controller, not here, under an external cloud provider. */
  readonly externalCloud: boolean
  readonly port: number | undefined
  /** Such as `containerd://1.7.2`. */
  readonly runtimeVersion: string
  readonly images: NonNullable<NodeStatus['images']>
  readonly conditions: NonNullable<NodeStatus['conditions']>
}

/** The agent's part of a node's status. */
export function nodeStatus(sources: NodeStatusSources): NodeStatus {
  const { machine, capacity, allocatable, port, runtimeVersion, images, conditions, externalCloud, nodeIP, nodeName } = sources
  return {
    capacity: { ...capacity },
    allocatable: { ...allocatable },
    conditions,
    ...(externalCloud
      ? {}
      : {
          addresses: [
            { type: 'InternalIP', address: nodeIP },
            { type: 'Hostname', address: nodeName },
          ],
        }),
    ...(port === undefined ? {} : { daemonEndpoints: { kubeletEndpoint: { Port: port } } }),
    nodeInfo: {
      machineID: machine.machineID,
      systemUUID: machine.systemUUID,
      bootID: machine.bootID,
      kernelVersion: machine.kernelVersion,
      osImage: machine.osImage,
      containerRuntimeVersion: runtimeVersion,
      kubeletVersion,
      kubeProxyVersion: '',
      operatingSystem: machine.operatingSystem,
      architecture: machine.architecture,
    },
    images,
  }
}

/** What changed between two statuses, for a strategic merge patch; undefined when nothing but heartbeats did. */
export function nodeStatusChange(before: NodeStatus, after: NodeStatus): object | undefined {
  const change: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(after)) {
    const old = before[field as keyof NodeStatus]
    if (field === 'conditions') {
      const moved = (after.conditions ?? []).filter((condition) => {
        const known = before.conditions?.find(({ type }) => type === condition.type)
        return known?.status !== condition.status || known.reason !== condition.reason || known.message !== condition.message
      })
      if (moved.length > 0) change['conditions'] = after.conditions
    } else if (!deepEqual(old, value)) change[field] = value
  }
  return Object.keys(change).length === 0 ? undefined : change
}

/** Labels by which schedulers know a node. */
export function nodeLabels(nodeName: string, machine: Machine, own: Readonly<Record<string, string>>): Record<string, string> {
  return {
    'beta.kubernetes.io/arch': machine.architecture,
    'beta.kubernetes.io/os': machine.operatingSystem,
    'kubernetes.io/arch': machine.architecture,
    'kubernetes.io/hostname': nodeName,
    'kubernetes.io/os': machine.operatingSystem,
    ...own,
  }
}

/** Annotations of a node that an attach controller and a cloud controller look for. */
export function nodeAnnotations(node: Node | undefined, nodeIP: string, externalCloud: boolean): Record<string, string> {
  return {
    ...node?.metadata.annotations,
    'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
    ...(externalCloud ? { 'alpha.kubernetes.io/provided-node-ip': nodeIP } : {}),
  }
}
