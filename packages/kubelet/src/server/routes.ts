import type { IncomingMessage, ServerResponse } from 'node:http'
import { containerLogs } from './container-logs.js'
import { HttpError } from './http-error.js'
import { listPods } from './pod-list.js'
import type { Route, RouteContext } from './route.js'
import { runCommand } from './run-command.js'
import { runningPods } from './running-pods.js'
import { statsSummary } from './stats-summary.js'

interface RouteEntry {
  readonly methods: readonly string[]
  readonly serve: Route
}

const routes: Readonly<Record<string, RouteEntry>> = {
  healthz: { methods: ['GET', 'HEAD'], serve: health },
  pods: { methods: ['GET'], serve: listPods },
  containerLogs: { methods: ['GET'], serve: containerLogs },
  run: { methods: ['POST'], serve: runCommand },
  runningpods: { methods: ['GET'], serve: runningPods },
  stats: { methods: ['GET', 'POST'], serve: stats },
}

/** Serves a request by the first segment of its path. Throws an HttpError for what is not served. */
export async function route(context: Omit<RouteContext, 'segments'>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [name = '', ...segments] = context.url.pathname.split('/').filter(Boolean).map(decode)
  const entry = Object.hasOwn(routes, name) ? routes[name] : undefined
  if (entry === undefined) throw new HttpError(404, '404 page not found')
  if (!entry.methods.includes(request.method ?? '')) throw new HttpError(405, '405: Method Not Allowed')
  await entry.serve({ ...context, segments }, request, response)
}

async function health({ agent }: RouteContext, _request: IncomingMessage, response: ServerResponse): Promise<void> {
  const dead = agent.signal.aborted
  response.writeHead(dead ? 500 : 200, { 'content-type': 'text/plain; charset=utf-8' }).end(dead ? 'stopping' : 'ok')
}

async function stats(context: RouteContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (context.segments.join('/') !== 'summary') throw new HttpError(404, '404 page not found')
  await statsSummary(context, request, response)
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new HttpError(400, 'invalid URL escape in path')
  }
}
