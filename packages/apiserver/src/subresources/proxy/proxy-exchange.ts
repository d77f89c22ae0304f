import { errors } from '@treeline/machinery'
import type { SubresourceCall } from '../../registry/subresource-handler.js'
import { type Backend, type Backends, dialProblem } from './backend.js'
import { bodyOf, passOn, send } from './forward.js'
import { forwardedRequestHeaders, forwardedResponseHeaders, wantsUpgrade } from './forwarded-headers.js'
import { proxiedPath } from './proxied-name.js'
import { splice } from './splice.js'

/** Serves a `proxy` subresource from a backend: plain requests and upgrades alike. */
export async function proxyExchange(call: SubresourceCall, backends: Backends, backend: Backend): Promise<undefined> {
  const { exchange } = call
  const { request, responder } = exchange
  const [ownPath = '', query] = request.target.split('?', 2)
  const suffix = query === undefined ? '' : `?${query}`
  const path = proxiedPath(request.target)
  if (wantsUpgrade(exchange)) {
    await splice(exchange, backend, `${path || '/'}${suffix}`)
    return undefined
  }
  // Links of a page are relative to its last slash, so that there must be one.
  if (path === '' && (request.method === 'GET' || request.method === 'HEAD')) {
    responder.send(301, { 'audit-id': exchange.auditId, location: `${ownPath}/${suffix}` })
    return undefined
  }
  const body = bodyOf(exchange)
  const answer = await send(backends, backend, {
    method: request.method,
    path: `${path || '/'}${suffix}`,
    headers: forwardedRequestHeaders(exchange),
    ...(body ? { body } : {}),
    signal: exchange.signal,
  }).catch((error: unknown) => {
    throw errors.serviceUnavailable(`error trying to reach service: ${dialProblem(error, backend)}`)
  })
  const headers = forwardedResponseHeaders(exchange, answer.headers)
  if (typeof headers['location'] === 'string')
    headers['location'] = rebased(headers['location'], backend, ownPath.slice(0, ownPath.length - path.length))
  await passOn(answer, responder.start(answer.statusCode ?? 502, headers))
  return undefined
}

/** A redirect of the backend to itself leads back through the proxy. */
function rebased(location: string, { protocol, host, port }: Backend, prefix: string): string {
  const origin = `${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}`
  const path = location.startsWith(origin) ? location.slice(origin.length) : location
  return path.startsWith('/') && !path.startsWith('//') ? `${prefix}${path}` : location
}
