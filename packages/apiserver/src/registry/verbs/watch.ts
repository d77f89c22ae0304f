import type { Kind } from '@treeline/api'
import { parseFieldSelector, type StatusError } from '@treeline/machinery'
import { answerHeaders } from '../../http/answer.js'
import type { ResponseStream } from '../../http/exchange.js'
import { type AnswerForm, negotiate, watchOffer } from '../../http/negotiation.js'
import type { StoredEvent, WatchSubscription } from '../../resource-store/resource-store.js'
import { type LineBlock, lineBlocks } from '../line-blocks.js'
import { readListOptions } from '../list-options.js'
import type { OpenWatch } from '../open-watches.js'
import { convertEvent } from '../watch-conversion.js'
import type { ResourceRequest } from './resource-request.js'

const bookmarkInterval = 60_000
/** Before its time is up, a watcher gets a last bookmark to go on from. */
const lastBookmarkLead = 2_000
const shortestTimeout = 1_800_000
/** Events that a peer may be behind with before it is left to come back. */
const longestQueue = 100_000

/** Streams the changes of a kind until time is up, the peer goes, or history runs out. */
export async function watch(request: ResourceRequest): Promise<void> {
  const { exchange, resource, namespace, name } = request
  const form = negotiate(exchange, watchOffer)
  const options = readListOptions(exchange, resource, true)
  const timeout = options.timeoutSeconds ? options.timeoutSeconds * 1000 : shortestTimeout + Math.random() * shortestTimeout
  const watcher = new Watcher(request, form)
  const subscription = resource.store.watch({
    ...options,
    namespace,
    ...(name !== '' && exchange.info.watchPath && { fieldSelector: parseFieldSelector(`metadata.name=${name}`) }),
    onEvents: watcher.onEvents,
    onEnd: watcher.onEnd,
  })
  watcher.open(subscription, options.allowBookmarks, timeout)
  await watcher.done
}

/** One watch: the queue between the store's events and the peer. */
class Watcher implements OpenWatch {
  readonly done: Promise<void>
  private finish: () => void = () => undefined
  private stream: ResponseStream | undefined
  private queue: (readonly StoredEvent[])[] = []
  /** Events in the queue. */
  private queued = 0
  private pumping = false
  private ended = false
  private ending: Error | 'over' | undefined
  private timers: NodeJS.Timeout[] = []
  private subscription: WatchSubscription | undefined
  sent = 0

  constructor(
    private readonly request: ResourceRequest,
    private readonly form: AnswerForm,
  ) {
    this.done = new Promise((resolve) => {
      this.finish = resolve
    })
  }

  open(subscription: WatchSubscription, bookmarks: boolean, timeout: number): void {
    const { exchange, registry } = this.request
    this.subscription = subscription
    this.stream = exchange.responder.start(200, answerHeaders(exchange, 'application/json'))
    exchange.responder.onClose(this.close)
    this.timers.push(setTimeout(() => this.onEnd(), timeout))
    if (bookmarks) {
      const interval = bookmarkInterval * (0.9 + Math.random() * 0.2)
      this.timers.push(setInterval(() => this.bookmark(), interval))
      if (timeout > lastBookmarkLead) this.timers.push(setTimeout(() => this.bookmark(), timeout - lastBookmarkLead))
    }
    for (const timer of this.timers) timer.unref()
    registry.watches.add(this)
    this.pump()
  }

  /** A promise given back asks the store to wait with what it has in store; what is live does not wait. */
  readonly onEvents = (events: readonly StoredEvent[]): void | Promise<void> => {
    if (this.ended) return
    if (this.queued + events.length > longestQueue) {
      // The peer comes back with the last resourceVersion it has seen.
      this.close()
      return
    }
    this.queue.push(events)
    this.queued += events.length
    this.pump()
    if (this.queue.length > 0 && this.stream) return this.stream.drained()
  }

  readonly onEnd = (error?: Error): void => {
    this.ending ??= error ?? 'over'
    this.pump()
  }

  get kind(): Kind {
    return this.request.resource.kind
  }

  stop(): void {
    this.onEnd()
  }

  private bookmark(): void {
    if (this.ended) return
    const event = this.subscription?.bookmark()
    if (event) this.onEvents([event])
  }

  private pump(): void {
    if (this.pumping || !this.stream) return
    this.pumping = true
    void this.send(this.stream)
  }

  private async send(stream: ResponseStream): Promise<void> {
    try {
      await this.sendQueued(stream)
    } catch {
      // The form asked for cannot show these objects: the watch ends, as upstream's does.
      this.close()
    } finally {
      this.pumping = false
    }
    // An event that came since the last look has woken nobody.
    if (this.queue.length > 0) this.pump()
  }

  private async sendQueued(stream: ResponseStream): Promise<void> {
    while (this.queue.length > 0 && !stream.closed) {
      const batches = this.queue
      this.queue = []
      this.queued = 0
      for (const batch of batches) {
        for (const block of this.encode(batch)) {
          const ready = stream.write(block.bytes)
          this.sent += block.events
          if (!ready) {
            await stream.drained()
            if (stream.closed) return
          }
        }
      }
    }
    if (this.ending === undefined || this.ended) return
    if (this.ending !== 'over') stream.write(errorLine(this.ending))
    stream.end()
    this.close()
  }

  private encode(events: readonly StoredEvent[]): readonly LineBlock[] {
    if (!this.form.as) return lineBlocks(events)
    const first = this.sent === 0
    return events.map((event, index) => ({ bytes: convertEvent(this.request, this.form, event, first && index === 0), events: 1 }))
  }

  private readonly close = (): void => {
    if (this.ended) return
    this.ended = true
    for (const timer of this.timers) clearTimeout(timer)
    this.subscription?.stop()
    this.queue = []
    this.queued = 0
    this.request.registry.watches.delete(this)
    if (this.stream && !this.stream.closed) this.stream.end()
    this.finish()
  }
}

function errorLine(error: Error): Buffer {
  const status = (error as StatusError).status ?? {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: error.message,
    reason: 'InternalError',
    code: 500,
  }
  return Buffer.from(`${JSON.stringify({ type: 'ERROR', object: status })}\n`)
}
