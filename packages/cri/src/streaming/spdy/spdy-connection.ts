import type { Duplex } from 'node:stream'
import { control, controlFrame, dataFrame, FrameReader, flagFin, flagUnidirectional, longestPiece, words } from './frames.js'
import { HeaderDecoder, HeaderEncoder, type SpdyHeaders } from './header-block.js'
import { SpdyStream } from './spdy-stream.js'

export interface SpdyConnectionOptions {
  readonly role: 'client' | 'server'
  /** A stream that the peer opened. It is accepted when this returns, refused when it throws. */
  readonly opened?: (stream: SpdyStream) => void
}

const mostStreams = 4_096
const protocolError = 1
const refusedStream = 3
const cancel = 5

/**
 * A SPDY/3.1 connection over any byte stream, as far as Kubernetes speaks it: streams with headers, halves that close on
 * their own, pings. Its peers do not keep to flow-control windows, so neither does this end: a stream that nobody reads
 * stops the reading of the connection, and TCP does the rest.
 */
export class SpdyConnection {
  readonly #streams = new Map<number, SpdyStream>()
  readonly #waitingForReply = new Map<number, { resolve: () => void; reject: (error: Error) => void }>()
  readonly #encoder = new HeaderEncoder()
  readonly #decoder = new HeaderDecoder()
  readonly #closed: Promise<void>
  #nextId: number
  #nextPing: number
  #resume: (() => void) | undefined
  /** Why nothing more can be done here. */
  #over: Error | undefined

  constructor(
    private readonly socket: Duplex,
    private readonly options: SpdyConnectionOptions,
  ) {
    this.#nextId = options.role === 'client' ? 1 : 2
    this.#nextPing = this.#nextId
    this.#closed = this.#readAll()
    socket.on('error', () => socket.destroy())
  }

  /** Resolves when the connection is over, for whatever reason. */
  whenClosed(): Promise<void> {
    return this.#closed
  }

  /** Opens a stream and resolves when the peer has accepted it. */
  async open(headers: SpdyHeaders): Promise<SpdyStream> {
    if (this.#over !== undefined) throw this.#over
    const id = this.#nextId
    this.#nextId += 2
    const stream = this.#add(id, headers)
    const replied = new Promise<void>((resolve, reject) => this.#waitingForReply.set(id, { resolve, reject }))
    this.#write([controlFrame(control.synStream, 0, words(id, 0), Buffer.alloc(2), this.#encoder.encode(headers))])
    await replied
    return stream
  }

  /** Ends the connection and everything on it. */
  close(): void {
    if (!this.socket.destroyed) this.#write([controlFrame(control.goAway, 0, words(0, 0))])
    this.socket.end()
    this.#shut(new Error('the connection was closed'))
  }

  async #readAll(): Promise<void> {
    const reader = new FrameReader()
    let failure = new Error('the connection was lost')
    try {
      for await (const chunk of this.socket as AsyncIterable<Buffer>) {
        for (const frame of reader.read(chunk)) {
          if (frame.type === 'data') await this.#data(frame.streamId, frame.data, frame.fin)
          else await this.#control(frame.kind, frame.flags, frame.body)
        }
      }
    } catch (error) {
      failure = error instanceof Error ? error : failure
    } finally {
      this.socket.destroy()
      this.#shut(failure)
      this.#decoder.close()
    }
  }

  async #data(id: number, data: Buffer, fin: boolean): Promise<void> {
    const stream = this.#streams.get(id)
    if (stream === undefined) return
    if (data.length > 0 && !stream.receive(data))
      await new Promise<void>((resolve) => {
        this.#resume = resolve
      })
    if (fin) stream.receiveEnd()
  }

  async #control(kind: number, flags: number, body: Buffer): Promise<void> {
    switch (kind) {
      case control.synStream:
        return this.#synStream(flags, body)
      case control.synReply: {
        const id = body.readUInt32BE(0) & 0x7fffffff
        await this.#decoder.decode(body.subarray(4))
        this.#waitingForReply.get(id)?.resolve()
        this.#waitingForReply.delete(id)
        if (flags & flagFin) this.#streams.get(id)?.receiveEnd()
        return
      }
      case control.headers:
        await this.#decoder.decode(body.subarray(4))
        if (flags & flagFin) this.#streams.get(body.readUInt32BE(0) & 0x7fffffff)?.receiveEnd()
        return
      case control.rstStream: {
        const id = body.readUInt32BE(0) & 0x7fffffff
        const error = new Error(`the peer reset the stream with status ${body.readUInt32BE(4)}`)
        this.#waitingForReply.get(id)?.reject(error)
        this.#waitingForReply.delete(id)
        const stream = this.#streams.get(id)
        this.#streams.delete(id)
        stream?.destroy(error)
        return
      }
      case control.ping: {
        const id = body.readUInt32BE(0)
        const own = id % 2 === this.#nextPing % 2
        if (!own) this.#write([controlFrame(control.ping, 0, words(id))])
        return
      }
      default:
        // Settings, windows and a farewell ask for nothing here; what is unknown is to be ignored.
        return
    }
  }

  async #synStream(flags: number, body: Buffer): Promise<void> {
    const id = body.readUInt32BE(0) & 0x7fffffff
    const headers = await this.#decoder.decode(body.subarray(10))
    const theirs = id % 2 === (this.options.role === 'server' ? 1 : 0)
    if (!theirs || this.#streams.has(id)) return this.#refuse(id, protocolError)
    if (this.#streams.size >= mostStreams || this.options.opened === undefined) return this.#refuse(id, refusedStream)
    const stream = this.#add(id, headers)
    try {
      this.options.opened(stream)
    } catch {
      this.#streams.delete(id)
      return this.#refuse(id, refusedStream)
    }
    if (!(flags & flagUnidirectional)) this.#write([controlFrame(control.synReply, 0, words(id), this.#encoder.encode(new Map()))])
    if (flags & flagFin) stream.receiveEnd()
  }

  #refuse(id: number, status: number): void {
    this.#write([controlFrame(control.rstStream, 0, words(id, status))])
  }

  #add(id: number, headers: SpdyHeaders): SpdyStream {
    const stream = new SpdyStream(id, headers, {
      send: (streamId, data, fin) => this.#send(streamId, data, fin),
      reset: (streamId) => {
        if (this.#streams.has(streamId) && !this.socket.destroyed) this.#refuse(streamId, cancel)
      },
      resume: () => {
        this.#resume?.()
        this.#resume = undefined
      },
      ended: (streamId) => this.#streams.delete(streamId),
    })
    stream.on('error', () => undefined)
    this.#streams.set(id, stream)
    return stream
  }

  async #send(id: number, data: Uint8Array, fin: boolean): Promise<void> {
    if (this.socket.destroyed) throw new Error('the connection is closed')
    let flowing = true
    for (let at = 0; at < data.length || at === 0; at += longestPiece) {
      const piece = data.subarray(at, at + longestPiece)
      flowing = this.#write(dataFrame(id, piece, fin && at + longestPiece >= data.length))
    }
    if (!flowing) await drained(this.socket)
  }

  #write(parts: readonly Buffer[]): boolean {
    if (this.socket.destroyed || this.socket.writableEnded) return true
    let flowing = true
    this.socket.cork()
    for (const part of parts) flowing = this.socket.write(part)
    this.socket.uncork()
    return flowing
  }

  #shut(error: Error): void {
    this.#over ??= error
    for (const { reject } of this.#waitingForReply.values()) reject(error)
    this.#waitingForReply.clear()
    const streams = [...this.#streams.values()]
    this.#streams.clear()
    for (const stream of streams) stream.lose(error)
    this.#resume?.()
  }
}

function drained(socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.removeListener('drain', done)
      socket.removeListener('close', done)
      resolve()
    }
    socket.once('drain', done)
    socket.once('close', done)
  })
}
