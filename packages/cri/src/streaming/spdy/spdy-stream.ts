import { Duplex } from 'node:stream'
import type { SpdyHeaders } from './header-block.js'

/** What a stream asks of its connection. */
export interface StreamCarrier {
  /** Resolves when the bytes may be followed by more. */
  send(streamId: number, data: Uint8Array, fin: boolean): Promise<void>
  reset(streamId: number): void
  /** The stream has room again. */
  resume(): void
  ended(streamId: number): void
}

/** One stream of a SPDY connection. Ending it closes this side only. */
export class SpdyStream extends Duplex {
  #readDone = false
  #writeDone = false

  constructor(
    readonly id: number,
    readonly headers: SpdyHeaders,
    private readonly carrier: StreamCarrier,
  ) {
    // Reading to the end must not end the writing, as it would if streams destroyed themselves.
    super({ allowHalfOpen: true, autoDestroy: false })
    this.on('end', () => this.#destroyWhenDone())
    this.on('finish', () => this.#destroyWhenDone())
  }

  /** Data from the peer. False asks the connection to wait. @internal */
  receive(data: Buffer): boolean {
    return this.#readDone || this.destroyed ? true : this.push(data)
  }

  /** The peer is done. @internal */
  receiveEnd(): void {
    if (this.#readDone) return
    this.#readDone = true
    this.push(null)
  }

  /** The connection is gone. What came whole can still be read. @internal */
  lose(error: Error): void {
    if (!this.#readDone) this.destroy(error)
  }

  override _read(): void {
    this.carrier.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.carrier.send(this.id, chunk, false).then(() => done(), done)
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#writeDone = true
    this.carrier.send(this.id, Buffer.alloc(0), true).then(() => done(), done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!(this.#readDone && this.#writeDone)) this.carrier.reset(this.id)
    this.carrier.ended(this.id)
    this.carrier.resume()
    done(error)
  }

  #destroyWhenDone(): void {
    if (this.readableEnded && this.writableFinished) this.destroy()
  }
}
