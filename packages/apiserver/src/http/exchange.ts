import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import type { UserInfo } from '../authentication/authenticator.js'
import type { RequestInfo } from './request-info.js'

/** A request as its transport delivers it. */
export interface IncomingRequest {
  readonly method: string
  /** Path and query as sent, starting with `/`. */
  readonly target: string
  /** Lower-case names. */
  readonly headers: IncomingHttpHeaders
  /** DER of the client certificate of the connection, as offered; the same Buffer for every request of it. */
  readonly clientCertificate?: Buffer
  readonly remoteAddress?: string
  /** Identity fixed by the transport (message ports); authentication is passed over then. */
  readonly user?: UserInfo
  /** The whole body. Throws StatusError 413 beyond `limit` bytes. */
  readBody(limit: number): Promise<Buffer>
  /** The body as it arrives, for proxying. */
  bodyStream(): AsyncIterable<Buffer>
}

/** A request and its way back in one, as transports make it. */
export type Call = IncomingRequest & Responder

/** The way back of one request. Exactly one of `send`, `start` and `upgrade` is called, once. */
export interface Responder {
  /** An answer has begun; nothing but its stream may write now. */
  readonly started: boolean
  /** HTTP status of the answer, 0 before there is one. */
  readonly status: number
  /** Sends a whole answer. */
  send(status: number, headers: OutgoingHttpHeaders, body?: Buffer | string): void
  /** Sends the head at once and gives the stream of the body. */
  start(status: number, headers: OutgoingHttpHeaders): ResponseStream
  /** Takes the raw connection of an HTTP/1.1 `Upgrade` request; absent where the transport has none. */
  readonly upgrade?: () => UpgradedConnection
  /** Calls `listener` when the peer has gone or the answer is complete, at once if it already is. */
  onClose(listener: () => void): void
}

/** A connection after an upgrade request, before its 101 answer was written. */
export interface UpgradedConnection {
  readonly socket: Duplex
  /** Bytes read behind the request head. */
  readonly head: Buffer
}

/** A body in pieces, with backpressure. */
export interface ResponseStream {
  /** False: the peer is behind; wait for `drained` before writing more. Never throws; writes after the end are dropped. */
  write(chunk: Buffer): boolean
  /** Bytes accepted but not yet taken by the peer. */
  readonly pending: number
  /** Resolves when the peer has caught up or has gone. */
  drained(): Promise<void>
  end(): void
  /** Breaks the stream off, so that the peer sees that it is incomplete. */
  abort(): void
  readonly closed: boolean
}

/** One request on its way through the pipeline: what came in, the way back, and what the stages found out. */
export class Exchange {
  /** Set by the request-info stage. */
  declare info: RequestInfo
  /** Set by the authentication stage; replaced by the impersonation stage. */
  declare user: UserInfo
  auditId = ''
  /** Milliseconds since the epoch at arrival. */
  readonly received: number
  /** Arrival on the monotonic clock, in milliseconds. */
  readonly began = performance.now()
  /** When the answer must be there, in milliseconds since the epoch; Infinity for long-running requests. */
  deadline = Number.POSITIVE_INFINITY
  /** Runs the deadline; cleared when the request is over. */
  timer: NodeJS.Timeout | undefined
  private texts: string[] | undefined
  private parsed: URLSearchParams | undefined
  private abortion: AbortController | undefined

  constructor(
    readonly request: IncomingRequest,
    readonly responder: Responder,
    now: number,
  ) {
    this.received = now
  }

  /** Query parameters, parsed on first use. */
  get query(): URLSearchParams {
    this.parsed ??= new URLSearchParams(this.info.query)
    return this.parsed
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name]
    return typeof value === 'string' ? value : value?.join(', ')
  }

  /** Adds a Warning header (RFC 7234, code 299) to the answer; the same text is sent once. */
  warn(text: string): void {
    this.texts ??= []
    if (!this.texts.includes(text)) this.texts.push(text)
  }

  get warnings(): readonly string[] {
    return this.texts ?? []
  }

  /** Aborted when the peer goes away, the deadline passes or the server closes. Made on first use. */
  get signal(): AbortSignal {
    if (!this.abortion) {
      const abortion = new AbortController()
      this.abortion = abortion
      this.responder.onClose(() => abortion.abort(new Error('the request has ended')))
    }
    return this.abortion.signal
  }

  abort(reason: Error): void {
    this.abortion ??= new AbortController()
    this.abortion.abort(reason)
  }
}
