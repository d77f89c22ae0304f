import type { PodStatus } from '@treeline/api'
import { type Client, type Clock, type Logger, sleep } from '@treeline/client'
import { deepEqual, isNotFound, isStatusError } from '@treeline/machinery'
import type { AssignedPod } from '../assigned-pod.js'
import { podKind } from '../kinds.js'
import type { Limit } from '../limit.js'
import { statusPatch } from './status-patch.js'

interface Entry {
  pod: AssignedPod
  status: PodStatus
  /** What was last accepted by the server, as we wrote it. */
  written: PodStatus | undefined
  /** The pod is over: delete it once its last status is written. */
  finish: boolean
  writing: boolean
}

export interface StatusWriterOptions {
  readonly client: Client
  readonly clock: Clock
  readonly log: Logger
  /** Shared by all nodes of a process. */
  readonly limit: Limit
  readonly signal: AbortSignal
}

const firstRetry = 500
const lastRetry = 10_000

/**
 * Brings pod statuses to the API server. Only the newest status of a pod is ever sent; one request per pod is under way
 * at a time. Failures are tried again until the pod or the agent is gone.
 */
export class StatusWriter {
  readonly #entries = new Map<string, Entry>()

  constructor(private readonly options: StatusWriterOptions) {}

  /** The last status set for the pod. */
  get(uid: string): PodStatus | undefined {
    return this.#entries.get(uid)?.status
  }

  /** Tells what the server has; a pod of an older resource version than known is ignored. */
  observe(pod: AssignedPod): void {
    const entry = this.#entries.get(pod.metadata.uid)
    if (entry !== undefined && notOlder(pod, entry.pod)) entry.pod = pod
  }

  set(pod: AssignedPod, status: PodStatus): void {
    const { uid } = pod.metadata
    const entry = this.#entries.get(uid)
    if (entry === undefined) this.#entries.set(uid, { pod, status, written: undefined, finish: false, writing: false })
    else {
      if (notOlder(pod, entry.pod)) entry.pod = pod
      entry.status = status
    }
    this.#wake(uid)
  }

  /** Writes what is left to write, then deletes the pod for good. */
  finish(pod: AssignedPod): void {
    const entry = this.#entries.get(pod.metadata.uid)
    if (entry === undefined) return
    if (notOlder(pod, entry.pod)) entry.pod = pod
    entry.finish = true
    this.#wake(pod.metadata.uid)
  }

  forget(uid: string): void {
    this.#entries.delete(uid)
  }

  #wake(uid: string): void {
    const entry = this.#entries.get(uid)
    if (entry === undefined || entry.writing) return
    entry.writing = true
    this.#writeAll(uid, entry)
      .catch((error: unknown) => this.options.log.error('a pod status could not be written', { uid, error: String(error) }))
      .finally(() => {
        entry.writing = false
        if (this.#entries.get(uid) === entry && !this.options.signal.aborted && unwritten(entry)) this.#wake(uid)
      })
  }

  async #writeAll(uid: string, entry: Entry): Promise<void> {
    const { signal, clock, limit, log } = this.options
    let delay = firstRetry
    while (!signal.aborted && this.#entries.get(uid) === entry && unwritten(entry)) {
      try {
        const over = await limit.run(() => this.#writeOnce(entry))
        if (over) this.#entries.delete(uid)
        delay = firstRetry
      } catch (error) {
        if (signal.aborted) return
        if (isNotFound(error)) {
          this.#entries.delete(uid)
          return
        }
        log.warn('cannot write a pod status', { pod: entry.pod.metadata.name, error: String(error) })
        await sleep(clock, delay, signal)
        delay = Math.min(delay * 2, lastRetry)
      }
    }
  }

  /** True when the pod is gone from the server. */
  async #writeOnce(entry: Entry): Promise<boolean> {
    const { client, signal } = this.options
    const { pod, status } = entry
    const { name, namespace, uid } = pod.metadata
    if (!deepEqual(entry.written, status)) {
      const patch = statusPatch(pod.status ?? {}, status)
      if (patch !== undefined) {
        const body = { metadata: { uid }, status: patch }
        const written = await client.patch(podKind, { namespace, name }, { type: 'strategic', body }, { subresource: 'status', signal })
        if (written.metadata.uid !== uid) return true
        if (notOlder(written as AssignedPod, entry.pod)) entry.pod = written as AssignedPod
      }
      entry.written = status
      if (entry.status !== status) return false
    }
    if (!entry.finish) return false
    try {
      await client.delete(podKind, { namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid }, signal })
    } catch (error) {
      if (!isNotFound(error) && !(isStatusError(error) && error.code === 409)) throw error
    }
    return true
  }
}

function unwritten(entry: Entry): boolean {
  return entry.finish || !deepEqual(entry.written, entry.status)
}

/** Resource versions of one kind on one server are ordered. */
function notOlder(a: AssignedPod, b: AssignedPod): boolean {
  const [mine = '', other = ''] = [a.metadata.resourceVersion, b.metadata.resourceVersion]
  return mine.length === other.length ? mine >= other : mine.length > other.length
}
