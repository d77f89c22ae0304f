import type { IncomingMessage, ServerResponse } from 'node:http'
import { createSecureServer, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { Call } from './exchange.js'
import { Http1Call, Http1UpgradeCall } from './http1-call.js'
import { Http2Call } from './http2-call.js'
import { withIdentityHeaders } from './identity-headers.js'

/** Takes a request to its answer. Never throws. */
export type RequestSink = (call: Call) => void

export interface TlsMaterial {
  /** PEM. */
  readonly key: string | Buffer
  readonly cert: string | Buffer
}

export interface TlsListener {
  readonly port: number
  /** Takes no new connections and tells the peers to go (GOAWAY, `Connection: close`). */
  drain(): void
  /** Breaks what is left. Resolves when all sockets are closed. */
  close(): Promise<void>
}

const maximumHeaderBytes = 1024 * 1024
const maximumConcurrentStreams = 250
const idleTimeout = 90_000
/** Room for what many watches of one connection begin with; a session beyond it refuses streams. Each stream is bounded by itself. */
const sessionMegabytes = 512

/** Serves HTTP/2 and HTTP/1.1 over TLS. Rejects when the address cannot be had. */
export async function listenTls(address: { host: string; port: number }, tls: TlsMaterial, sink: RequestSink): Promise<TlsListener> {
  const server = createSecureServer({
    key: tls.key,
    cert: tls.cert,
    requestCert: true,
    // Whether a certificate is good is for authentication to say, by authorities that change while the server runs.
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    allowHTTP1: true,
    maxHeaderListPairs: 2000,
    maxSessionMemory: sessionMegabytes,
    settings: { maxConcurrentStreams: maximumConcurrentStreams, maxHeaderListSize: maximumHeaderBytes, initialWindowSize: 256 * 1024 },
    maxHeaderSize: maximumHeaderBytes,
    headersTimeout: 32_000,
    keepAliveTimeout: idleTimeout,
    // Bodies are bounded by the deadline of each request, and watches have none.
    requestTimeout: 0,
  } as Parameters<typeof createSecureServer>[0])
  // A listener of `request` would make node build its compatibility objects for every HTTP/2 stream too, which are
  // served raw; it learns of that listener through this event.
  server.removeAllListeners('newListener')

  const sessions = new Set<ServerHttp2Session>()
  const sockets = new Set<Duplex>()
  let draining = false
  server.on('secureConnection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', forgetPeer)
  })
  server.on('session', (session) => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
    session.on('error', forgetPeer)
    session.setTimeout(idleTimeout, () => {
      if (openStreams.get(session) === 0) session.close()
    })
    openStreams.set(session, 0)
    if (draining) session.close()
  })
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw: readonly string[]) => {
    const session = stream.session
    if (!session) return
    stream.on('error', forgetPeer)
    openStreams.set(session, (openStreams.get(session) ?? 0) + 1)
    stream.once('close', () => openStreams.set(session, (openStreams.get(session) ?? 1) - 1))
    const peer = peerOf(session.socket)
    sink(new Http2Call(stream, withIdentityHeaders(headers, raw), peer.certificate, peer.address))
  })
  server.on('request', (message: unknown, response: unknown) => {
    const incoming = message as IncomingMessage
    const outgoing = response as ServerResponse
    if (draining) outgoing.setHeader('connection', 'close')
    const peer = peerOf(incoming.socket)
    sink(new Http1Call(incoming, outgoing, peer.certificate))
  })
  server.on('upgrade', (message: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', forgetPeer)
    const peer = peerOf(message.socket)
    sink(new Http1UpgradeCall(message, socket, head, peer.certificate))
  })
  // What speaks no TLS or no HTTP is the peer's trouble; node closes the socket.
  server.on('tlsClientError', forgetPeer)
  server.on('sessionError', forgetPeer)

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(address.port, address.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const closed = new Promise<void>((resolve) => server.once('close', resolve))
  const drain = () => {
    if (draining) return
    draining = true
    server.close()
    for (const session of sessions) session.close()
  }
  return {
    port: (server.address() as AddressInfo).port,
    drain,
    async close() {
      drain()
      for (const session of sessions) session.destroy()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

interface Peer {
  readonly certificate?: Buffer
  readonly address?: string
}

const peers = new WeakMap<object, Peer>()
const openStreams = new WeakMap<object, number>()

/** Who is at the other end, read once for each connection. */
function peerOf(socket: unknown): Peer {
  const key = socket as object
  const known = peers.get(key)
  if (known) return known
  const peer = readPeer(socket)
  peers.set(key, peer)
  return peer
}

function readPeer(socket: unknown): Peer {
  const tls = socket as TLSSocket
  return { certificate: tls.getPeerX509Certificate?.()?.raw, address: tls.remoteAddress }
}

function forgetPeer(): void {
  // The peer's end failed or left; `close` follows, and everything of it is released there.
}
