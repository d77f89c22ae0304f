import type { OutgoingHttpHeaders } from 'node:http'
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import { constants } from 'node:http2'
import { collectBody } from './body.js'
import type { IncomingRequest, Responder, ResponseStream } from './exchange.js'
import { StreamWriter } from './stream-writer.js'

/** One HTTP/2 stream as a request and its way back, on the raw stream: the compatibility layer costs a third of the throughput. */
export class Http2Call implements IncomingRequest, Responder {
  started = false
  status = 0

  constructor(
    private readonly stream: ServerHttp2Stream,
    readonly headers: IncomingHttpHeaders,
    readonly clientCertificate: Buffer | undefined,
    readonly remoteAddress: string | undefined,
  ) {}

  get method(): string {
    return this.headers[':method'] ?? 'GET'
  }

  get target(): string {
    return this.headers[':path'] ?? '/'
  }

  readBody(limit: number): Promise<Buffer> {
    return collectBody(this.stream, this.headers, limit)
  }

  bodyStream(): AsyncIterable<Buffer> {
    return this.stream
  }

  send(status: number, headers: OutgoingHttpHeaders, body?: Buffer | string): void {
    if (this.started) return
    this.started = true
    this.status = status
    const { stream } = this
    if (stream.destroyed || stream.closed) return
    headers[':status'] = status
    if (body === undefined || body.length === 0 || this.method === 'HEAD') {
      if (body !== undefined) headers['content-length'] ??= Buffer.byteLength(body)
      stream.respond(headers, { endStream: true })
      return
    }
    headers['content-length'] ??= typeof body === 'string' ? Buffer.byteLength(body) : body.length
    stream.respond(headers)
    stream.end(body)
  }

  start(status: number, headers: OutgoingHttpHeaders): ResponseStream {
    this.started = true
    this.status = status
    const { stream } = this
    headers[':status'] = status
    if (!stream.destroyed && !stream.closed) stream.respond(headers)
    return new StreamWriter(stream, () => stream.close(constants.NGHTTP2_INTERNAL_ERROR))
  }

  onClose(listener: () => void): void {
    if (this.stream.destroyed || this.stream.closed) listener()
    else this.stream.once('close', listener)
  }
}
