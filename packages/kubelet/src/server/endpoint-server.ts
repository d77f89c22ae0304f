import { createServer as createHttpServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer, type Server as NetServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls'
import type { KeyPair } from './key-pair.js'

/** One node's side of the shared server. */
export interface NodeEndpoint {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>
}

export interface EndpointAddress {
  readonly host: string
  readonly port: number
  readonly serving: KeyPair
  /** Certificate authority of clients, in PEM. */
  readonly clientCA: string
}

export interface ListeningEndpoint {
  readonly port: number
  close(): Promise<void>
}

/** Connections of one node at a time. */
const mostConnections = 1_000
/** Milliseconds for the handshake and for the first request after it. */
const greetingTime = 30_000

const owners = new WeakMap<Duplex, NodeEndpoint>()
/** Timers that end connections on which no request ever comes. */
const greetings = new WeakMap<Duplex, NodeJS.Timeout>()

/**
 * One HTTP implementation for the endpoints of all nodes of a process. A node that nobody talks to costs a listening
 * socket: its TLS state is made with its first connection.
 */
export class EndpointServer {
  readonly #http: HttpServer = createHttpServer({ keepAliveTimeout: 90_000, maxHeaderSize: 64 * 1024 }, answer).on('upgrade', upgrade)

  /** Listens for a node. Rejects when the address is taken. */
  async listen(address: EndpointAddress, endpoint: NodeEndpoint): Promise<ListeningEndpoint> {
    const sockets = new Set<Socket>()
    let tls: TlsServer | undefined
    const server: NetServer = createServer((socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => socket.destroy())
      tls ??= this.#tls(address, endpoint)
      tls.emit('connection', socket)
    })
    server.maxConnections = mostConnections
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host: address.host, port: address.port, exclusive: true }, () => {
        server.removeListener('error', reject)
        resolve()
      })
    })
    const bound = server.address()
    return {
      port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve())
          for (const socket of sockets) socket.destroy()
        }),
    }
  }

  async close(): Promise<void> {
    this.#http.close()
  }

  #tls({ serving, clientCA }: EndpointAddress, endpoint: NodeEndpoint): TlsServer {
    const server = createTlsServer({
      key: serving.key,
      cert: serving.cert,
      ca: clientCA,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: greetingTime,
    })
    server.on('secureConnection', (socket: TLSSocket) => {
      owners.set(socket, endpoint)
      const impatience = setTimeout(() => socket.destroy(), greetingTime)
      impatience.unref()
      greetings.set(socket, impatience)
      socket.once('close', () => clearTimeout(impatience))
      this.#http.emit('connection', socket)
    })
    server.on('tlsClientError', (_error, socket: TLSSocket) => socket.destroy())
    return server
  }
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  clearTimeout(greetings.get(request.socket))
  const endpoint = owners.get(request.socket)
  if (endpoint === undefined) return void response.destroy()
  endpoint.handle(request, response).catch((error: unknown) => {
    if (response.headersSent) return void response.destroy()
    response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end(`${error instanceof Error ? error.message : error}\n`)
  })
}

function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
  socket.on('error', () => socket.destroy())
  clearTimeout(greetings.get(socket))
  const endpoint = owners.get(socket)
  if (endpoint === undefined) return void socket.destroy()
  endpoint.upgrade(request, socket, head).catch(() => socket.destroy())
}
