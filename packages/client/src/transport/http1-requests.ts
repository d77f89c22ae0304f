import { randomBytes } from 'node:crypto'
import {
  Agent,
  type ClientRequest,
  type ClientRequestArgs,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http'
import type { Duplex } from 'node:stream'
import { TransportError, type TransportRequest, type TransportResponse } from '../transport.js'
import { wholeBody } from './body-queue.js'
import type { Dial } from './dial.js'

/** Requests over HTTP/1.1, with kept connections, and upgrades, each on a connection of its own. */
export class Http1Requests {
  private readonly agent: DialingAgent

  constructor(
    private readonly url: URL,
    dial: Dial,
  ) {
    this.agent = new DialingAgent(dial)
  }

  request(request: TransportRequest): Promise<TransportResponse> {
    return new Promise((resolve, reject) => {
      const outgoing = this.send(request, headersOf(request), reject)
      outgoing.on('response', (incoming) => resolve(answer(incoming, request.signal)))
      outgoing.end(request.body)
    })
  }

  /** Resolves with the raw connection once the server has switched protocols. */
  upgrade(request: TransportRequest & { readonly protocols: readonly string[] }): Promise<{ socket: Duplex; protocol: string }> {
    return new Promise((resolve, reject) => {
      const outgoing = this.send(request, upgradeHeaders(request), reject)
      outgoing.on('upgrade', (incoming, socket, head) => {
        if (head.length > 0) socket.unshift(head)
        const protocol = incoming.headers['sec-websocket-protocol'] ?? incoming.headers['x-stream-protocol-version'] ?? ''
        resolve({ socket, protocol: String(protocol) })
      })
      outgoing.on('response', (incoming) => {
        wholeBody(incoming).then(
          (body) =>
            reject(
              new TransportError(
                'protocol',
                `the server did not upgrade (code ${incoming.statusCode}): ${body.toString('utf8').slice(0, 1024)}`,
              ),
            ),
          reject,
        )
      })
      outgoing.end()
    })
  }

  close(): void {
    this.agent.destroy()
  }

  private send({ method, path, signal }: TransportRequest, headers: OutgoingHttpHeaders, reject: (error: Error) => void): ClientRequest {
    const outgoing = httpRequest({ agent: this.agent, host: this.url.hostname, port: this.url.port, method, path, headers, signal })
    outgoing.on('error', (cause) => reject(errorOf(cause, signal)))
    return outgoing
  }
}

/** An agent whose connections come from a dial function. */
class DialingAgent extends Agent {
  constructor(private readonly dial: Dial) {
    super({ keepAlive: true })
  }

  override createConnection(_options: ClientRequestArgs, callback?: (error: Error | null, stream: Duplex) => void): Duplex {
    this.dial(['http/1.1']).then(
      ({ socket }) => callback?.(null, socket),
      (error: Error) => callback?.(error, undefined as unknown as Duplex),
    )
    // The agent takes the connection from the callback when there is none to return yet.
    return undefined as unknown as Duplex
  }
}

function headersOf(request: TransportRequest): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {}
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name] = typeof value === 'string' ? value : [...value]
  if (request.body !== undefined) headers['content-length'] = Buffer.byteLength(request.body)
  return headers
}

/** WebSocket by default; SPDY when the request asks for it by an `upgrade` header. */
function upgradeHeaders(request: TransportRequest & { readonly protocols: readonly string[] }): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { connection: 'Upgrade', upgrade: 'websocket', ...headersOf(request) }
  if (headers['upgrade'] !== 'websocket') return { ...headers, 'x-stream-protocol-version': [...request.protocols] }
  return {
    ...headers,
    'sec-websocket-version': '13',
    'sec-websocket-key': randomBytes(16).toString('base64'),
    'sec-websocket-protocol': request.protocols.join(', '),
  }
}

function answer(incoming: IncomingMessage, signal: AbortSignal | undefined): TransportResponse {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) if (value !== undefined) headers[name] = String(value)
  async function* read(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of incoming) yield chunk as Buffer
    } catch (cause) {
      throw errorOf(cause as Error, signal)
    } finally {
      incoming.destroy()
    }
  }
  return { status: incoming.statusCode ?? 0, headers, bytes: () => wholeBody(read()), stream: read }
}

function errorOf(cause: Error, signal: AbortSignal | undefined): TransportError {
  if (cause instanceof TransportError) return cause
  if (signal?.reason instanceof TransportError) return signal.reason
  if (signal?.aborted) return new TransportError('aborted', 'the request was aborted', { cause })
  return new TransportError('connection', cause.message, { cause })
}
