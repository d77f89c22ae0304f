import type { Health } from '../health/health.js'
import { answerHeaders } from '../http/answer.js'
import type { Stage } from '../http/pipeline.js'
import type { ServedKinds } from '../registry/served-kinds.js'

const fixedPaths = ['/api', '/apis', '/metrics', '/openapi/v2', '/openapi/v3', '/version']
const healthPaths = ['livez', 'readyz', 'healthz']

/** Answers `/` and `/index.html` with the paths there are. */
export function serveRootPaths(kinds: ServedKinds, health: Health, more: readonly string[]): Stage {
  return (exchange) => {
    const { path } = exchange.info
    if (path !== '/' && path !== '/index.html') return
    const groups = kinds.groupNames().flatMap((group) => {
      const root = group === '' ? '/api' : `/apis/${group}`
      return [root, ...kinds.versions(group).map((version) => `${root}/${version}`)]
    })
    const checks = healthPaths.flatMap((endpoint) => [`/${endpoint}`, ...health.of(endpoint).map(({ name }) => `/${endpoint}/${name}`)])
    const paths = [...new Set([...fixedPaths, ...groups, ...checks, ...more])].sort()
    exchange.responder.send(200, answerHeaders(exchange, 'application/json'), JSON.stringify({ paths }, null, 2))
  }
}
