import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { NodeAgent } from '../node-agent.js'
import type { PodWorkers } from '../pods/pod-workers.js'
import { Authenticator } from './authenticate.js'
import { Authorizer, subresourcesOf } from './authorize.js'
import type { NodeEndpoint } from './endpoint-server.js'
import { HttpError } from './http-error.js'
import { route } from './routes.js'
import { upgrade } from './upgrade.js'

/** The HTTPS endpoints of one node: who asks, whether they may, and then the route. */
export function nodeEndpoint(agent: NodeAgent, workers: PodWorkers, authorization: 'webhook' | 'always'): NodeEndpoint {
  const authenticator = new Authenticator(agent.client, agent.clock)
  const authorizer = new Authorizer(agent.client, agent.clock, agent.nodeName)

  const check = async (request: IncomingMessage): Promise<URL> => {
    const url = parseUrl(request)
    const caller = await authenticator.authenticate(request, agent.signal)
    if (caller === undefined) throw new HttpError(401, 'Unauthorized')
    const method = request.method ?? ''
    if (authorization === 'always' || (await authorizer.allows(caller, method, url.pathname, agent.signal))) return url
    const verb = method === 'POST' ? 'create' : method.toLowerCase()
    throw new HttpError(
      403,
      `Forbidden (user=${caller.name}, verb=${verb}, resource=nodes, subresource(s)=[${subresourcesOf(url.pathname).join(' ')}])`,
    )
  }

  return {
    async handle(request, response) {
      try {
        await route({ agent, workers, url: await check(request) }, request, response)
      } catch (error) {
        if (!(error instanceof HttpError)) throw error
        refuse(response, error)
      }
    },
    async upgrade(request, socket, head) {
      try {
        await upgrade({ agent, workers, url: await check(request) }, request, socket, head)
      } catch (error) {
        refuseUpgrade(
          socket,
          error instanceof HttpError ? error : new HttpError(500, error instanceof Error ? error.message : String(error)),
        )
      }
    },
  }
}

function parseUrl(request: IncomingMessage): URL {
  try {
    return new URL(request.url ?? '/', 'https://node')
  } catch {
    throw new HttpError(400, 'invalid request URL')
  }
}

function refuse(response: ServerResponse, { code, message }: HttpError): void {
  if (response.headersSent) return void response.destroy()
  response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }).end(`${message}\n`)
}

function refuseUpgrade(socket: Duplex, { code, message }: HttpError): void {
  const body = `${message}\n`
  socket.end(
    `HTTP/1.1 ${code} ${code === 401 ? 'Unauthorized' : 'Refused'}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}
