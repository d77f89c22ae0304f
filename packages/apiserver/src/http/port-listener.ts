import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import type { MessagePort } from 'node:worker_threads'
import { type PortClientMessage, type PortRequest, type PortServerMessage, portWindow } from '@treeline/client'
import { errors } from '@treeline/machinery'
import type { UserInfo } from '../authentication/authenticator.js'
import type { IncomingRequest, Responder, ResponseStream } from './exchange.js'
import type { RequestSink } from './tls-listener.js'

/** Serves the requests of one message port as `user`. Returns the function that ends it. */
export function servePort(port: MessagePort, user: UserInfo, sink: RequestSink): () => void {
  const calls = new Map<number, PortCall>()
  const forget = (id: number) => calls.delete(id)
  const closeCalls = () => {
    for (const call of [...calls.values()]) call.close()
  }
  port.on('message', (message: PortClientMessage) => {
    switch (message.type) {
      case 'request': {
        const call = new PortCall(port, message, user, forget)
        calls.set(message.id, call)
        sink(call)
        return
      }
      case 'ack':
        calls.get(message.id)?.acknowledge(message.bytes)
        return
      case 'cancel':
        calls.get(message.id)?.close()
        return
      case 'close':
        closeCalls()
        port.close()
    }
  })
  port.on('close', closeCalls)
  return () => {
    closeCalls()
    port.postMessage({ type: 'close' } satisfies PortServerMessage)
    port.close()
  }
}

/** One request that came through a message port, and its way back. */
class PortCall implements IncomingRequest, Responder, ResponseStream {
  started = false
  status = 0
  closed = false
  pending = 0
  private closeListeners: (() => void)[] | undefined
  private waiters: (() => void)[] = []

  constructor(
    private readonly port: MessagePort,
    private readonly message: PortRequest,
    readonly user: UserInfo,
    private readonly forget: (id: number) => void,
  ) {}

  get method(): string {
    return this.message.method
  }

  get target(): string {
    return this.message.path
  }

  get headers(): IncomingHttpHeaders {
    return this.message.headers as IncomingHttpHeaders
  }

  async readBody(limit: number): Promise<Buffer> {
    const { body = '' } = this.message
    const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.length)
    if (bytes.length > limit) throw errors.requestEntityTooLarge(`limit is ${limit}`)
    return bytes
  }

  async *bodyStream(): AsyncIterable<Buffer> {
    yield await this.readBody(Number.POSITIVE_INFINITY)
  }

  send(status: number, headers: OutgoingHttpHeaders, body?: Buffer | string): void {
    if (this.started) return
    this.started = true
    this.status = status
    this.post({ type: 'head', id: this.message.id, status, headers: flatten(headers), body: typeof body === 'string' ? body : exact(body) })
    this.close()
  }

  start(status: number, headers: OutgoingHttpHeaders): ResponseStream {
    this.started = true
    this.status = status
    this.post({ type: 'head', id: this.message.id, status, headers: flatten(headers) })
    return this
  }

  write(chunk: Buffer): boolean {
    if (this.closed) return true
    this.pending += chunk.length
    this.post({ type: 'chunk', id: this.message.id, bytes: exact(chunk) })
    return this.pending < portWindow
  }

  drained(): Promise<void> {
    if (this.closed || this.pending < portWindow) return Promise.resolve()
    return new Promise((resolve) => this.waiters.push(resolve))
  }

  end(): void {
    this.post({ type: 'end', id: this.message.id })
    this.close()
  }

  abort(): void {
    this.post({ type: 'end', id: this.message.id, error: 'the server broke the answer off' })
    this.close()
  }

  onClose(listener: () => void): void {
    if (this.closed) listener()
    else if (this.closeListeners) this.closeListeners.push(listener)
    else this.closeListeners = [listener]
  }

  acknowledge(bytes: number): void {
    this.pending -= bytes
    if (this.pending < portWindow) this.release()
  }

  /** Nothing goes out after this. */
  close(): void {
    if (this.closed) return
    this.closed = true
    this.forget(this.message.id)
    this.release()
    for (const listener of this.closeListeners ?? []) listener()
  }

  private post(message: PortServerMessage): void {
    if (this.closed) return
    const bytes = message.type === 'chunk' ? message.bytes : message.type === 'head' ? message.body : undefined
    this.port.postMessage(message, bytes instanceof Uint8Array ? [bytes.buffer as ArrayBuffer] : [])
  }

  private release(): void {
    const { waiters } = this
    this.waiters = []
    for (const resolve of waiters) resolve()
  }
}

/** A copy with an ArrayBuffer of its own, which can be transferred. */
function exact(bytes: Buffer = Buffer.alloc(0)): Uint8Array {
  return new Uint8Array(bytes)
}

function flatten(headers: OutgoingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const name of Object.keys(headers)) {
    const value = headers[name]
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : String(value)
  }
  return flat
}
