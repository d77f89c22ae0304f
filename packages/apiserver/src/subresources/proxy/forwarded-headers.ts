import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import { offeredProtocols } from '../../authentication/bearer-token.js'
import type { Exchange } from '../../http/exchange.js'

/** They are about one connection, not about the request. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** What proved the caller to this server must not go on to another one. */
const credentials = new Set(['authorization', 'host', 'http2-settings'])

const crossOrigin = new Set([
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
])

/** The headers of a request as they go on to a backend. */
export function forwardedRequestHeaders({ request }: Exchange): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith(':') || name.startsWith('impersonate-') || hopByHop.has(name) || credentials.has(name)) continue
    headers[name] = value
  }
  const before = request.headers['x-forwarded-for']
  const peer = request.remoteAddress
  if (peer) headers['x-forwarded-for'] = before ? `${String(before)}, ${peer}` : peer
  return headers
}

/** The headers of an upgrade request as they go on: with the upgrade, but without a token among the subprotocols. */
export function forwardedUpgradeHeaders(exchange: Exchange): OutgoingHttpHeaders {
  const { headers } = exchange.request
  const forwarded = forwardedRequestHeaders(exchange)
  const protocols = offeredProtocols(headers)
  delete forwarded['sec-websocket-protocol']
  return {
    ...forwarded,
    connection: 'Upgrade',
    upgrade: headers.upgrade,
    ...(protocols.length > 0 ? { 'sec-websocket-protocol': protocols.join(', ') } : {}),
  }
}

/** The headers of a backend's answer as they go back, with those of every answer of this server. */
export function forwardedResponseHeaders({ auditId }: Exchange, headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const kept = Object.entries(headers).filter(([name]) => !hopByHop.has(name) && !crossOrigin.has(name))
  return { 'cache-control': 'no-cache, private', ...Object.fromEntries(kept), 'audit-id': auditId }
}

/** The request wants its connection to become another protocol. */
export function wantsUpgrade({ request }: Exchange): boolean {
  return (request.headers.connection ?? '').toLowerCase().includes('upgrade') && request.headers.upgrade !== undefined
}
