import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import { type Duplex, Readable } from 'node:stream'
import { collectBody } from './body.js'
import type { IncomingRequest, Responder, ResponseStream, UpgradedConnection } from './exchange.js'
import { withIdentityHeaders } from './identity-headers.js'
import { StreamWriter } from './stream-writer.js'

/** One HTTP/1.1 request and its way back. */
export class Http1Call implements IncomingRequest, Responder {
  started = false
  status = 0
  readonly headers: IncomingHttpHeaders

  constructor(
    private readonly message: IncomingMessage,
    private readonly response: ServerResponse,
    readonly clientCertificate: Buffer | undefined,
  ) {
    this.headers = withIdentityHeaders(message.headers, message.rawHeaders)
  }

  get method(): string {
    return this.message.method ?? 'GET'
  }

  get target(): string {
    return this.message.url ?? '/'
  }

  get remoteAddress(): string | undefined {
    return this.message.socket.remoteAddress
  }

  readBody(limit: number): Promise<Buffer> {
    return collectBody(this.message, this.headers, limit)
  }

  bodyStream(): AsyncIterable<Buffer> {
    return this.message
  }

  send(status: number, headers: OutgoingHttpHeaders, body?: Buffer | string): void {
    if (this.started) return
    this.started = true
    this.status = status
    const { response } = this
    if (response.destroyed) return
    // A body left unread would be taken for the next request of the connection.
    if (!this.message.complete) headers['connection'] = 'close'
    if (body !== undefined && headers['content-length'] === undefined) headers['content-length'] = Buffer.byteLength(body)
    response.writeHead(status, headers)
    if (body === undefined || this.method === 'HEAD') response.end()
    else response.end(body)
  }

  start(status: number, headers: OutgoingHttpHeaders): ResponseStream {
    this.started = true
    this.status = status
    const { response } = this
    if (!response.destroyed) {
      response.writeHead(status, headers)
      response.flushHeaders()
    }
    return new StreamWriter(response, () => response.destroy())
  }

  onClose(listener: () => void): void {
    if (this.response.destroyed || this.response.writableFinished) listener()
    else this.response.once('close', listener)
  }
}

/** An HTTP/1.1 request that asks for an upgrade. An ordinary answer is written by hand and ends the connection. */
export class Http1UpgradeCall implements IncomingRequest, Responder {
  started = false
  status = 0
  readonly headers: IncomingHttpHeaders

  constructor(
    private readonly message: IncomingMessage,
    private readonly socket: Duplex,
    private readonly head: Buffer,
    readonly clientCertificate: Buffer | undefined,
  ) {
    this.headers = withIdentityHeaders(message.headers, message.rawHeaders)
  }

  get method(): string {
    return this.message.method ?? 'GET'
  }

  get target(): string {
    return this.message.url ?? '/'
  }

  get remoteAddress(): string | undefined {
    return this.message.socket.remoteAddress
  }

  async readBody(): Promise<Buffer> {
    return Buffer.alloc(0)
  }

  bodyStream(): AsyncIterable<Buffer> {
    return Readable.from([])
  }

  send(status: number, headers: OutgoingHttpHeaders, body?: Buffer | string): void {
    if (this.started) return
    this.started = true
    this.status = status
    if (this.socket.destroyed) return
    const bytes = body === undefined ? Buffer.alloc(0) : Buffer.from(body)
    this.socket.end(Buffer.concat([head(status, { ...headers, 'content-length': bytes.length, connection: 'close' }), bytes]))
  }

  start(status: number, headers: OutgoingHttpHeaders): ResponseStream {
    this.started = true
    this.status = status
    if (!this.socket.destroyed) this.socket.write(head(status, { ...headers, connection: 'close' }))
    return new StreamWriter(this.socket, () => this.socket.destroy())
  }

  readonly upgrade = (): UpgradedConnection => {
    this.started = true
    this.status = 101
    return { socket: this.socket, head: this.head }
  }

  onClose(listener: () => void): void {
    if (this.socket.destroyed) listener()
    else this.socket.once('close', listener)
  }
}

function head(status: number, headers: OutgoingHttpHeaders): Buffer {
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n`
  for (const [name, value] of Object.entries(headers)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) text += `${name}: ${one}\r\n`
  }
  return Buffer.from(`${text}\r\n`, 'latin1')
}
