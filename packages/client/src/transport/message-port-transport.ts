import type { MessagePort } from 'node:worker_threads'
import { type Clock, systemClock } from '../time/clock.js'
import { type Transport, TransportError, type TransportRequest, type TransportResponse } from '../transport.js'
import { BodyQueue, wholeBody } from './body-queue.js'
import { Deadlines } from './deadlines.js'
import { type PortClientMessage, type PortHead, type PortServerMessage, portWindow } from './message-port-protocol.js'

/** A request whose answer is not complete. */
interface OpenRequest {
  readonly body: BodyQueue
  answered(head: PortHead): void
  /** The answer is complete, or will never be. */
  ended(error?: TransportError): void
}

/** Requests to the API server at the other end of a message port in this process. Takes the port over, closing included. */
export function messagePortTransport(port: MessagePort, options: { readonly clock?: Clock } = {}): Transport {
  const open = new Map<number, OpenRequest>()
  const deadlines = new Deadlines(options.clock ?? systemClock)
  let lastId = 0
  let closed = false
  const post = (message: PortClientMessage) => port.postMessage(message)

  function shut(): void {
    if (closed) return
    closed = true
    deadlines.clear()
    for (const request of [...open.values()]) request.ended(new TransportError('closed', 'the connection to the API server is closed'))
    open.clear()
    port.close()
  }

  port.on('message', (message: PortServerMessage) => {
    if (message.type === 'close') return shut()
    const request = open.get(message.id)
    if (!request) return
    switch (message.type) {
      case 'head':
        request.answered(message)
        break
      case 'chunk':
        request.body.push(bufferOf(message.bytes))
        break
      case 'end':
        request.ended(message.error === undefined ? undefined : new TransportError('connection', message.error))
        break
    }
  })
  port.on('close', shut)

  function send(request: TransportRequest): Promise<TransportResponse> {
    if (closed) return Promise.reject(new TransportError('closed', 'the transport is closed', { unsent: true }))
    if (request.signal?.aborted) return Promise.reject(new TransportError('aborted', 'aborted before sending', { unsent: true }))
    const id = ++lastId
    return new Promise((resolve, reject) => {
      let untaken = 0
      const body = new BodyQueue(
        (bytes) => {
          untaken += bytes
          if (untaken < portWindow / 4 || !open.has(id)) return
          post({ type: 'ack', id, bytes: untaken })
          untaken = 0
        },
        () => cancel(),
      )
      const release = () => {
        open.delete(id)
        disarm()
        request.signal?.removeEventListener('abort', aborted)
      }
      const cancel = () => {
        if (!open.has(id)) return
        release()
        if (!closed) post({ type: 'cancel', id })
      }
      const breakOff = (error: TransportError) => {
        cancel()
        body.end(error)
        reject(error)
      }
      const aborted = () => breakOff(new TransportError('aborted', 'the request was aborted', { cause: request.signal?.reason }))
      const disarm = deadlines.add(request.timeout, () =>
        breakOff(new TransportError('deadline', `${request.method} ${request.path} took longer than ${request.timeout} ms`)),
      )
      request.signal?.addEventListener('abort', aborted, { once: true })
      open.set(id, {
        body,
        answered: (head) => {
          if (head.body !== undefined) {
            release()
            body.push(bufferOf(head.body))
            body.end()
          }
          resolve({ status: head.status, headers: head.headers, bytes: () => wholeBody(body), stream: () => body })
        },
        ended: (error) => {
          release()
          body.end(error)
          reject(error ?? new TransportError('protocol', 'the answer ended before its head'))
        },
      })
      const { method, path, headers = {}, body: content } = request
      post({ type: 'request', id, method, path, headers, ...(content !== undefined && { body: content }) })
    })
  }

  return {
    request: send,
    close() {
      if (!closed) post({ type: 'close' })
      shut()
      return Promise.resolve()
    },
  }
}

function bufferOf(bytes: Uint8Array | string): Buffer {
  if (typeof bytes === 'string') return Buffer.from(bytes)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
