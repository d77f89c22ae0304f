import { type ClientHttp2Session, connect } from 'node:http2'
import type { Clock } from '../time/clock.js'
import { TransportError, type TransportRequest, type TransportResponse } from '../transport.js'
import type { Dial } from './dial.js'
import { requestOver } from './http2-request.js'

export interface Http2SessionsOptions {
  readonly origin: string
  readonly dial: Dial
  readonly clock: Clock
  readonly pingInterval: number
  readonly pingTimeout: number
}

/** Bytes in flight towards this client, of one answer and of one connection. */
const streamWindow = 1 << 20
const connectionWindow = 16 << 20
/** Streams put on one connection even where the server would allow more. */
const streamLimit = 200

/** Room for one request on a connection. */
export interface Http2Slot {
  /** To be called once. */
  request(request: TransportRequest): Promise<TransportResponse>
}

/** The HTTP/2 connections to one server: as many as there are streams for, replaced when they break. */
export class Http2Sessions {
  private readonly sessions = new Set<Session>()
  private opening: Promise<Session | undefined> | undefined
  private http1Only = false
  private closed = false

  constructor(private readonly options: Http2SessionsOptions) {}

  /** Room for one request, reserved; undefined if the server speaks HTTP/1.1 only. */
  async slot(): Promise<Http2Slot | undefined> {
    for (;;) {
      if (this.closed) throw new TransportError('closed', 'the transport is closed', { unsent: true })
      if (this.http1Only) return undefined
      for (const session of this.sessions) if (session.hasRoom) return session.reserve()
      this.opening ??= this.open().finally(() => {
        this.opening = undefined
      })
      await this.opening
    }
  }

  async close(): Promise<void> {
    this.closed = true
    for (const session of this.sessions) session.destroy(new TransportError('closed', 'the transport was closed'))
    await this.opening?.catch(() => undefined)
  }

  private async open(): Promise<Session | undefined> {
    const { dial, origin } = this.options
    const { socket, protocol } = await dial(['h2', 'http/1.1'])
    if (protocol !== 'h2' || this.closed) {
      this.http1Only = protocol !== 'h2'
      socket.destroy()
      return undefined
    }
    const http2 = connect(origin, { createConnection: () => socket, settings: { initialWindowSize: streamWindow, enablePush: false } })
    const session = new Session(http2, this.options, () => this.sessions.delete(session))
    await session.usable()
    this.sessions.add(session)
    return session
  }
}

class Session {
  private streams = 0
  private lastFrame: number
  private going = false
  private cancelPing: (() => void) | undefined

  constructor(
    private readonly http2: ClientHttp2Session,
    private readonly options: Http2SessionsOptions,
    private readonly gone: () => void,
  ) {
    this.lastFrame = options.clock.now()
    http2.on('goaway', () => this.leave())
    http2.on('close', () => this.leave())
    http2.on('error', () => this.leave())
    this.schedulePing(options.pingInterval)
  }

  get hasRoom(): boolean {
    if (this.going || this.http2.closed || this.http2.destroyed) return false
    return this.streams < Math.min(streamLimit, this.http2.remoteSettings.maxConcurrentStreams ?? streamLimit)
  }

  /** Resolves when the connection is set up; rejects if it broke first. */
  usable(): Promise<void> {
    return new Promise((resolve, reject) => {
      const broken = (cause?: Error) =>
        reject(new TransportError('connection', 'the connection broke at its start', { cause, unsent: true }))
      this.http2.once('error', broken)
      this.http2.once('close', broken)
      this.http2.once('remoteSettings', () => {
        this.http2.off('error', broken)
        this.http2.off('close', broken)
        this.http2.setLocalWindowSize(connectionWindow)
        resolve()
      })
    })
  }

  reserve(): Http2Slot {
    this.streams++
    const observer = {
      frame: () => {
        this.lastFrame = this.options.clock.now()
      },
      closed: () => {
        this.streams--
      },
    }
    return { request: (request) => requestOver(this.http2, request, observer) }
  }

  destroy(error: Error): void {
    this.leave()
    this.http2.destroy(error)
  }

  private leave(): void {
    if (this.going) return
    this.going = true
    this.cancelPing?.()
    this.gone()
    if (!this.http2.destroyed) this.http2.close()
  }

  /** Asks a silent server whether it is there; one that does not answer is given up with all its streams. */
  private schedulePing(delay: number): void {
    this.cancelPing = this.options.clock.after(delay, () => {
      const { clock, pingInterval, pingTimeout } = this.options
      const idle = clock.now() - this.lastFrame
      if (idle < pingInterval) return this.schedulePing(pingInterval - idle)
      if (this.http2.destroyed) return
      const cancel = clock.after(pingTimeout, () => this.destroy(new TransportError('connection', 'the server did not answer a ping')))
      this.http2.ping((error) => {
        cancel()
        if (!error) this.lastFrame = clock.now()
      })
      this.schedulePing(pingInterval)
    })
  }
}
