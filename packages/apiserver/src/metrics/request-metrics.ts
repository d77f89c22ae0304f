import type { Exchange } from '../http/exchange.js'
import type { RequestObserver } from '../http/pipeline.js'
import { isLongRunning } from '../http/request-info.js'
import type { ServedKinds } from '../registry/served-kinds.js'
import type { MetricRegistry } from './metric-registry.js'

const durationBuckets = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60]

const labels = ['verb', 'group', 'version', 'resource', 'subresource', 'scope', 'component']
const component = 'apiserver'

/** Counts and times every request under upstream's names. */
export function requestMetrics(metrics: MetricRegistry, kinds: ServedKinds): RequestObserver {
  const total = metrics.counter('apiserver_request_total', 'Requests by verb, dry run, resource, scope and HTTP code.', [
    'verb',
    'dry_run',
    ...labels.slice(1),
    'code',
  ])
  const duration = metrics.histogram('apiserver_request_duration_seconds', 'Latency of requests in seconds.', durationBuckets, [
    'verb',
    'dry_run',
    ...labels.slice(1),
  ])
  return {
    started: () => undefined,
    finished(exchange) {
      const { info } = exchange
      if (!info) return
      const verb = verbLabel(exchange)
      const scope = scopeOf(exchange)
      const dryRun = info.query.includes('dryRun') ? exchange.query.getAll('dryRun').join(',') : ''
      // Labels come from what is served, never from what a client made up.
      const { group, version, resource, subresource } = kinds.find(info.group, info.version, info.resource) ? info : nothing
      total.add(1, verb, dryRun, group, version, resource, subresource, scope, component, String(exchange.responder.status))
      if (!isLongRunning(info))
        duration.observe((performance.now() - exchange.began) / 1000, verb, dryRun, group, version, resource, subresource, scope, component)
    },
  }
}

const nothing = { group: '', version: '', resource: '', subresource: '' }
const known = new Set(['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', 'proxy'])
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const verbOfMethod: Readonly<Record<string, string>> = { create: 'POST', update: 'PUT', patch: 'PATCH', delete: 'DELETE' }

/** Bounded in its values, whatever clients send. */
function verbLabel({ info, request }: Exchange): string {
  if (info.isResource && known.has(info.verb)) return verbOfMethod[info.verb] ?? info.verb.toUpperCase()
  return methods.has(request.method) ? request.method : 'other'
}

function scopeOf({ info }: Exchange): string {
  if (!info.isResource) return ''
  if (!info.collection) return 'resource'
  return info.namespace === '' ? 'cluster' : 'namespace'
}
