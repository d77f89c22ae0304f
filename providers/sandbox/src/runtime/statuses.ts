import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  type ContainerEventResponseSchema,
  type ContainerEventType,
  type ContainerSchema,
  type ContainerStatusSchema,
  NamespaceMode,
  type PodSandboxSchema,
  type PodSandboxStatusSchema,
} from '@treeline/cri'
import { containersIn, type NodeState } from './node-state.js'
import { nanoseconds, type SimulatedContainer, type SimulatedSandbox } from './simulated-pod.js'

export function sandboxStatus(sandbox: SimulatedSandbox): MessageInitShape<typeof PodSandboxStatusSchema> {
  const { id, metadata, state, createdAt, config, runtimeHandler, address, hostNetwork } = sandbox
  return {
    id,
    metadata,
    state,
    createdAt,
    network: { ip: address },
    linux: { namespaces: { options: { network: hostNetwork ? NamespaceMode.NODE : NamespaceMode.POD } } },
    labels: config.labels,
    annotations: config.annotations,
    runtimeHandler,
  }
}

export function listedSandbox(sandbox: SimulatedSandbox): MessageInitShape<typeof PodSandboxSchema> {
  const { id, metadata, state, createdAt, config, runtimeHandler } = sandbox
  return { id, metadata, state, createdAt, labels: config.labels, annotations: config.annotations, runtimeHandler }
}

export function containerStatus(container: SimulatedContainer): MessageInitShape<typeof ContainerStatusSchema> {
  const { id, config, image, state, createdAt, startedAt, finishedAt, exitCode, reason, message, sandbox } = container
  const linux = config.linux?.resources
  return {
    id,
    metadata: config.metadata,
    state,
    createdAt,
    startedAt,
    finishedAt,
    exitCode,
    image: { image: config.image?.userSpecifiedImage || image.repoTags[0] || image.id },
    imageRef: image.repoDigests[0] ?? image.id,
    imageId: image.id,
    reason,
    message,
    labels: config.labels,
    annotations: config.annotations,
    mounts: config.mounts,
    logPath: sandbox.config.logDirectory === '' ? '' : `${sandbox.config.logDirectory}/${config.logPath}`,
    ...(linux === undefined ? {} : { resources: { linux } }),
  }
}

export function listedContainer(container: SimulatedContainer): MessageInitShape<typeof ContainerSchema> {
  const { id, sandbox, config, image, state, createdAt } = container
  return {
    id,
    podSandboxId: sandbox.id,
    metadata: config.metadata,
    image: config.image,
    imageRef: image.repoDigests[0] ?? image.id,
    imageId: image.id,
    state,
    createdAt,
    labels: config.labels,
    annotations: config.annotations,
  }
}

/** Tells whoever reads the node's events. `id` is the container's or the sandbox's own. */
export function announce(state: NodeState, type: ContainerEventType, id: string, sandbox: SimulatedSandbox): void {
  state.events.emit(
    (): MessageInitShape<typeof ContainerEventResponseSchema> => ({
      containerId: id,
      containerEventType: type,
      createdAt: nanoseconds(),
      podSandboxStatus: sandboxStatus(sandbox),
      containersStatuses: containersIn(state, sandbox).map(containerStatus),
    }),
  )
}
