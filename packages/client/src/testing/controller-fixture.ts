import { deepCopy, groupVersion, type KubernetesObject } from '@treeline/machinery'
import type { ResourceKind } from '../client.js'
import type { Cache, ControllerDefinition, ReconcileContext, ReconcileResult, Regarding } from '../controller.js'
import { keyOf } from '../informer/indexed-store.js'
import { FilledInformer } from '../informer/informer.js'
import { silentLogger } from '../runtime/logger.js'
import { FakeClock } from './fake-clock.js'
import { type Action, RecordingClient } from './recording-client.js'

export interface FixtureOptions<Extra extends object = object> {
  /** The world at the start, in the cache too. Every object needs apiVersion and kind. */
  readonly objects?: readonly KubernetesObject[]
  readonly clock?: FakeClock
  readonly random?: () => number
  readonly extra?: Extra
}

export interface RecordedEvent {
  /** Kind and key of what it is about, such as `Pod default/a`. */
  readonly about: string
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
}

/**
 * A controller without a server: a world that records what is asked of it, and a cache that sees the world only when
 * `sync` says so. Watched kinds and indexes come from the definition.
 */
export class ControllerFixture<Extra extends object = object> {
  readonly client: RecordingClient
  readonly clock: FakeClock
  readonly events: RecordedEvent[] = []
  readonly cache: Cache
  private readonly informers = new Map<string, FilledInformer<KubernetesObject>>()
  private readonly queue = new Map<string, number>()
  private readonly context: ReconcileContext & Extra

  constructor(
    private readonly definition: ControllerDefinition<Extra>,
    options: FixtureOptions<Extra> = {},
  ) {
    this.clock = options.clock ?? new FakeClock()
    this.client = new RecordingClient(options.objects, () => this.clock.now())
    this.cache = {
      get: (kind, key) => this.informer(kind).get(key),
      list: (kind, namespace) => this.informer(kind).list(namespace),
      byIndex: (kind, index, value) => this.informer(kind).byIndex(index, value),
    }
    this.context = {
      ...(options.extra as Extra),
      cache: this.cache,
      client: this.client,
      events: { event: (regarding, type, reason, message) => this.events.push({ about: aboutOf(regarding), type, reason, message }) },
      signal: new AbortController().signal,
      clock: this.clock,
      random: options.random ?? (() => 0.5),
      log: silentLogger,
      enqueue: (key: string, delay = 0) => this.enqueue(key, delay),
    }
    for (const { kind, indexes } of definition.watches) {
      const informer = this.informers.get(idOf(kind)) ?? new FilledInformer<KubernetesObject>(kind, (error) => this.rethrow(error))
      this.informers.set(idOf(kind), informer)
      for (const [name, values] of Object.entries(indexes ?? {})) informer.addIndex(name, values)
    }
    for (const watch of definition.watches) {
      this.informers.get(idOf(watch.kind))?.subscribe((event) => {
        watch.observe?.(event)
        const keys = watch.keys?.(event.object, event.old, this.cache, event.type) ?? [keyOf(event.object)]
        for (const key of keys) typeof key === 'string' ? this.enqueue(key, 0) : this.enqueue(key.key, key.after)
      })
    }
    this.sync()
  }

  /** Keys enqueued, with the time they are due. */
  get queued(): readonly string[] {
    return [...this.queue.keys()]
  }

  /** When a key is due, in milliseconds since the epoch. */
  dueAt(key: string): number | undefined {
    return this.queue.get(key)
  }

  /** Puts a key on the queue, as the runtime does after a failure. */
  enqueueAgain(key: string): void {
    this.enqueue(key, 0)
  }

  /** What was written since the last call. */
  takeWrites(): Action[] {
    return this.client.actions.splice(0).filter((action) => action.verb !== 'get')
  }

  /** Lets the cache see the world as it is now. */
  sync(): void {
    const byType = new Map<string, KubernetesObject[]>([...this.informers.keys()].map((id) => [id, []]))
    for (const object of this.client.all()) byType.get(`${object.apiVersion} ${object.kind}`)?.push(deepCopy(object))
    for (const [id, objects] of byType) this.informers.get(id)?.replace(objects)
  }

  reconcile(key: string): Promise<ReconcileResult> {
    this.queue.delete(key)
    return this.definition.reconcile(key, this.context)
  }

  /**
   * Syncs the cache and reconciles what is due, until nothing is. Time moves only if `wait` is given: then by `wait`
   * milliseconds, stopping at each key that becomes due. Throws after `rounds` rounds.
   */
  async settle({ wait = 0, rounds = 1000 }: { wait?: number; rounds?: number } = {}): Promise<void> {
    const end = this.clock.now() + wait
    for (let round = 0; round < rounds; round++) {
      this.sync()
      const due = [...this.queue].filter(([, at]) => at <= this.clock.now()).map(([key]) => key)
      for (const key of due) {
        const result = await this.reconcile(key)
        if (result?.requeueAfter !== undefined) this.enqueue(key, result.requeueAfter)
      }
      if (due.length > 0) continue
      const next = Math.min(...this.queue.values(), this.clock.nextTimer ?? Number.POSITIVE_INFINITY)
      if (next > end) {
        this.clock.advance(end - this.clock.now())
        return
      }
      this.clock.advance(next - this.clock.now())
    }
    throw new Error(`not settled after ${rounds} rounds; queued: ${this.queued.join(', ')}`)
  }

  private enqueue(key: string, delay: number): void {
    const at = this.clock.now() + delay
    this.queue.set(key, Math.min(at, this.queue.get(key) ?? Number.POSITIVE_INFINITY))
  }

  private informer<T extends KubernetesObject>(kind: ResourceKind<T>): FilledInformer<T> {
    const informer = this.informers.get(idOf(kind))
    if (!informer) throw new Error(`${kind.kind} is read from the cache but not watched`)
    return informer as unknown as FilledInformer<T>
  }

  private rethrow(error: unknown): never {
    throw error
  }
}

const idOf = (kind: ResourceKind) => `${groupVersion(kind.group, kind.version)} ${kind.kind}`

function aboutOf(regarding: Regarding): string {
  const { namespace, name } = 'metadata' in regarding ? regarding.metadata : regarding
  return `${regarding.kind} ${namespace ? `${namespace}/` : ''}${name}`
}
