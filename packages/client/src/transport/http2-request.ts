import { type ClientHttp2Session, type ClientHttp2Stream, constants, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2'
import { TransportError, type TransportRequest, type TransportResponse } from '../transport.js'
import { wholeBody } from './body-queue.js'

export interface StreamObserver {
  /** Something has come from the server. */
  frame(): void
  closed(): void
}

/** Sends one request on a connection; resolves with the head of the answer. */
export function requestOver(session: ClientHttp2Session, request: TransportRequest, observer: StreamObserver): Promise<TransportResponse> {
  const { method, path, headers = {}, body, signal } = request
  return new Promise((resolve, reject) => {
    const outgoing: OutgoingHttpHeaders = { ':method': method, ':path': path }
    for (const [name, value] of Object.entries(headers)) outgoing[name] = typeof value === 'string' ? value : [...value]
    let stream: ClientHttp2Stream
    try {
      stream = session.request(outgoing, { endStream: body === undefined })
    } catch (cause) {
      observer.closed()
      return reject(new TransportError('connection', 'the connection is gone', { cause, unsent: true }))
    }
    let failure: TransportError | undefined
    const abort = () => {
      failure =
        signal?.reason instanceof TransportError
          ? signal.reason
          : new TransportError('aborted', 'the request was aborted', { cause: signal?.reason })
      reject(failure)
      stream.close(constants.NGHTTP2_CANCEL)
      stream.destroy(failure)
    }
    signal?.addEventListener('abort', abort, { once: true })
    stream.on('error', (cause: Error & { code?: string }) => {
      failure ??= new TransportError('connection', cause.message, { cause, unsent: refused(cause) })
      reject(failure)
    })
    stream.on('close', () => {
      signal?.removeEventListener('abort', abort)
      observer.closed()
      reject(
        failure ??
          new TransportError('connection', 'the connection broke', { unsent: stream.rstCode === constants.NGHTTP2_REFUSED_STREAM }),
      )
    })
    stream.on('response', (incoming) => {
      observer.frame()
      resolve(answer(stream, incoming, observer, () => failure))
    })
    if (signal?.aborted) return abort()
    if (body !== undefined) stream.end(body)
  })
}

function answer(
  stream: ClientHttp2Stream,
  incoming: IncomingHttpHeaders,
  observer: StreamObserver,
  failure: () => TransportError | undefined,
): TransportResponse {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming)) {
    if (name.startsWith(':') || value === undefined) continue
    headers[name] = typeof value === 'string' ? value : value.join(', ')
  }
  async function* read(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of stream) {
        observer.frame()
        yield chunk as Buffer
      }
    } catch (cause) {
      throw failure() ?? new TransportError('connection', (cause as Error).message, { cause })
    } finally {
      if (!stream.destroyed) stream.close(constants.NGHTTP2_CANCEL)
    }
    if (stream.rstCode !== constants.NGHTTP2_NO_ERROR && stream.rstCode !== constants.NGHTTP2_CANCEL) {
      throw failure() ?? new TransportError('connection', `the server reset the stream (code ${stream.rstCode})`)
    }
  }
  return { status: Number(incoming[':status']), headers, bytes: () => wholeBody(read()), stream: read }
}

/** The server said that it has not begun with the request. */
function refused(error: { readonly code?: string; readonly message: string }): boolean {
  return error.code === 'ERR_HTTP2_GOAWAY_SESSION' || error.message.includes('NGHTTP2_REFUSED_STREAM')
}
