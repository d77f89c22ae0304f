import { type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import type { Exchange, ResponseStream } from '../../http/exchange.js'
import { type Backend, type Backends, tlsOptions } from './backend.js'

export interface ForwardedRequest {
  readonly method: string
  /** Path and query, percent-encoded. */
  readonly path: string
  readonly headers: NodeJS.Dict<number | string | string[] | readonly string[]>
  /** Absent: the request has no body. */
  readonly body?: AsyncIterable<Buffer>
  readonly signal: AbortSignal
}

/** Sends a request to a backend; resolves with the head of its answer. Rejects as `node:http` does. */
export function send(backends: Backends, backend: Backend, forwarded: ForwardedRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { method, path, headers, body, signal } = forwarded
    const { host, port, protocol } = backend
    const options = {
      host,
      port,
      method,
      path,
      headers: { ...headers, host: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}` },
      agent: backends.agentFor(backend),
      signal,
    }
    const request = protocol === 'https' ? requestTls({ ...options, ...tlsOptions(backend) }) : requestPlain(options)
    request.once('response', resolve)
    request.once('error', reject)
    if (!body) request.end()
    else writeBody(request, body).catch((error: Error) => request.destroy(error))
  })
}

async function writeBody(request: NodeJS.WritableStream, body: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of body) {
    if (!request.write(chunk)) await new Promise((resolve) => request.once('drain', resolve))
  }
  request.end()
}

/** Passes a backend's body on as it comes; breaks off when either side does. */
export async function passOn(answer: IncomingMessage, stream: ResponseStream): Promise<void> {
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      if (stream.closed) break
      if (!stream.write(chunk)) await stream.drained()
    }
    stream.end()
  } catch {
    // The backend broke off; the caller must see that what came is not all.
    stream.abort()
  } finally {
    answer.destroy()
  }
}

/** Whether a request of this exchange can have a body. */
export function bodyOf({ request }: Exchange): AsyncIterable<Buffer> | undefined {
  const { headers } = request
  const announced = headers['content-length'] !== undefined ? headers['content-length'] !== '0' : headers['transfer-encoding'] !== undefined
  const overHttp2 = headers[':method'] !== undefined && request.method !== 'GET' && request.method !== 'HEAD'
  return announced || overHttp2 ? request.bodyStream() : undefined
}
