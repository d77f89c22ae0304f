import { errors } from '@treeline/machinery'

/** What a proxy path calls its target: `name`, `name:port` or `scheme:name:port`. */
export interface ProxiedName {
  readonly protocol: 'http' | 'https'
  readonly name: string
  /** Number or name; empty when none is given. */
  readonly port: string
}

/** Throws BadRequest. `what` names the resource in the message, such as `pod`. */
export function parseProxiedName(id: string, what: string): ProxiedName {
  const parts = id.split(':')
  const [protocol = '', name = '', port = ''] = parts.length === 3 ? parts : ['', ...parts]
  const known = protocol === '' || protocol === 'http' || protocol === 'https'
  if (parts.length > 3 || name === '' || !known) throw errors.badRequest(`invalid ${what} request "${id}"`)
  return { protocol: protocol === 'https' ? 'https' : 'http', name, port }
}

/** The path behind `…/proxy` as it was sent, with its leading slash; empty when there is none. */
export function proxiedPath(target: string, subresource = 'proxy'): string {
  const path = target.split('?', 1)[0] ?? ''
  // A name can be `proxy` too: the subresource is the first such segment behind resource and name.
  const prefix = /^\/+api\/+v1\/+(?:namespaces\/+[^/]+\/+)?[^/]+\/+[^/]+\/+/.exec(path)?.[0] ?? ''
  return path.slice(prefix.length + subresource.length)
}
