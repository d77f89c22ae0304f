import type { KubernetesObject } from '@treeline/machinery'
import type { Client, ResourceKind } from '../client.js'
import type { Cache, Logger } from '../controller.js'
import { silentLogger } from '../runtime/logger.js'
import { sharedAbort } from '../time/abort.js'
import { Backoff, reflectorBackoff } from '../time/backoff.js'
import { type Clock, systemClock } from '../time/clock.js'
import { FilledInformer, type Informer } from './informer.js'
import { type InformerScope, reflect } from './reflector.js'

export interface InformersOptions {
  readonly clock?: Clock
  readonly random?: () => number
  readonly log?: Logger
  /** Restricts the informer of a kind, for an agent that cares for one node's objects alone. */
  readonly scope?: (kind: ResourceKind) => InformerScope | undefined
}

interface Entry {
  readonly informer: FilledInformer<KubernetesObject>
  readonly scope: InformerScope
  running: Promise<void> | undefined
  readonly abort: AbortController
}

/** The informers of a process, one per kind, shared by all its controllers. A kind is watched from its first use on. */
export class Informers {
  /** Reads through whatever informers there are; asking for a kind nobody watches throws. */
  readonly cache: Cache
  private readonly entries = new Map<string, Entry>()
  /** Saves building a string for every read. */
  private readonly byKind = new Map<ResourceKind, Entry>()
  private readonly connectionBackoff: Backoff
  private readonly clock: Clock
  private readonly random: () => number
  private readonly log: Logger
  private closed = false

  constructor(
    private readonly client: Client,
    private readonly options: InformersOptions = {},
  ) {
    this.clock = options.clock ?? systemClock
    this.random = options.random ?? Math.random
    this.log = options.log ?? silentLogger
    this.connectionBackoff = new Backoff(reflectorBackoff, this.clock, this.random)
    this.cache = {
      get: (kind, key) => this.watched(kind).get(key),
      list: (kind, namespace) => this.watched(kind).list(namespace),
      byIndex: (kind, index, value) => this.watched(kind).byIndex(index, value),
    }
  }

  /** The informer of a kind, started on first use. A later scope is ignored: the first one that asks decides. */
  informer<T extends KubernetesObject>(kind: ResourceKind<T>, scope?: InformerScope): Informer<T> {
    if (this.closed) throw new Error('the informers are closed')
    const id = identity(kind)
    let entry = this.entries.get(id)
    if (!entry) {
      entry = this.start(kind, scope ?? this.options.scope?.(kind) ?? {})
      this.entries.set(id, entry)
    }
    this.byKind.set(kind, entry)
    return entry.informer as unknown as Informer<T>
  }

  /** An informer whose objects have apiVersion, kind and metadata at least: the whole one if there is one, else one of metadata alone. */
  metadataInformer(kind: ResourceKind): Informer {
    const id = identity(kind)
    const whole = this.entries.get(id)
    if (whole) return whole.informer
    const entry = this.entries.get(metadataOf(id)) ?? this.start(kind, { metadataOnly: true })
    this.entries.set(metadataOf(id), entry)
    return entry.informer
  }

  /** Ends the informer made by `metadataInformer` for a kind, if it has one of its own. */
  async forgetMetadata(kind: ResourceKind): Promise<void> {
    const id = metadataOf(identity(kind))
    const entry = this.entries.get(id)
    this.entries.delete(id)
    entry?.abort.abort()
    await entry?.running
  }

  /** Resolves when all informers asked for so far have their first state. */
  async whenSynced(): Promise<void> {
    await Promise.all([...this.entries.values()].map((entry) => entry.informer.whenSynced()))
  }

  async close(): Promise<void> {
    this.closed = true
    for (const entry of this.entries.values()) entry.abort.abort()
    await Promise.all([...this.entries.values()].map((entry) => entry.running))
  }

  private start(kind: ResourceKind, scope: InformerScope): Entry {
    const failed = (what: string) => (error: unknown) => this.log.warn(what, { kind: identity(kind), error: String(error) })
    const informer = new FilledInformer<KubernetesObject>(kind, failed('a subscriber of an informer failed'))
    const abort = sharedAbort()
    const running = reflect(
      {
        client: this.client,
        kind,
        scope,
        sink: informer,
        clock: this.clock,
        random: this.random,
        connectionBackoff: this.connectionBackoff,
        failed: failed('cannot list or watch'),
      },
      abort.signal,
    )
    return { informer, scope, running, abort }
  }

  private watched<T extends KubernetesObject>(kind: ResourceKind<T>): Informer<T> {
    const entry = this.byKind.get(kind) ?? this.entries.get(identity(kind))
    if (!entry) throw new Error(`${identity(kind)} is read from a cache but not watched`)
    return entry.informer as unknown as Informer<T>
  }
}

function identity(kind: ResourceKind): string {
  return `${kind.plural}.${kind.version}.${kind.group}`
}

const metadataOf = (id: string) => `metadata of ${id}`
