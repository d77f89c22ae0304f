import type { Duplex } from 'node:stream'
import { type Clock, systemClock } from '../time/clock.js'
import { type Transport, TransportError, type TransportRequest, type TransportResponse } from '../transport.js'
import type { ConnectionConfig } from './connection-config.js'
import { Deadlines } from './deadlines.js'
import { connector } from './dial.js'
import { Http1Requests } from './http1-requests.js'
import { Http2Sessions } from './http2-sessions.js'

/** Milliseconds, each. */
export interface TlsTransportOptions {
  /** To have a connection; 10 s by default. */
  readonly connectTimeout?: number
  /** Without a frame from the server after which it is pinged, and to answer the ping; 30 s and 15 s by default. */
  readonly pingInterval?: number
  readonly pingTimeout?: number
  readonly clock?: Clock
}

/**
 * Requests to an API server: multiplexed over HTTP/2 where the server speaks it, else over kept HTTP/1.1 connections.
 * Broken connections are replaced; a request the server has certainly not seen is sent again once.
 */
export function tlsTransport(config: ConnectionConfig, options: TlsTransportOptions = {}): Transport {
  const { connectTimeout = 10_000, pingInterval = 30_000, pingTimeout = 15_000, clock = systemClock } = options
  const url = new URL(config.server)
  const prefix = url.pathname.replace(/\/$/, '')
  const dial = connector(config, url, connectTimeout)
  const deadlines = new Deadlines(clock)
  const http2 = new Http2Sessions({ origin: url.origin, dial, clock, pingInterval, pingTimeout })
  const http1 = new Http1Requests(url, dial)
  let closed = false

  async function dispatch(request: TransportRequest): Promise<TransportResponse> {
    const slot = url.protocol === 'https:' ? await http2.slot() : undefined
    return slot ? slot.request(request) : http1.request(request)
  }

  async function withCredentials(request: TransportRequest, rejected: boolean): Promise<TransportRequest> {
    const headers = { ...request.headers, ...(await config.credentials?.headers?.(rejected)) }
    return { ...request, path: prefix + request.path, headers }
  }

  /** Sends with a deadline over the whole exchange. */
  async function exchange(request: TransportRequest): Promise<TransportResponse> {
    if (closed) throw new TransportError('closed', 'the transport is closed', { unsent: true })
    if (request.timeout === undefined) return again(request)
    const deadline = new AbortController()
    const forget = deadlines.add(request.timeout, () =>
      deadline.abort(new TransportError('deadline', `${request.method} ${request.path} took longer than ${request.timeout} ms`)),
    )
    const follow = () => deadline.abort(request.signal?.reason)
    if (request.signal?.aborted) follow()
    request.signal?.addEventListener('abort', follow, { once: true })
    const release = () => {
      forget()
      request.signal?.removeEventListener('abort', follow)
    }
    try {
      return whenRead(await again({ ...request, signal: deadline.signal }), release)
    } catch (error) {
      release()
      throw error
    }
  }

  async function again(request: TransportRequest): Promise<TransportResponse> {
    try {
      return await dispatch(request)
    } catch (error) {
      if (closed || !(error instanceof TransportError) || !error.unsent || request.signal?.aborted) throw error
      return dispatch(request)
    }
  }

  return {
    async request(request) {
      const first = await withCredentials(request, false)
      const response = await exchange(first)
      if (response.status !== 401 || !config.credentials?.headers) return response
      const renewed = await withCredentials(request, true)
      if (renewed.headers?.['authorization'] === first.headers?.['authorization']) return response
      await response.bytes()
      return exchange(renewed)
    },
    async upgrade(request): Promise<{ socket: Duplex; protocol: string }> {
      return http1.upgrade({ ...(await withCredentials(request, false)), protocols: request.protocols })
    },
    async close() {
      closed = true
      deadlines.clear()
      http1.close()
      await http2.close()
    },
  }
}

/** Calls `release` once the body has been read, or its reader has left. */
function whenRead(response: TransportResponse, release: () => void): TransportResponse {
  return {
    status: response.status,
    headers: response.headers,
    bytes: () => response.bytes().finally(release),
    async *stream() {
      try {
        yield* response.stream()
      } finally {
        release()
      }
    },
  }
}
