import {
  type ContainerConfig,
  ContainerEventType,
  ContainerState,
  CriError,
  criCodes,
  type LinuxContainerResources,
  NamespaceMode,
  type PodSandboxConfig,
  PodSandboxState,
  type RuntimeImplementation,
} from '@treeline/cri'

export interface TestContainer {
  readonly id: string
  readonly sandboxId: string
  readonly config: ContainerConfig
  state: ContainerState
  startedAt: bigint
  finishedAt: bigint
  exitCode: number
  resources: LinuxContainerResources | undefined
}

interface TestSandbox {
  readonly id: string
  readonly config: PodSandboxConfig
  ready: boolean
  ip: string
}

/** A container runtime for tests of the agent: does what it is told at once, and lets the test say what containers do. */
export class TestRuntime {
  readonly sandboxes = new Map<string, TestSandbox>()
  readonly containers: TestContainer[] = []
  readonly images = new Set<string>()
  readonly calls: string[] = []
  /** Pulls of these fail with the text. */
  readonly brokenImages = new Map<string, string>()
  /** Answers exec in a container; exit code 0 and no output by default. */
  exec: (container: string, command: readonly string[]) => Promise<{ exitCode: number; stdout?: Buffer }> = async () => ({ exitCode: 0 })
  /** Runs when a container is told to stop; ends it with 0 by default. */
  stopping: (container: TestContainer, graceSeconds: number) => Promise<void> = async (container) => this.end(container, 0)
  networkReady = true
  events = true
  readonly #readers = new Set<() => void>()
  #counter = 0
  #changed: string[] = []

  /** The newest container of that name. */
  container(name: string): TestContainer {
    const found = this.containers.findLast(({ config }) => config.metadata?.name === name)
    if (found === undefined) throw new Error(`no container ${name}`)
    return found
  }

  /** Ends a container's main process. */
  end(container: TestContainer, exitCode: number): void {
    if (container.state !== ContainerState.CONTAINER_RUNNING) return
    container.state = ContainerState.CONTAINER_EXITED
    container.finishedAt = now()
    container.exitCode = exitCode
    this.#announce(container.sandboxId)
  }

  /** Forgets everything, as a runtime does that is gone with its machine. */
  lose(): void {
    this.sandboxes.clear()
    this.containers.length = 0
  }

  readonly implementation: RuntimeImplementation = {
    version: async () => ({ runtimeName: 'test', runtimeVersion: '1', runtimeApiVersion: 'v1' }),
    status: async () => ({
      status: {
        conditions: [
          { type: 'RuntimeReady', status: true },
          { type: 'NetworkReady', status: this.networkReady, reason: 'Pending', message: 'not yet' },
        ],
      },
    }),
    updateRuntimeConfig: async () => ({}),
    runPodSandbox: async ({ config }) => {
      if (config === undefined) throw new CriError(criCodes.INVALID_ARGUMENT, 'no config')
      const id = `sandbox${++this.#counter}`
      this.calls.push(`run ${config.metadata?.name}`)
      const hostNetwork = config.linux?.securityContext?.namespaceOptions?.network === NamespaceMode.NODE
      this.sandboxes.set(id, { id, config, ready: true, ip: hostNetwork ? '' : `127.88.0.${this.#counter}` })
      this.#announce(id)
      return { podSandboxId: id }
    },
    stopPodSandbox: async ({ podSandboxId }) => {
      const sandbox = this.#sandbox(podSandboxId)
      this.calls.push(`stop-sandbox ${sandbox.config.metadata?.name}`)
      for (const container of this.containers) if (container.sandboxId === podSandboxId) this.end(container, 137)
      sandbox.ready = false
      sandbox.ip = ''
      return {}
    },
    removePodSandbox: async ({ podSandboxId }) => {
      this.sandboxes.delete(podSandboxId)
      for (let index = this.containers.length - 1; index >= 0; index--) {
        if (this.containers[index]?.sandboxId === podSandboxId) this.containers.splice(index, 1)
      }
      return {}
    },
    podSandboxStatus: async ({ podSandboxId }) => {
      const sandbox = this.#sandbox(podSandboxId)
      const own = this.containers.filter(({ sandboxId }) => sandboxId === podSandboxId)
      return {
        status: this.#sandboxStatus(sandbox),
        containersStatuses: this.events ? own.map(containerStatus) : [],
        timestamp: this.events ? now() : 0n,
      }
    },
    listPodSandbox: async () => ({ items: [...this.sandboxes.values()].map((sandbox) => this.#sandboxStatus(sandbox)) }),
    createContainer: async ({ podSandboxId, config }) => {
      if (config === undefined) throw new CriError(criCodes.INVALID_ARGUMENT, 'no config')
      const id = `container${++this.#counter}`
      this.calls.push(`create ${config.metadata?.name}`)
      this.containers.push({
        id,
        sandboxId: podSandboxId,
        config,
        state: 0,
        startedAt: 0n,
        finishedAt: 0n,
        exitCode: 0,
        resources: config.linux?.resources,
      })
      return { containerId: id }
    },
    startContainer: async ({ containerId }) => {
      const container = this.#container(containerId)
      this.calls.push(`start ${container.config.metadata?.name}`)
      container.state = ContainerState.CONTAINER_RUNNING
      container.startedAt = now()
      this.#announce(container.sandboxId)
      return {}
    },
    stopContainer: async ({ containerId, timeout }) => {
      const container = this.#container(containerId)
      this.calls.push(`stop ${container.config.metadata?.name} ${timeout}`)
      if (container.state === ContainerState.CONTAINER_RUNNING) await this.stopping(container, Number(timeout))
      return {}
    },
    removeContainer: async ({ containerId }) => {
      const index = this.containers.findIndex(({ id }) => id === containerId)
      if (index >= 0) this.containers.splice(index, 1)
      return {}
    },
    listContainers: async ({ filter }) => ({
      containers: this.containers
        .filter(({ config }) => Object.entries(filter?.labelSelector ?? {}).every(([key, value]) => config.labels[key] === value))
        .map((container) => ({ ...containerStatus(container), podSandboxId: container.sandboxId })),
    }),
    containerStatus: async ({ containerId }) => ({ status: containerStatus(this.#container(containerId)) }),
    execSync: async ({ containerId, cmd }) => this.exec(this.#container(containerId).config.metadata?.name ?? '', cmd),
    imageStatus: async ({ image }) => (this.images.has(image?.image ?? '') ? { image: { id: `sha256:${image?.image}`, size: 5n } } : {}),
    listImages: async () => ({ images: [...this.images].map((name) => ({ id: name, repoTags: [name], size: 5n })) }),
    pullImage: async ({ image }) => {
      const name = image?.image ?? ''
      this.calls.push(`pull ${name}`)
      const failure = this.brokenImages.get(name)
      if (failure !== undefined) throw new CriError(criCodes.NOT_FOUND, failure)
      this.images.add(name)
      return { imageRef: name }
    },
    getContainerEvents: (_request, { signal }) => this.#read(signal),
  }

  async *#read(signal: AbortSignal) {
    if (!this.events) throw new CriError(criCodes.UNIMPLEMENTED, 'unknown method')
    let seen = this.#changed.length
    let wake: () => void = () => undefined
    const reader = () => wake()
    this.#readers.add(reader)
    signal.addEventListener('abort', reader)
    try {
      while (!signal.aborted) {
        const id = this.#changed[seen]
        if (id === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
          continue
        }
        seen++
        const sandbox = this.sandboxes.get(id)
        if (sandbox !== undefined) {
          yield {
            containerId: id,
            containerEventType: ContainerEventType.CONTAINER_STARTED_EVENT,
            podSandboxStatus: this.#sandboxStatus(sandbox),
          }
        }
      }
    } finally {
      this.#readers.delete(reader)
    }
  }

  #announce(sandboxId: string): void {
    this.#changed.push(sandboxId)
    for (const wake of this.#readers) wake()
  }

  #sandboxStatus({ id, config, ready, ip }: TestSandbox) {
    return {
      id,
      metadata: config.metadata,
      state: ready ? PodSandboxState.SANDBOX_READY : PodSandboxState.SANDBOX_NOTREADY,
      createdAt: BigInt(id.replace('sandbox', '')),
      labels: config.labels,
      network: { ip },
      linux: { namespaces: { options: { network: config.linux?.securityContext?.namespaceOptions?.network ?? 0 } } },
    }
  }

  #sandbox(id: string): TestSandbox {
    const sandbox = this.sandboxes.get(id)
    if (sandbox === undefined) throw new CriError(criCodes.NOT_FOUND, `no sandbox ${id}`)
    return sandbox
  }

  #container(id: string): TestContainer {
    const container = this.containers.find((other) => other.id === id)
    if (container === undefined) throw new CriError(criCodes.NOT_FOUND, `no container ${id}`)
    return container
  }
}

function containerStatus({ id, config, state, startedAt, finishedAt, exitCode, resources }: TestContainer) {
  const exited = state === ContainerState.CONTAINER_EXITED
  return {
    id,
    metadata: config.metadata,
    state,
    createdAt: BigInt(id.replace('container', '')),
    startedAt,
    finishedAt,
    exitCode,
    image: { image: config.image?.userSpecifiedImage ?? '' },
    imageRef: config.image?.image ?? '',
    reason: exited ? (exitCode === 0 ? 'Completed' : 'Error') : '',
    labels: config.labels,
    annotations: config.annotations,
    mounts: config.mounts,
    resources: { linux: resources },
  }
}

function now(): bigint {
  return BigInt(Date.now()) * 1_000_000n
}
