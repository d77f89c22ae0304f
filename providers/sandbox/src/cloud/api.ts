import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { ApiError } from './api-error.js'
import type { Balancers, LoadBalancerRequest } from './balancers.js'
import { instanceTypes, region, zones } from './catalog.js'
import type { InstanceFleet } from './instances.js'
import { checkBackends, checkLoadBalancer, checkRoute, textField } from './requests.js'
import type { RouteTable } from './routes.js'
import type { BackendRecord } from './state.js'

export interface CloudParts {
  readonly token: string
  readonly fleet: InstanceFleet
  readonly balancers: Balancers
  readonly routes: RouteTable
}

interface Call {
  readonly parts: CloudParts
  readonly match: RegExpExecArray
  readonly query: URLSearchParams
  readonly body: Record<string, unknown>
}

const largestBody = 1024 * 1024
const pageSize = 1000

/** The whole API: method, path and what it does. */
const operations: readonly { method: string; path: RegExp; run: (call: Call) => unknown }[] = [
  { method: 'GET', path: /^\/v1\/region$/, run: () => ({ region, zones, instanceTypes }) },
  { method: 'GET', path: /^\/v1\/instances$/, run: ({ parts, query }) => page(parts.fleet.list(), query) },
  {
    method: 'POST',
    path: /^\/v1\/instances$/,
    run: ({ parts, body }) =>
      parts.fleet.create({ name: textField(body, 'name'), zone: textField(body, 'zone'), type: textField(body, 'type') }),
  },
  { method: 'GET', path: /^\/v1\/instances\/([\w-]+)$/, run: ({ parts, match }) => parts.fleet.get(match[1] ?? '') },
  { method: 'DELETE', path: /^\/v1\/instances\/([\w-]+)$/, run: ({ parts, match }) => parts.fleet.terminate(match[1] ?? '') },
  { method: 'POST', path: /^\/v1\/instances\/([\w-]+)\/stop$/, run: ({ parts, match }) => parts.fleet.stop(match[1] ?? '') },
  { method: 'POST', path: /^\/v1\/instances\/([\w-]+)\/start$/, run: ({ parts, match }) => parts.fleet.start(match[1] ?? '') },
  { method: 'GET', path: /^\/v1\/load-balancers$/, run: ({ parts, query }) => page(parts.balancers.list(), query) },
  { method: 'GET', path: /^\/v1\/load-balancers\/([\w-]+)$/, run: ({ parts, match }) => parts.balancers.get(match[1] ?? '') },
  {
    method: 'PUT',
    path: /^\/v1\/load-balancers\/([\w-]+)$/,
    run: ({ parts, match, body }) => parts.balancers.put(match[1] ?? '', checkLoadBalancer(body) satisfies LoadBalancerRequest),
  },
  {
    method: 'PUT',
    path: /^\/v1\/load-balancers\/([\w-]+)\/backends$/,
    run: ({ parts, match, body }) => parts.balancers.putBackends(match[1] ?? '', checkBackends(body.backends) satisfies BackendRecord[]),
  },
  { method: 'DELETE', path: /^\/v1\/load-balancers\/([\w-]+)$/, run: ({ parts, match }) => parts.balancers.delete(match[1] ?? '') },
  { method: 'GET', path: /^\/v1\/routes$/, run: ({ parts, query }) => page(parts.routes.list(query.get('cluster') ?? undefined), query) },
  { method: 'POST', path: /^\/v1\/routes$/, run: ({ parts, body }) => parts.routes.create(checkRoute(body)) },
  { method: 'DELETE', path: /^\/v1\/routes\/([\w-]+)$/, run: ({ parts, match }) => parts.routes.delete(match[1] ?? '') },
]

/** Serves the cloud's HTTP API. Every call carries the account's token. */
export async function serveApi(
  parts: CloudParts,
  address: string,
  log: (message: string) => void,
): Promise<{ endpoint: string; server: Server }> {
  const server = createServer((request, response) => {
    answer(parts, request)
      .then((result) => send(response, result === undefined ? 204 : 200, result))
      .catch((error: unknown) => {
        if (!(error instanceof ApiError))
          log(`${request.method} ${request.url}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
        const refusal =
          error instanceof ApiError ? error : new ApiError(500, 'InternalError', error instanceof Error ? error.message : String(error))
        send(response, refusal.status, { code: refusal.code, message: refusal.message })
      })
  })
  server.requestTimeout = 30_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: address, port: 0 }, resolve)
  })
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the cloud API has no port')
  return { endpoint: `http://${address}:${bound.port}`, server }
}

async function answer(parts: CloudParts, request: IncomingMessage): Promise<unknown> {
  if (!isToken(request.headers.authorization, parts.token)) throw new ApiError(401, 'Unauthorized', 'a valid bearer token is needed')
  const url = new URL(request.url ?? '/', 'http://cloud')
  const paths = operations.filter((operation) => operation.path.test(url.pathname))
  const operation = paths.find((candidate) => candidate.method === request.method)
  if (!operation) {
    if (paths.length > 0) throw new ApiError(405, 'MethodNotAllowed', `${url.pathname} does not take ${request.method}`)
    throw new ApiError(404, 'NoSuchPath', `there is no ${url.pathname}`)
  }
  const match = operation.path.exec(url.pathname)
  if (!match) throw new ApiError(404, 'NoSuchPath', `there is no ${url.pathname}`)
  return operation.run({ parts, match, query: url.searchParams, body: await readBody(request) })
}

function isToken(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > largestBody) throw new ApiError(413, 'BodyTooLarge', `a body may have ${largestBody} bytes`)
    chunks.push(chunk)
  }
  if (size === 0) return {}
  let body: unknown
  try {
    body = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch (error) {
    throw new ApiError(400, 'InvalidJSON', error instanceof Error ? error.message : String(error))
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new ApiError(400, 'InvalidBody', 'the body must be a JSON object')
  return body as Record<string, unknown>
}

function page<T>(items: readonly T[], query: URLSearchParams): { items: readonly T[]; next?: string } {
  const start = Number(query.get('page') ?? 0)
  if (!Number.isSafeInteger(start) || start < 0) throw new ApiError(400, 'InvalidPage', `"${query.get('page')}" is not a page`)
  const end = start + pageSize
  return { items: items.slice(start, end), ...(end < items.length ? { next: String(end) } : {}) }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (body === undefined) {
    response.writeHead(status).end()
    return
  }
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
