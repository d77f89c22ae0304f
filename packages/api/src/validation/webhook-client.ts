import { type FieldPath, quote, validateDnsSubdomain, validatePortNumber } from '@treeline/machinery'
import type { Findings } from './findings.js'

interface WebhookClient {
  readonly url?: string
  readonly service?: { readonly namespace: string; readonly name: string; readonly path?: string; readonly port?: number }
}

/** Where a webhook is: by URL, or as a Service of the cluster. */
export function checkWebhookClient(found: Findings, { url, service }: WebhookClient, path: FieldPath): void {
  if ((url === undefined) === (service === undefined)) found.required(path, 'exactly one of url or service is required')
  else if (url !== undefined) checkWebhookUrl(found, url, path.child('url'))
  else if (service) checkWebhookService(found, service, path.child('service'))
}

const form = '; desired format: https://host[/path]'

function checkWebhookUrl(found: Findings, text: string, path: FieldPath): void {
  const problem = urlProblem(text)
  if (problem) {
    found.required(path, `url must be a valid URL: parse ${quote(text)}: ${problem}${form}`)
    return
  }
  const { scheme, host, user, fragment, query } = splitUrl(text)
  if (scheme !== 'https') found.invalid(path, scheme, `'https' is the only allowed URL scheme${form}`)
  if (host === '') found.invalid(path, host, `host must be specified${form}`)
  if (user !== undefined) found.invalid(path, user, 'user information is not permitted in the URL')
  if (fragment !== '') found.invalid(path, fragment, 'fragments are not permitted in the URL')
  if (query !== '') found.invalid(path, query, 'query parameters are not permitted in the URL')
}

function urlProblem(text: string): string | undefined {
  if (/[\u0000-\u001f\u007f]/.test(text)) return 'net/url: invalid control character in URL'
  if (text.startsWith(':')) return 'missing protocol scheme'
  const wrong = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(text)?.[0]
  if (wrong !== undefined) return `invalid URL escape ${quote(wrong)}`
  const port = /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/?#]*?(:[^/?#\]@]*)(?=$|[/?#])/.exec(text)?.[1]
  return port !== undefined && !/^:\d*$/.test(port) ? `invalid port ${quote(port)} after host` : undefined
}

interface UrlParts {
  readonly scheme: string
  readonly host: string
  readonly user: string | undefined
  readonly query: string
  readonly fragment: string
}

function splitUrl(text: string): UrlParts {
  const [beforeFragment = '', ...fragment] = text.split('#')
  const [beforeQuery = '', ...query] = beforeFragment.split('?')
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(beforeQuery)?.[1] ?? ''
  const rest = scheme === '' ? beforeQuery : beforeQuery.slice(scheme.length + 1)
  const authority = rest.startsWith('//') ? (rest.slice(2).split('/')[0] ?? '') : ''
  const at = authority.lastIndexOf('@')
  return {
    scheme: scheme.toLowerCase(),
    host: authority.slice(at + 1),
    user: at >= 0 ? authority.slice(0, at) : undefined,
    query: query.join('?'),
    fragment: fragment.join('#'),
  }
}

/** Upstream tells namespace and name the wrong way round. */
function checkWebhookService(found: Findings, service: NonNullable<WebhookClient['service']>, path: FieldPath): void {
  if (!service.namespace) found.required(path.child('name'))
  if (!service.name) found.required(path.child('namespace'))
  const port = service.port ?? 0
  const problems = validatePortNumber(port)
  if (problems.length > 0) found.invalid(path.child('port'), port, `port is not valid: ${problems.join(', ')}`)
  if (service.path) checkUrlPath(found, service.path, path.child('path'))
}

function checkUrlPath(found: Findings, path: string, at: FieldPath): void {
  if (path === '/') return
  if (path === '//') {
    found.invalid(at, path, 'segment[0] may not be empty')
    return
  }
  if (!path.startsWith('/')) found.invalid(at, path, "must start with a '/'")
  path
    .slice(1)
    .replace(/\/$/, '')
    .split('/')
    .forEach((segment, index) => {
      if (segment === '') found.invalid(at, path, `segment[${index}] may not be empty`)
      else for (const problem of validateDnsSubdomain(segment)) found.invalid(at, path, `segment[${index}]: ${problem}`)
    })
}
