import { errors } from '@treeline/machinery'

/** What a request is about, read from its method and target alone (contract: URL grammar). */
export interface RequestInfo {
  /** Decoded path without query. */
  readonly path: string
  /** Raw query without `?`. */
  readonly query: string
  readonly isResource: boolean
  /** API verb of a resource request, lower-case HTTP method of any other. */
  readonly verb: string
  readonly group: string
  readonly version: string
  readonly namespace: string
  readonly resource: string
  readonly subresource: string
  /** Name in the path, or the one that a list's or watch's fieldSelector pins down. */
  readonly name: string
  /** The path names no object: list, create, deletecollection, or a watch of many. */
  readonly collection: boolean
  /** Path behind the subresource, without leading slash, as for `proxy`. */
  readonly rest: string
  /** The deprecated `/watch/` path form. */
  readonly watchPath: boolean
  /** Raw selectors of list, watch and deletecollection. */
  readonly fieldSelector: string
  readonly labelSelector: string
}

const verbOfMethod: Readonly<Record<string, string>> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

const namespaceSubresources = new Set(['status', 'finalize'])

/** Reads method and target. Throws StatusError 400 on an undecodable path. */
export function parseRequestInfo(method: string, target: string): RequestInfo {
  const mark = target.indexOf('?')
  const path = decodePath(mark < 0 ? target : target.slice(0, mark))
  const query = mark < 0 ? '' : target.slice(mark + 1)
  const parts = path.split('/').filter(isNotEmpty)
  const prefix = parts[0]
  if (prefix === 'api' && parts.length >= 3) return resourceRequest(method, path, query, '', parts, 1)
  if (prefix === 'apis' && parts.length >= 4) return resourceRequest(method, path, query, parts[1] ?? '', parts, 2)
  return {
    path,
    query,
    isResource: false,
    verb: method.toLowerCase(),
    group: '',
    version: '',
    namespace: '',
    resource: '',
    subresource: '',
    name: '',
    collection: false,
    rest: '',
    watchPath: false,
    fieldSelector: '',
    labelSelector: '',
  }
}

/** Long-running requests have no deadline and take no in-flight seat. */
export function isLongRunning(info: RequestInfo): boolean {
  return info.isResource && (info.verb === 'watch' || info.verb === 'proxy' || longRunningSubresources.has(info.subresource))
}

const longRunningSubresources = new Set(['attach', 'exec', 'proxy', 'log', 'portforward'])

function resourceRequest(method: string, path: string, query: string, group: string, parts: string[], versionAt: number): RequestInfo {
  const version = parts[versionAt] ?? ''
  let at = versionAt + 1
  let verb = verbOfMethod[method] ?? ''
  const special = parts[at]
  const watchPath = special === 'watch' && parts.length > at + 1
  if (watchPath || (special === 'proxy' && parts.length > at + 1)) {
    verb = special ?? ''
    at++
  }
  let namespace = ''
  if (parts[at] === 'namespaces') {
    namespace = parts[at + 1] ?? ''
    const third = parts[at + 2]
    if (third !== undefined && !namespaceSubresources.has(third)) at += 2
  }
  const resource = parts[at] ?? ''
  let name = parts[at + 1] ?? ''
  const subresource = verb === 'watch' || verb === 'proxy' ? '' : (parts[at + 2] ?? '')
  const collection = name === ''
  let fieldSelector = ''
  let labelSelector = ''
  if (collection && verb === 'get') verb = asksForWatch(query) ? 'watch' : 'list'
  else if (collection && verb === 'delete') verb = 'deletecollection'
  if (collection && query !== '' && (verb === 'list' || verb === 'watch' || verb === 'deletecollection')) {
    const parameters = new URLSearchParams(query)
    const fields = parameters.get('fieldSelector') ?? ''
    if (!watchPath) {
      fieldSelector = fields
      labelSelector = parameters.get('labelSelector') ?? ''
    }
    if (verb !== 'deletecollection' && !watchPath) name = selectedName(fields)
  }
  return {
    path,
    query,
    isResource: true,
    verb,
    group,
    version,
    namespace,
    resource,
    subresource,
    name,
    collection,
    rest: restOfPath(path, parts, at + 3),
    watchPath,
    fieldSelector,
    labelSelector,
  }
}

/** The path behind `count` segments, with a trailing slash kept: a proxied path means it. */
function restOfPath(path: string, parts: string[], count: number): string {
  if (parts.length <= count) return ''
  const rest = parts.slice(count).join('/')
  return path.endsWith('/') ? `${rest}/` : rest
}

function asksForWatch(query: string): boolean {
  if (!query.includes('watch')) return false
  const value = new URLSearchParams(query).get('watch')
  return value !== null && value.toLowerCase() !== 'false' && value !== '0'
}

/** The name that a field selector demands, if it is a legal path segment. */
function selectedName(fieldSelector: string): string {
  const match = /(?:^|,)metadata\.name==?([^,=]*)(?:,|$)/.exec(fieldSelector)
  const name = match?.[1]
  return name !== undefined && pathSegmentProblem(name) === undefined ? name : ''
}

/** Why `name` cannot be a path segment, in upstream's words. */
export function pathSegmentProblem(name: string): string | undefined {
  if (name === '.' || name === '..') return `may not be '${name}'`
  if (name.includes('/')) return "may not contain '/'"
  if (name.includes('%')) return "may not contain '%'"
  return undefined
}

function decodePath(path: string): string {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch (cause) {
    throw errors.badRequest(
      `invalid URL escape in ${JSON.stringify(path.slice(0, 200))}: ${cause instanceof Error ? cause.message : String(cause)}`,
    )
  }
}

function isNotEmpty(part: string): boolean {
  return part !== ''
}
