import {
  type ContainerStatus,
  ContainerState as CriContainerState,
  NamespaceMode,
  PodSandboxState,
  type PodSandboxStatus,
} from '@treeline/cri'
import { containerNameLabel, type RememberedContainer, remembered } from './identity.js'

export type ContainerState = 'created' | 'running' | 'exited' | 'unknown'

/** A container as the runtime has it. Times are nanoseconds since the epoch, 0n where they have not come. */
export interface RuntimeContainer extends RememberedContainer {
  readonly id: string
  readonly sandboxId: string
  readonly name: string
  readonly state: ContainerState
  readonly createdAt: bigint
  readonly startedAt: bigint
  readonly finishedAt: bigint
  readonly exitCode: number
  readonly reason: string
  readonly message: string
  readonly image: string
  readonly imageRef: string
  readonly logPath: string
  /** On the node; empty when the container has none. */
  readonly terminationMessageFile: string
  readonly user: { readonly uid: number; readonly gid: number; readonly supplementalGroups: readonly number[] } | undefined
}

export interface RuntimeSandbox {
  readonly id: string
  readonly ready: boolean
  readonly attempt: number
  readonly createdAt: bigint
  readonly hostNetwork: boolean
  readonly ips: readonly string[]
}

/** What the runtime has of one pod. Both lists are newest first. */
export interface PodRuntime {
  readonly sandboxes: readonly RuntimeSandbox[]
  readonly containers: readonly RuntimeContainer[]
}

export const nothingRuns: PodRuntime = { sandboxes: [], containers: [] }

/** The newest container of that name. */
export function newest(runtime: PodRuntime, name: string): RuntimeContainer | undefined {
  return runtime.containers.find((container) => container.name === name)
}

/** Addresses of the newest ready sandbox. */
export function podAddresses(runtime: PodRuntime): readonly string[] {
  return runtime.sandboxes.find(({ ready }) => ready)?.ips ?? []
}

export function hasRunning(runtime: PodRuntime): boolean {
  return runtime.containers.some(({ state }) => state === 'running')
}

const states: Readonly<Record<CriContainerState, ContainerState>> = {
  [CriContainerState.CONTAINER_CREATED]: 'created',
  [CriContainerState.CONTAINER_RUNNING]: 'running',
  [CriContainerState.CONTAINER_EXITED]: 'exited',
  [CriContainerState.CONTAINER_UNKNOWN]: 'unknown',
}

export function runtimeContainer(status: ContainerStatus, sandboxId: string): RuntimeContainer {
  const { id, labels, annotations, createdAt, startedAt, finishedAt, exitCode, reason, message, imageRef, imageId, logPath } = status
  const user = status.user?.linux
  const known = remembered(annotations)
  const messageMount = status.mounts.find(({ containerPath }) => containerPath === known.terminationMessagePath)
  return {
    ...known,
    id,
    sandboxId,
    name: labels[containerNameLabel] ?? status.metadata?.name ?? '',
    state: states[status.state] ?? 'unknown',
    createdAt,
    startedAt,
    finishedAt,
    exitCode,
    reason,
    message,
    image: status.image?.image ?? '',
    imageRef: imageRef || imageId,
    logPath,
    terminationMessageFile: messageMount?.hostPath ?? '',
    user: user && { uid: Number(user.uid), gid: Number(user.gid), supplementalGroups: user.supplementalGroups.map(Number) },
  }
}

export function runtimeSandbox(status: PodSandboxStatus): RuntimeSandbox {
  const first = status.network?.ip
  return {
    id: status.id,
    ready: status.state === PodSandboxState.SANDBOX_READY,
    attempt: status.metadata?.attempt ?? 0,
    createdAt: status.createdAt,
    hostNetwork: status.linux?.namespaces?.options?.network === NamespaceMode.NODE,
    ips: first ? [first, ...(status.network?.additionalIps ?? []).map(({ ip }) => ip)] : [],
  }
}

export function newestFirst(a: { createdAt: bigint }, b: { createdAt: bigint }): number {
  return a.createdAt > b.createdAt ? -1 : a.createdAt < b.createdAt ? 1 : 0
}
