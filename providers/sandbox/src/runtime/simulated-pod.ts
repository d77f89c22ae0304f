import type { ContainerConfig, ContainerState, PodSandboxConfig, PodSandboxMetadata, PodSandboxState } from '@treeline/cri'
import type { Behaviour } from './behaviour.js'
import type { ContainerInput } from './execution/container-input.js'
import type { SimulatedImage } from './images/image-store.js'
import type { ContainerLog } from './logs/container-log.js'
import type { PortListener } from './network/port-listener.js'
import type { ContainerProcess } from './programs/process.js'

/** A pod sandbox of a node. Times are nanoseconds since the epoch. */
export interface SimulatedSandbox {
  readonly id: string
  readonly metadata: PodSandboxMetadata
  readonly config: PodSandboxConfig
  readonly runtimeHandler: string
  readonly createdAt: bigint
  /** Shares the node's address instead of having its own. */
  readonly hostNetwork: boolean
  /** Empty for pods on the host's network, and after the sandbox stopped. */
  address: string
  state: PodSandboxState
}

/** A container of a sandbox. */
export interface SimulatedContainer {
  readonly id: string
  readonly sandbox: SimulatedSandbox
  readonly config: ContainerConfig
  readonly image: SimulatedImage
  readonly behaviour: Behaviour
  readonly log: ContainerLog
  /** Absent when the pod keeps the standard input closed. */
  readonly input: ContainerInput | undefined
  readonly createdAt: bigint
  readonly listeners: PortListener[]
  process: ContainerProcess | undefined
  state: ContainerState
  startedAt: bigint
  finishedAt: bigint
  exitCode: number
  reason: string
  message: string
}

/** Now, in nanoseconds since the epoch. */
export function nanoseconds(): bigint {
  return BigInt(Date.now()) * 1_000_000n
}
