import { checkKey } from '../key.js'
import {
  CompactedError,
  type Entry,
  FutureRevisionError,
  type PutOptions,
  type RangeRequest,
  type RangeResult,
  type Store,
  StoreClosedError,
  type StoreWatchRequest,
  type WriteResult,
} from '../store.js'
import type { Backend, Counters, Write } from './backend.js'
import { Expiry } from './expiry.js'
import { findGarbage } from './garbage.js'
import { readEntry, readRange } from './history.js'
import { WatchHub } from './watch-hub.js'
import { evaluate, type Operation } from './write-batch.js'

export interface RevisionedStoreOptions {
  /** Clock of times to live, in milliseconds since the epoch. */
  readonly now?: () => number
}

/**
 * A Store over an embedded engine. Writes are committed in groups: while one group is being flushed the next one
 * gathers; it is then evaluated in order against the committed state and itself, made durable as one transaction, shown
 * to watchers, and acknowledged. Invariant: nobody is told of a revision, by an answer, a read or a watch, that could
 * still be lost.
 */
export class RevisionedStore implements Store {
  readonly #backend: Backend
  readonly #hub: WatchHub
  readonly #expiry: Expiry
  readonly #now: () => number
  #revision: number
  #compacted: number
  #swept: number
  #queue: Operation[] = []
  #running = false
  #whenIdle: (() => void)[] = []
  #sweeps: { readonly through: number; readonly resolve: () => void; readonly reject: (error: Error) => void }[] = []
  #closing: Promise<void> | undefined
  /** Set when it is unknown what the engine holds; only a reopening can tell. */
  #failure: Error | undefined

  constructor(backend: Backend, { now = Date.now }: RevisionedStoreOptions = {}) {
    const counters = backend.load()
    this.#backend = backend
    this.#now = now
    this.#revision = Math.max(1, counters.revision)
    this.#compacted = counters.compacted
    this.#swept = counters.swept
    this.#hub = new WatchHub({
      revision: () => this.#revision,
      compacted: () => this.#compacted,
      change: (revision, prefix) => backend.record(revision, prefix),
    })
    this.#expiry = new Expiry(backend, now, (key, expected) => this.delete(key, expected))
    this.#expiry.arm()
    if (this.#swept < this.#compacted) this.#run()
  }

  get revision(): number {
    return this.#revision
  }

  get compactedRevision(): number {
    return this.#compacted
  }

  async latest(): Promise<number> {
    this.#checkOpen()
    return this.#revision
  }

  async get(key: string): Promise<Entry | undefined> {
    this.#checkOpen()
    checkKey(key)
    return readEntry(this.#backend, key, this.#revision)
  }

  async range(request: RangeRequest): Promise<RangeResult> {
    this.#checkOpen()
    const at = request.revision ?? this.#revision
    if (at > this.#revision) throw new FutureRevisionError(at, this.#revision)
    if (at < this.#compacted) throw new CompactedError(at, this.#compacted)
    return readRange(this.#backend, request, at)
  }

  async put(key: string, expected: number, value: Uint8Array, options: PutOptions = {}): Promise<WriteResult> {
    const { timeToLive } = options
    if (timeToLive !== undefined && !(timeToLive > 0)) throw new RangeError(`timeToLive must be positive, got ${timeToLive}`)
    const deadline = timeToLive === undefined ? 0 : Math.ceil(this.#now() + timeToLive * 1000)
    const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    return this.#submit({ type: 'put', key, expected, value: bytes, deadline })
  }

  async delete(key: string, expected: number): Promise<WriteResult> {
    return this.#submit({ type: 'delete', key, expected, value: noValue, deadline: 0 })
  }

  watch(request: StoreWatchRequest): () => void {
    this.#checkOpen()
    return this.#hub.add(request)
  }

  async compact(revision: number): Promise<void> {
    this.#checkOpen()
    if (revision > this.#revision) throw new FutureRevisionError(revision, this.#revision)
    if (revision > this.#compacted) {
      this.#compacted = revision
      this.#hub.compacted()
    }
    if (this.#swept >= revision) return
    await new Promise<void>((resolve, reject) => {
      this.#sweeps.push({ through: revision, resolve, reject })
      this.#run()
    })
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#expiry.stop()
    if (this.#running) await new Promise<void>((resolve) => this.#whenIdle.push(resolve))
    for (const sweep of this.#sweeps.splice(0)) sweep.reject(new StoreClosedError())
    this.#hub.end(new StoreClosedError())
    await this.#backend.close()
  }

  #checkOpen(): void {
    if (this.#closing) throw new StoreClosedError()
  }

  #submit(operation: Omit<Operation, 'resolve' | 'reject'>): Promise<WriteResult> {
    this.#checkOpen()
    if (this.#failure) throw this.#failure
    checkKey(operation.key)
    return new Promise<WriteResult>((resolve, reject) => {
      this.#queue.push({ ...operation, resolve, reject })
      this.#run()
    })
  }

  /** Begins with the next turn of the event loop, so that what arrives in this one shares the flush. */
  #run(): void {
    if (this.#running) return
    this.#running = true
    setImmediate(() => void this.#turn())
  }

  async #turn(): Promise<void> {
    const batch = takeBatch(this.#queue)
    if (batch.length > 0) await this.#commit(batch)
    const sweeping = this.#swept < this.#compacted && !this.#closing && !this.#failure
    if (sweeping) await this.#sweep()
    if (this.#queue.length > 0 || (sweeping && this.#swept < this.#compacted)) {
      setImmediate(() => void this.#turn())
      return
    }
    this.#running = false
    for (const resolve of this.#whenIdle.splice(0)) resolve()
  }

  async #commit(batch: readonly Operation[]): Promise<void> {
    try {
      if (this.#failure) throw this.#failure
      const { writes, revisions } = evaluate(this.#backend, batch, this.#revision)
      if (writes.length > 0) await this.#write(writes)
      for (const [index, operation] of batch.entries()) {
        const revision = revisions[index] ?? 0
        if (revision > 0) operation.resolve({ ok: true, revision })
        else operation.resolve({ ok: false, current: readEntry(this.#backend, operation.key, this.#revision) })
      }
    } catch (error) {
      this.#learnFrom(error)
      for (const operation of batch) operation.reject(error as Error)
    }
  }

  async #write(writes: readonly Write[]): Promise<void> {
    const counters = { ...this.#counters(), revision: this.#revision + writes.length }
    await this.#backend.commit(writes, counters)
    this.#revision = counters.revision
    this.#hub.publish(
      writes.map((write) => write.record),
      this.#revision,
    )
    if (writes.some((write) => write.head.deadline !== 0)) this.#expiry.arm()
  }

  async #sweep(): Promise<void> {
    try {
      const { garbage, through } = findGarbage(this.#backend, this.#swept, this.#compacted)
      await this.#backend.sweep(garbage, { ...this.#counters(), swept: through })
      this.#swept = through
      const done = this.#sweeps.filter((sweep) => sweep.through <= through)
      this.#sweeps = this.#sweeps.filter((sweep) => sweep.through > through)
      for (const sweep of done) sweep.resolve()
    } catch (error) {
      this.#learnFrom(error)
      for (const sweep of this.#sweeps.splice(0)) sweep.reject(error as Error)
    }
  }

  /** A commit that failed left no trace, as a rule, and the next one may succeed. If it did leave one, trust nothing. */
  #learnFrom(error: unknown): void {
    if (this.#backend.load().revision > this.#revision) this.#failure = error as Error
  }

  #counters(): Counters {
    return { revision: this.#revision, compacted: this.#compacted, swept: this.#swept }
  }
}

const noValue = Buffer.alloc(0)
const maxBatchOperations = 2048
const maxBatchBytes = 16 * 1024 * 1024

/** Takes operations off the queue, within the bounds of one transaction. */
function takeBatch(queue: Operation[]): readonly Operation[] {
  let bytes = 0
  let count = 0
  while (count < queue.length && count < maxBatchOperations && bytes < maxBatchBytes) bytes += queue[count++]?.value.length ?? 0
  return queue.splice(0, count)
}
