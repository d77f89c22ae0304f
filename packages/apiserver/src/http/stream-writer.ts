import type { Writable } from 'node:stream'
import type { ResponseStream } from './exchange.js'

/** A response body on a node stream. Chunks written within one turn of the event loop leave in one write. */
export class StreamWriter implements ResponseStream {
  closed = false
  private queued: Buffer[] = []
  private queuedBytes = 0
  private scheduled = false
  private ending = false
  private waiters: (() => void)[] = []

  constructor(
    private readonly sink: Writable,
    private readonly breakOff: () => void,
  ) {
    if (sink.destroyed) this.closed = true
    sink.once('close', () => {
      this.closed = true
      this.release()
    })
    // Without a listener a reset by the peer would be an uncaught exception; `close` follows and tells all there is.
    sink.on('error', () => this.release())
  }

  get pending(): number {
    return this.queuedBytes + this.sink.writableLength
  }

  write(chunk: Buffer): boolean {
    if (this.closed || this.ending) return true
    this.queued.push(chunk)
    this.queuedBytes += chunk.length
    if (!this.scheduled) {
      this.scheduled = true
      flushSoon(this)
    }
    return this.pending < highWaterMark
  }

  drained(): Promise<void> {
    if (this.closed || this.pending < highWaterMark) return Promise.resolve()
    return new Promise((resolve) => this.waiters.push(resolve))
  }

  end(): void {
    if (this.closed || this.ending) return
    this.ending = true
    if (!this.scheduled) this.sink.end()
  }

  abort(): void {
    if (this.closed) return
    this.closed = true
    this.queued = []
    this.queuedBytes = 0
    this.breakOff()
    this.release()
  }

  /** Hands over what was written. Called once for all that was written in a turn. */
  flush(): void {
    this.scheduled = false
    const { queued } = this
    if (queued.length > 0 && !this.closed) {
      this.queued = []
      const bytes = queued.length === 1 ? queued[0] : Buffer.concat(queued, this.queuedBytes)
      this.queuedBytes = 0
      this.sink.write(bytes, this.written)
    }
    if (this.ending && !this.closed) this.sink.end()
  }

  private readonly written = (): void => {
    if (this.waiters.length > 0 && this.pending < highWaterMark) this.release()
  }

  private release(): void {
    const { waiters } = this
    this.waiters = []
    for (const resolve of waiters) resolve()
  }
}

/** Writers with something to hand over. One microtask serves them all: an event may go to thousands. */
let unflushed: StreamWriter[] = []

function flushSoon(writer: StreamWriter): void {
  if (unflushed.push(writer) > 1) return
  queueMicrotask(() => {
    const writers = unflushed
    unflushed = []
    for (const one of writers) one.flush()
  })
}

/** Bytes under way to one peer before its writer is asked to wait. */
const highWaterMark = 128 * 1024
