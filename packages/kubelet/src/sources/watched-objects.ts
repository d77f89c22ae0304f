import type { ConfigMap, Secret } from '@treeline/api'
import { type Client, Informers, type Logger, type ResourceKind } from '@treeline/client'
import type { KubernetesObject } from '@treeline/machinery'

export type Watchable = ConfigMap | Secret

interface Watched {
  readonly informers: Informers
  /** Ids of the pods that refer to it. */
  readonly users: Map<string, () => void>
}

/**
 * Config maps and secrets, each watched by name for as long as some pod refers to it: an agent may read no others, and
 * a whole list of secrets is refused to it.
 */
export class WatchedObjects<T extends KubernetesObject> {
  readonly #watched = new Map<string, Watched>()

  constructor(
    private readonly client: Client,
    private readonly kind: ResourceKind<T>,
    private readonly log: Logger,
  ) {}

  /** Keeps the object watched for a user until it is released. `changed` is called after each change that is not the first. */
  acquire(namespace: string, name: string, user: string, changed: () => void): void {
    const key = `${namespace}/${name}`
    const watched = this.#watched.get(key) ?? this.#watch(namespace, name)
    this.#watched.set(key, watched)
    watched.users.set(user, changed)
  }

  release(namespace: string, name: string, user: string): void {
    const key = `${namespace}/${name}`
    const watched = this.#watched.get(key)
    if (watched === undefined || !watched.users.delete(user) || watched.users.size > 0) return
    this.#watched.delete(key)
    watched.informers.close().catch((error: unknown) => this.log.error('cannot stop a watch', { error: String(error) }))
  }

  /** Undefined when it does not exist. Waits for the first state; rejects when the signal aborts before. */
  async get(namespace: string, name: string, signal: AbortSignal): Promise<T | undefined> {
    const watched = this.#watched.get(`${namespace}/${name}`)
    if (watched === undefined) throw new Error(`object "${namespace}"/"${name}" not registered`)
    const informer = watched.informers.informer(this.kind)
    if (!informer.synced) await abortable(informer.whenSynced(), signal)
    return informer.get(`${namespace}/${name}`)
  }

  get size(): number {
    return this.#watched.size
  }

  async close(): Promise<void> {
    const all = [...this.#watched.values()]
    this.#watched.clear()
    await Promise.all(all.map(({ informers }) => informers.close()))
  }

  #watch(namespace: string, name: string): Watched {
    const informers = new Informers(this.client, { log: this.log })
    const users = new Map<string, () => void>()
    const informer = informers.informer(this.kind, { namespace, fieldSelector: `metadata.name=${name}` })
    informer.subscribe(() => {
      if (informer.synced) for (const changed of users.values()) changed()
    })
    return { informers, users }
  }
}

function abortable(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason)
    if (signal.aborted) return aborted()
    signal.addEventListener('abort', aborted, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted))
  })
}
