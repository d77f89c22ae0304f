import type { AssignedPod } from '../assigned-pod.js'
import { assignedPod, isTerminal } from '../assigned-pod.js'
import type { PodChange } from '../kubelet-host.js'
import type { NodeAgent } from '../node-agent.js'
import { removeOrphanFiles } from './orphan-files.js'
import { removeOrphan } from './orphans.js'
import { PodWorker } from './pod-worker.js'

/** The pods of a node: one worker each. A pod waits while another of the same name has not left. */
export class PodWorkers {
  readonly #workers = new Map<string, PodWorker>()
  /** By namespace and name: the uid that has the name, and who waits for it. */
  readonly #names = new Map<string, { uid: string; next: AssignedPod | undefined }>()
  readonly #orphans = new Map<string, Promise<void>>()

  constructor(private readonly agent: NodeAgent) {}

  /** Pods that count against the node, in the order they came. */
  active(): AssignedPod[] {
    return [...this.#workers.values()].filter(({ active }) => active).map(({ pod }) => pod)
  }

  all(): AssignedPod[] {
    return [...this.#workers.values()].map(({ pod }) => pod)
  }

  get(uid: string): AssignedPod | undefined {
    return this.#workers.get(uid)?.pod
  }

  named(namespace: string, name: string): AssignedPod | undefined {
    return this.get(this.#names.get(`${namespace}/${name}`)?.uid ?? '')
  }

  handle({ type, pod: object }: PodChange): void {
    const pod = assignedPod(object)
    if (pod === undefined) return
    const worker = this.#workers.get(pod.metadata.uid)
    if (type === 'deleted') {
      worker?.update(pod)
      worker?.remove()
      const name = this.#names.get(nameOf(pod))
      if (name?.next?.metadata.uid === pod.metadata.uid) name.next = undefined
    } else if (worker !== undefined) worker.update(pod)
    else this.#add(pod)
  }

  /** The runtime has news of this pod. */
  runtimeChanged(uid: string): void {
    const worker = this.#workers.get(uid)
    if (worker !== undefined) worker.wake(true)
    else this.#removeOrphan(uid)
  }

  /** A probe has a new verdict. */
  probed(uid: string): void {
    this.#workers.get(uid)?.wake()
  }

  /** Something that all pods wait for came true. */
  wakeAll(): void {
    for (const worker of this.#workers.values()) worker.wake()
  }

  /** Removes all that is left of pods that no API server knows. Only to be called when all pods are known. */
  async removeOrphans(): Promise<void> {
    for (const uid of [...this.agent.cache.known()]) if (!this.#isKnown(uid)) this.#removeOrphan(uid)
    await Promise.all(this.#orphans.values())
    await removeOrphanFiles(this.agent, (uid) => this.#isKnown(uid))
  }

  /** Has a worker, or waits for its name to become free. */
  #isKnown(uid: string): boolean {
    return this.#workers.has(uid) || [...this.#names.values()].some(({ next }) => next?.metadata.uid === uid)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#workers.values()].map((worker) => worker.close()))
    await Promise.all(this.#orphans.values())
  }

  #add(pod: AssignedPod): void {
    const name = this.#names.get(nameOf(pod))
    if (name !== undefined && name.uid !== pod.metadata.uid) {
      name.next = pod
      return
    }
    this.#names.set(nameOf(pod), { uid: pod.metadata.uid, next: undefined })
    const { uid } = pod.metadata
    const isNew = pod.status?.startTime === undefined && pod.metadata.deletionTimestamp === undefined && !isTerminal(pod)
    const refusal = isNew ? this.agent.admit(pod) : undefined
    const worker = new PodWorker(this.agent, pod, () => this.#gone(pod))
    this.#workers.set(uid, worker)
    if (refusal === undefined) {
      if (pod.metadata.deletionTimestamp !== undefined) worker.update(pod)
      else worker.wake(true)
      return
    }
    this.agent.events.pod(pod, 'Warning', refusal.reason, refusal.message)
    worker.fail(refusal)
  }

  #gone(pod: AssignedPod): void {
    this.#workers.delete(pod.metadata.uid)
    const name = this.#names.get(nameOf(pod))
    this.#names.delete(nameOf(pod))
    if (name?.next !== undefined) this.#add(name.next)
  }

  #removeOrphan(uid: string): void {
    if (this.#orphans.has(uid) || this.agent.signal.aborted) return
    const removal = removeOrphan(this.agent, uid)
      .catch((error: unknown) => this.agent.log.warn('a pod nobody knows could not be removed', { uid, error: String(error) }))
      .finally(() => this.#orphans.delete(uid))
    this.#orphans.set(uid, removal)
  }
}

function nameOf({ metadata: { namespace, name } }: AssignedPod): string {
  return `${namespace}/${name}`
}
