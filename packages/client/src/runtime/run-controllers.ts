import { isConflict, type KubernetesObject } from '@treeline/machinery'
import type { Client } from '../client.js'
import type { ControllerDefinition, EventRecorder, Logger, ReconcileContext, WatchDeclaration } from '../controller.js'
import { createEventRecorder, type OwnedEventRecorder } from '../events/event-recorder.js'
import { keyOf } from '../informer/indexed-store.js'
import { Informers } from '../informer/informers.js'
import { MetricRegistry } from '../metrics/registry.js'
import { WorkQueue } from '../queue/work-queue.js'
import { sharedAbort } from '../time/abort.js'
import { type Clock, systemClock } from '../time/clock.js'
import { silentLogger } from './logger.js'
import { type QueueMetrics, queueMetrics } from './queue-metrics.js'
import { yieldIfDue } from './time-slice.js'

export interface RunControllersOptions<Extra extends object = object> {
  readonly client: Client
  /** The client one controller acts with; by default `client`. Watches are `client`'s in any case. */
  readonly clientOf?: (controller: ControllerDefinition<Extra>) => Client
  /** Informers shared with others of this process; without them, own ones are opened and closed. */
  readonly informers?: Informers
  /** Members added to the context of every reconcile. */
  readonly extra?: Extra
  readonly clock?: Clock
  readonly random?: () => number
  readonly log?: Logger
  readonly metrics?: MetricRegistry
  /** Replaces the recorder of each controller. */
  readonly events?: EventRecorder
  /** Milliseconds that reconciles under way may take at the end before their signal aborts; 5 s by default. */
  readonly drain?: number
}

/** Controllers at work. */
export interface RunningControllers {
  /** Resolves when every cache has its first state and workers have begun. */
  readonly ready: Promise<void>
  /** No key is ready or worked on; delayed ones may be. */
  readonly idle: boolean
  /** Takes no more keys, lets reconciles under way finish, then closes what was opened. */
  stop(): Promise<void>
}

/** Runs controllers until `stop`. A reconcile that throws is logged and retried with back-off. */
export function runControllers<Extra extends object = object>(
  definitions: readonly ControllerDefinition<Extra>[],
  options: RunControllersOptions<Extra>,
): RunningControllers {
  const shared = {
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    log: options.log ?? silentLogger,
    metrics: options.metrics ?? new MetricRegistry(),
  }
  const informers = options.informers ?? new Informers(options.client, shared)
  const controllers = definitions.map((definition) => new RunningController(definition, informers, options, shared))
  const ready = informers.whenSynced().then(() => {
    for (const controller of controllers) controller.start()
  })
  let stopping: Promise<void> | undefined
  return {
    ready,
    get idle() {
      return controllers.every((controller) => controller.idle)
    },
    stop() {
      stopping ??= (async () => {
        await Promise.all(controllers.map((controller) => controller.stop(options.drain ?? 5000)))
        if (!options.informers) await informers.close()
      })()
      return stopping
    },
  }
}

interface Shared {
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  readonly metrics: MetricRegistry
}

/** One controller: its queue, its subscriptions and its workers. */
class RunningController<Extra extends object> {
  private readonly queue: WorkQueue
  private readonly measured: QueueMetrics
  private readonly abort = sharedAbort()
  private readonly subscriptions: (() => void)[] = []
  private readonly ownEvents: OwnedEventRecorder | undefined
  private readonly context: ReconcileContext & Extra
  private workers: Promise<void>[] = []
  private cancelResync: (() => void) | undefined
  private stopped = false

  constructor(
    private readonly definition: ControllerDefinition<Extra>,
    private readonly informers: Informers,
    options: RunControllersOptions<Extra>,
    private readonly shared: Shared,
  ) {
    const { clock, random, log } = shared
    this.queue = new WorkQueue(clock, definition.backoff)
    this.measured = queueMetrics(shared.metrics, definition.name, this.queue)
    const client = options.clientOf?.(definition) ?? options.client
    if (!options.events) {
      this.ownEvents = createEventRecorder({ client, component: definition.eventComponent ?? definition.name, clock, random, log })
    }
    this.context = {
      ...(options.extra as Extra),
      cache: informers.cache,
      client,
      events: options.events ?? (this.ownEvents as EventRecorder),
      signal: this.abort.signal,
      clock,
      random,
      log,
      enqueue: (key: string, delay = 0) => this.enqueue(key, delay),
    }
    for (const { kind, indexes } of definition.watches) {
      const informer = informers.informer(kind)
      for (const [name, values] of Object.entries(indexes ?? {})) informer.addIndex(name, values)
    }
    for (const watch of definition.watches) this.subscribe(watch)
  }

  get idle(): boolean {
    return this.queue.idle
  }

  start(): void {
    if (this.stopped) return
    for (const key of this.definition.initialKeys ?? []) this.enqueue(key, 0)
    this.workers = Array.from({ length: this.definition.workers ?? 1 }, () => this.work())
    this.scheduleResync()
  }

  async stop(drain: number): Promise<void> {
    this.stopped = true
    this.cancelResync?.()
    for (const unsubscribe of this.subscriptions) unsubscribe()
    this.queue.close()
    const cancelAbort = this.shared.clock.after(drain, () => this.abort.abort())
    await Promise.all(this.workers)
    cancelAbort()
    this.abort.abort()
    this.measured.close()
    await this.ownEvents?.close()
  }

  private subscribe(watch: WatchDeclaration): void {
    const { keys, observe } = watch
    this.subscriptions.push(
      this.informers.informer(watch.kind).subscribe((event) => {
        observe?.(event)
        if (!keys) return this.enqueue(keyOf(event.object), 0)
        for (const key of keys(event.object, event.old, this.informers.cache, event.type)) {
          if (typeof key === 'string') this.enqueue(key, 0)
          else this.enqueue(key.key, key.after)
        }
      }),
    )
  }

  private enqueue(key: string, delay: number): void {
    if (delay > 0) this.queue.addAfter(key, delay)
    else if (this.queue.add(key)) this.measured.added()
  }

  private scheduleResync(): void {
    const { resyncInterval, watches } = this.definition
    const first = watches[0]
    if (!resyncInterval || !first) return
    this.cancelResync = this.shared.clock.after(resyncInterval, () => {
      for (const object of this.informers.cache.list<KubernetesObject>(first.kind)) this.enqueue(keyOf(object), 0)
      this.scheduleResync()
    })
  }

  private async work(): Promise<void> {
    for (let key = await this.queue.take(); key !== undefined; key = await this.queue.take()) {
      const began = performance.now()
      try {
        const result = await this.definition.reconcile(key, this.context)
        this.queue.forget(key)
        if (result?.requeueAfter !== undefined) this.queue.addAfter(key, result.requeueAfter)
      } catch (error) {
        this.failed(key, error)
      }
      this.queue.done(key)
      this.measured.worked((performance.now() - began) / 1000)
      await yieldIfDue()
    }
  }

  private failed(key: string, error: unknown): void {
    if (this.abort.signal.aborted) return
    const retryIn = this.queue.addRateLimited(key)
    this.measured.retried()
    if (isConflict(error)) return
    this.shared.log.warn('reconcile failed', { controller: this.definition.name, key, retryIn, error: String(error) })
  }
}
