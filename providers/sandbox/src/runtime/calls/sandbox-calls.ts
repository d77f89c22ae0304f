import { randomBytes } from 'node:crypto'
import {
  ContainerEventType,
  CriError,
  criCodes,
  NamespaceMode,
  type PodSandboxFilter,
  PodSandboxState,
  type RuntimeImplementation,
} from '@treeline/cri'
import { containersIn, type NodeState, sandboxOf } from '../node-state.js'
import { nanoseconds, type SimulatedSandbox } from '../simulated-pod.js'
import { announce, containerStatus, listedSandbox, sandboxStatus } from '../statuses.js'
import { removeContainer, stopContainer } from './container-lifecycle.js'
import { selects } from './label-filter.js'

type SandboxCalls = Pick<
  RuntimeImplementation,
  'runPodSandbox' | 'stopPodSandbox' | 'removePodSandbox' | 'podSandboxStatus' | 'listPodSandbox'
>

export function sandboxCalls(state: NodeState): SandboxCalls {
  return {
    async runPodSandbox({ config, runtimeHandler }) {
      const metadata = config?.metadata
      if (config === undefined || metadata === undefined) throw new CriError(criCodes.INVALID_ARGUMENT, 'sandbox config has no metadata')
      refuseTakenName(state, metadata)
      const hostNetwork = config.linux?.securityContext?.namespaceOptions?.network === NamespaceMode.NODE
      if (!hostNetwork && state.addresses === undefined) {
        throw new CriError(criCodes.UNKNOWN, 'failed to setup network for sandbox: the node has no pod CIDR')
      }
      const sandbox: SimulatedSandbox = {
        id: randomBytes(32).toString('hex'),
        metadata,
        config,
        runtimeHandler,
        createdAt: nanoseconds(),
        hostNetwork,
        address: hostNetwork ? '' : (state.addresses?.take() ?? ''),
        state: PodSandboxState.SANDBOX_READY,
      }
      state.sandboxes.set(sandbox.id, sandbox)
      announce(state, ContainerEventType.CONTAINER_STARTED_EVENT, sandbox.id, sandbox)
      return { podSandboxId: sandbox.id }
    },

    async stopPodSandbox({ podSandboxId }) {
      await stopSandbox(state, sandboxOf(state, podSandboxId))
      return {}
    },

    async removePodSandbox({ podSandboxId }) {
      const sandbox = state.sandboxes.get(podSandboxId)
      if (sandbox === undefined) return {}
      await stopSandbox(state, sandbox)
      for (const container of containersIn(state, sandbox)) await removeContainer(state, container)
      state.sandboxes.delete(sandbox.id)
      announce(state, ContainerEventType.CONTAINER_DELETED_EVENT, sandbox.id, sandbox)
      return {}
    },

    async podSandboxStatus({ podSandboxId }) {
      const sandbox = sandboxOf(state, podSandboxId)
      return {
        status: sandboxStatus(sandbox),
        containersStatuses: containersIn(state, sandbox).map(containerStatus),
        timestamp: nanoseconds(),
      }
    },

    async listPodSandbox({ filter }) {
      return { items: [...state.sandboxes.values()].filter((sandbox) => matches(sandbox, filter)).map(listedSandbox) }
    },
  }
}

async function stopSandbox(state: NodeState, sandbox: SimulatedSandbox): Promise<void> {
  await Promise.all(containersIn(state, sandbox).map((container) => stopContainer(container, 0)))
  if (sandbox.state === PodSandboxState.SANDBOX_NOTREADY) return
  sandbox.state = PodSandboxState.SANDBOX_NOTREADY
  if (sandbox.address !== '') state.addresses?.giveBack(sandbox.address)
  sandbox.address = ''
  announce(state, ContainerEventType.CONTAINER_STOPPED_EVENT, sandbox.id, sandbox)
}

function refuseTakenName(state: NodeState, wanted: SimulatedSandbox['metadata']): void {
  for (const { id, metadata } of state.sandboxes.values()) {
    if (metadata.uid !== wanted.uid || metadata.attempt !== wanted.attempt) continue
    const name = `${wanted.name}_${wanted.namespace}_${wanted.uid}_${wanted.attempt}`
    throw new CriError(criCodes.UNKNOWN, `failed to reserve sandbox name "${name}": name "${name}" is reserved for "${id}"`)
  }
}

function matches(sandbox: SimulatedSandbox, filter: PodSandboxFilter | undefined): boolean {
  if (filter === undefined) return true
  if (filter.id !== '' && !sandbox.id.startsWith(filter.id)) return false
  if (filter.state !== undefined && filter.state.state !== sandbox.state) return false
  return selects(filter.labelSelector, sandbox.config.labels)
}
