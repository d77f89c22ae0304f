import type { Runtime } from '@treeline/cri'
import { isNotFound } from '@treeline/cri'
import { podUidLabel } from './identity.js'
import {
  newestFirst,
  nothingRuns,
  type PodRuntime,
  type RuntimeContainer,
  type RuntimeSandbox,
  runtimeContainer,
  runtimeSandbox,
} from './pod-runtime.js'
import { terminationMessage } from './termination-message.js'

/** Ids and states of what the runtime has of a pod, from the cheap list calls. */
interface Outline {
  readonly sandboxes: Map<string, number>
  readonly containers: Map<string, number>
}

/**
 * What the runtime has, pod by pod. Lists say that something changed; only a read of that pod says what. After an own
 * action the caller reads again before it decides again.
 */
export class RuntimeCache {
  readonly #pods = new Map<string, PodRuntime>()
  #outline = new Map<string, Outline>()

  constructor(private readonly runtime: Runtime) {}

  /** What was read last. */
  get(uid: string): PodRuntime {
    return this.#pods.get(uid) ?? nothingRuns
  }

  /** Uids of all pods of which the runtime has something. */
  known(): IterableIterator<string> {
    return this.#outline.keys()
  }

  /** Notes a sandbox that the caller just made, so that the next read finds it without a list. */
  made(uid: string, sandboxId: string): void {
    this.#outlineOf(this.#outline, uid).sandboxes.set(sandboxId, 0)
  }

  /** Reads one pod anew. */
  async read(uid: string, signal: AbortSignal): Promise<PodRuntime> {
    const outline = this.#outline.get(uid)
    const sandboxes: RuntimeSandbox[] = []
    const containers: RuntimeContainer[] = []
    let listed = false
    for (const sandboxId of outline?.sandboxes.keys() ?? []) {
      const answer = await this.#orGone(this.runtime.podSandboxStatus({ podSandboxId: sandboxId }, { signal }))
      if (answer?.status === undefined) {
        outline?.sandboxes.delete(sandboxId)
        continue
      }
      sandboxes.push(runtimeSandbox(answer.status))
      if (answer.timestamp > 0n) containers.push(...answer.containersStatuses.map((status) => runtimeContainer(status, sandboxId)))
      else listed = true
    }
    if (listed) containers.push(...(await this.#readContainers(uid, signal)))
    const told = await Promise.all(containers.map((container) => this.#withLastWords(uid, container)))
    const pod: PodRuntime = { sandboxes: sandboxes.sort(newestFirst), containers: told.sort(newestFirst) }
    if (sandboxes.length === 0 && containers.length === 0) {
      this.#pods.delete(uid)
      this.#outline.delete(uid)
    } else this.#pods.set(uid, pod)
    return pod
  }

  /** Lists everything and returns the uids of pods whose outline is not what it was. */
  async list(signal: AbortSignal): Promise<Set<string>> {
    const [sandboxes, containers] = await Promise.all([
      this.runtime.listPodSandbox({}, { signal }),
      this.runtime.listContainers({}, { signal }),
    ])
    const seen = new Map<string, Outline>()
    for (const { id, state, labels } of sandboxes.items) this.#outlineOf(seen, labels[podUidLabel]).sandboxes.set(id, state)
    for (const { id, state, labels } of containers.containers) this.#outlineOf(seen, labels[podUidLabel]).containers.set(id, state)
    seen.delete('')
    const changed = new Set<string>()
    for (const uid of new Set([...seen.keys(), ...this.#outline.keys()])) {
      const [before, now] = [this.#outline.get(uid), seen.get(uid)]
      if (before === undefined || now === undefined || !sameOutline(before, now)) changed.add(uid)
    }
    this.#outline = seen
    return changed
  }

  /** Drops what is cached of a pod that is gone. */
  forget(uid: string): void {
    this.#pods.delete(uid)
    this.#outline.delete(uid)
  }

  /** Containers that ended say their last words once; what was read is kept. */
  async #withLastWords(uid: string, container: RuntimeContainer): Promise<RuntimeContainer> {
    if (container.state !== 'exited') return container
    const known = this.#pods.get(uid)?.containers.find(({ id, state }) => id === container.id && state === 'exited')
    const message = known?.message ?? ((await terminationMessage(container)) || container.message)
    return message === container.message ? container : { ...container, message }
  }

  /** For runtimes whose sandbox status does not carry the containers. */
  async #readContainers(uid: string, signal: AbortSignal): Promise<RuntimeContainer[]> {
    const { containers } = await this.runtime.listContainers({ filter: { labelSelector: { [podUidLabel]: uid } } }, { signal })
    const read = containers.map(async ({ id, podSandboxId }) => {
      const answer = await this.#orGone(this.runtime.containerStatus({ containerId: id }, { signal }))
      return answer?.status === undefined ? [] : [runtimeContainer(answer.status, podSandboxId)]
    })
    return (await Promise.all(read)).flat()
  }

  async #orGone<T>(call: Promise<T>): Promise<T | undefined> {
    try {
      return await call
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  #outlineOf(all: Map<string, Outline>, uid = ''): Outline {
    const known = all.get(uid)
    if (known !== undefined) return known
    const fresh: Outline = { sandboxes: new Map(), containers: new Map() }
    all.set(uid, fresh)
    return fresh
  }
}

function sameOutline(a: Outline, b: Outline): boolean {
  return sameMap(a.sandboxes, b.sandboxes) && sameMap(a.containers, b.containers)
}

function sameMap(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  if (a.size !== b.size) return false
  for (const [key, value] of a) if (b.get(key) !== value) return false
  return true
}
