import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import {
  ContainerEventType,
  type ContainerFilter,
  ContainerState,
  CriError,
  criCodes,
  PodSandboxState,
  type RuntimeImplementation,
} from '@treeline/cri'
import { behaviourOf } from '../behaviour.js'
import { ContainerInput } from '../execution/container-input.js'
import { ContainerLog } from '../logs/container-log.js'
import { containerOf, containersIn, type NodeState, sandboxOf } from '../node-state.js'
import { nanoseconds, type SimulatedContainer, type SimulatedSandbox } from '../simulated-pod.js'
import { announce, containerStatus, listedContainer } from '../statuses.js'
import { removeContainer, startContainer, stopContainer } from './container-lifecycle.js'
import { selects } from './label-filter.js'

type ContainerCalls = Pick<
  RuntimeImplementation,
  | 'createContainer'
  | 'startContainer'
  | 'stopContainer'
  | 'removeContainer'
  | 'containerStatus'
  | 'listContainers'
  | 'updateContainerResources'
  | 'reopenContainerLog'
  | 'getContainerEvents'
>

export function containerCalls(state: NodeState): ContainerCalls {
  return {
    async createContainer({ podSandboxId, config }) {
      const sandbox = sandboxOf(state, podSandboxId)
      const metadata = config?.metadata
      if (config === undefined || metadata === undefined) throw new CriError(criCodes.INVALID_ARGUMENT, 'container config has no metadata')
      if (sandbox.state !== PodSandboxState.SANDBOX_READY)
        throw new CriError(criCodes.UNKNOWN, `sandbox container ${sandbox.id} is not running`)
      refuseTakenName(state, sandbox, metadata)
      const image = state.images.find(config.image?.image ?? '')
      if (image === undefined)
        throw new CriError(criCodes.NOT_FOUND, `failed to resolve image ${JSON.stringify(config.image?.image ?? '')}: not found`)
      const container: SimulatedContainer = {
        id: randomBytes(32).toString('hex'),
        sandbox,
        config,
        image,
        behaviour: behaviourOf(sandbox.config.annotations, metadata.name),
        input: config.stdin ? new ContainerInput(config.stdinOnce) : undefined,
        log: new ContainerLog(logFile(sandbox, config.logPath), state.report),
        createdAt: nanoseconds(),
        listeners: [],
        process: undefined,
        state: ContainerState.CONTAINER_CREATED,
        startedAt: 0n,
        finishedAt: 0n,
        exitCode: 0,
        reason: '',
        message: '',
      }
      state.containers.set(container.id, container)
      announce(state, ContainerEventType.CONTAINER_CREATED_EVENT, container.id, sandbox)
      return { containerId: container.id }
    },

    async startContainer({ containerId }) {
      await startContainer(state, containerOf(state, containerId))
      return {}
    },

    async stopContainer({ containerId, timeout }) {
      await stopContainer(containerOf(state, containerId), Number(timeout) * 1_000)
      return {}
    },

    async removeContainer({ containerId }) {
      const container = state.containers.get(containerId)
      if (container !== undefined) await removeContainer(state, container)
      return {}
    },

    async containerStatus({ containerId }) {
      return { status: containerStatus(containerOf(state, containerId)) }
    },

    async listContainers({ filter }) {
      return { containers: [...state.containers.values()].filter((container) => matches(container, filter)).map(listedContainer) }
    },

    async updateContainerResources({ containerId, linux }) {
      const { config } = containerOf(state, containerId)
      if (linux !== undefined && config.linux !== undefined) config.linux.resources = linux
      return {}
    },

    async reopenContainerLog({ containerId }) {
      await containerOf(state, containerId).log.reopen()
      return {}
    },

    getContainerEvents(_request, { signal }) {
      return state.events.read(signal)
    },
  }
}

function logFile(sandbox: SimulatedSandbox, path: string): string | undefined {
  const folder = sandbox.config.logDirectory
  return folder === '' || path === '' ? undefined : join(folder, path)
}

function refuseTakenName(state: NodeState, sandbox: SimulatedSandbox, wanted: { name: string; attempt: number }): void {
  for (const { id, config } of containersIn(state, sandbox)) {
    if (config.metadata?.name !== wanted.name || config.metadata.attempt !== wanted.attempt) continue
    const { name, namespace, uid } = sandbox.metadata
    const taken = `${wanted.name}_${name}_${namespace}_${uid}_${wanted.attempt}`
    throw new CriError(criCodes.UNKNOWN, `failed to reserve container name "${taken}": name "${taken}" is reserved for "${id}"`)
  }
}

function matches(container: SimulatedContainer, filter: ContainerFilter | undefined): boolean {
  if (filter === undefined) return true
  if (filter.id !== '' && !container.id.startsWith(filter.id)) return false
  if (filter.podSandboxId !== '' && !container.sandbox.id.startsWith(filter.podSandboxId)) return false
  if (filter.state !== undefined && filter.state.state !== container.state) return false
  return selects(filter.labelSelector, container.config.labels)
}
