import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Who answers on a port: what the page of a simulated container says. */
export interface PageOwner {
  readonly identity: Readonly<Record<'pod' | 'namespace' | 'node' | 'container' | 'image' | 'address', string>>
  /** Answered to every request; 200 unless the pod asks to look broken. */
  readonly httpStatus: number
  requested(line: string): void
}

const owners = new WeakMap<Socket, PageOwner>()

/** One HTTP server for all pods of the process; listeners hand it their connections. */
export class IdentityPages {
  readonly #server: Server = createServer({ keepAliveTimeout: 60_000 }, answer)

  serve(socket: Socket, owner: PageOwner): void {
    owners.set(socket, owner)
    this.#server.emit('connection', socket)
  }

  close(): void {
    this.#server.close()
  }
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const owner = owners.get(request.socket)
  if (owner === undefined) return void response.destroy()
  request.resume()
  const json = /json/.test(request.headers.accept ?? '') || /\.json$/.test(request.url ?? '')
  const body = json ? `${JSON.stringify(owner.identity, null, 2)}\n` : textPage(owner.identity)
  response.writeHead(owner.httpStatus, {
    'content-type': json ? 'application/json' : 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    server: 'sandbox',
  })
  response.end(request.method === 'HEAD' ? undefined : body)
  const agent = request.headers['user-agent'] ?? '-'
  if (!agent.startsWith('kube-probe/')) {
    const peer = request.socket.remoteAddress ?? '-'
    owner.requested(
      `${peer} - - [${new Date().toISOString()}] "${request.method} ${request.url} HTTP/${request.httpVersion}" ${owner.httpStatus} ${Buffer.byteLength(body)} "${agent}"`,
    )
  }
}

function textPage(identity: PageOwner['identity']): string {
  return Object.entries(identity)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')
}
