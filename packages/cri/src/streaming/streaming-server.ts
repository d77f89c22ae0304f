import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { createWebSocketStream, type WebSocket } from 'ws'
import { CriError, criCodes } from '../grpc/error.js'
import { acceptWebSocket, isTunnel } from './accept-websocket.js'
import { type PortForwarder, portForwardProtocol, serveSpdyPortForward, serveWebSocketPortForward } from './port-forward.js'
import type { CommandRunner, StreamFlags } from './remote-command.js'
import { remoteCommandProtocols, serveSpdyCommand } from './spdy-remote-command.js'
import { serveWebSocketCommand } from './websocket-remote-command.js'

type Ticket =
  | { readonly what: 'exec' | 'attach'; readonly flags: StreamFlags; readonly run: CommandRunner }
  | { readonly what: 'portforward'; readonly ports: readonly number[]; readonly forward: PortForwarder }

const ticketLife = 60_000
const mostTickets = 1_000

/**
 * The server behind the URLs that Exec, Attach and PortForward answer with: a ticket per call, good once and for a
 * minute, over SPDY/3.1 or WebSockets, on loopback only.
 */
export class StreamingServer {
  readonly #tickets = new Map<string, Ticket>()
  readonly #sockets = new Set<Duplex>()
  readonly #http: Server
  #base = ''

  private constructor() {
    this.#http = createServer((_request, response) => response.writeHead(404).end())
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  /** Listens on a free port of loopback. */
  static async listen(): Promise<StreamingServer> {
    const server = new StreamingServer()
    await new Promise<void>((resolve, reject) => {
      server.#http.once('error', reject)
      server.#http.listen({ host: '127.0.0.1', port: 0 }, resolve)
    })
    const address = server.#http.address()
    server.#base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
    return server
  }

  /** URL of a command that runs when a client comes. Throws INVALID_ARGUMENT on flags that make no sense. */
  commandUrl(what: 'exec' | 'attach', flags: StreamFlags, run: CommandRunner): string {
    if (flags.tty && flags.stderr) throw new CriError(criCodes.INVALID_ARGUMENT, 'tty and stderr cannot both be true')
    if (!flags.stdin && !flags.stdout && !flags.stderr) {
      throw new CriError(criCodes.INVALID_ARGUMENT, 'one of stdin, stdout, or stderr must be set')
    }
    return this.#issue({ what, flags, run })
  }

  /** URL of a port-forward; `ports` matter to WebSocket clients only. */
  portForwardUrl(ports: readonly number[], forward: PortForwarder): string {
    return this.#issue({ what: 'portforward', ports, forward })
  }

  async close(): Promise<void> {
    this.#tickets.clear()
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>((resolve) => this.#http.close(() => resolve()))
  }

  #issue(ticket: Ticket): string {
    if (this.#tickets.size >= mostTickets) throw new CriError(criCodes.RESOURCE_EXHAUSTED, 'maximum number of in-flight requests exceeded')
    const token = randomBytes(6).toString('base64url')
    this.#tickets.set(token, ticket)
    setTimeout(() => this.#tickets.delete(token), ticketLife).unref()
    return `${this.#base}/${ticket.what}/${token}`
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    const [, what = '', token = ''] = (request.url ?? '').split('?')[0]?.split('/') ?? []
    const ticket = this.#tickets.get(token)
    if (ticket === undefined || ticket.what !== what) {
      refuse(socket, '404 Not Found')
      return
    }
    this.#tickets.delete(token)
    const kind = (request.headers.upgrade ?? '').toLowerCase()
    if (kind === 'websocket') acceptWebSocket(request, socket, head).then((webSocket) => serveWebSocket(webSocket, ticket))
    else if (kind === 'spdy/3.1') serveSpdy(request, socket, head, ticket)
    else refuse(socket, '400 Bad Request')
  }
}

function serveWebSocket(webSocket: WebSocket, ticket: Ticket): void {
  const serving =
    ticket.what !== 'portforward'
      ? serveWebSocketCommand(webSocket, ticket.flags, ticket.run)
      : isTunnel(webSocket)
        ? serveSpdyPortForward(createWebSocketStream(webSocket), ticket.forward)
        : serveWebSocketPortForward(webSocket, ticket.ports, ticket.forward)
  serving.catch(() => webSocket.terminate())
}

function serveSpdy(request: IncomingMessage, socket: Duplex, head: Buffer, ticket: Ticket): void {
  const offered = [request.headers['x-stream-protocol-version'] ?? []]
    .flat()
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
  const known = ticket.what === 'portforward' ? [portForwardProtocol] : remoteCommandProtocols
  const protocol = offered.length === 0 ? known.at(-1) : known.find((name) => offered.includes(name))
  if (protocol === undefined) {
    const accepted = known.map((name) => `X-Accepted-Stream-Protocol-Versions: ${name}\r\n`).join('')
    refuse(socket, '403 Forbidden', accepted)
    return
  }
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${protocol}\r\n\r\n`,
  )
  if (head.length > 0) socket.unshift(head)
  const serving =
    ticket.what === 'portforward'
      ? serveSpdyPortForward(socket, ticket.forward)
      : serveSpdyCommand(socket, protocol, ticket.flags, ticket.run)
  serving.catch(() => socket.destroy())
}

function refuse(socket: Duplex, status: string, headers = ''): void {
  socket.end(`HTTP/1.1 ${status}\r\n${headers}Content-Length: 0\r\nConnection: close\r\n\r\n`)
}
