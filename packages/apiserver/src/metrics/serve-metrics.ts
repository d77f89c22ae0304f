import { answerHeaders } from '../http/answer.js'
import type { Stage } from '../http/pipeline.js'
import type { MetricRegistry } from './metric-registry.js'

/** Answers `/metrics` in the text format of Prometheus. */
export function serveMetrics(metrics: MetricRegistry): Stage {
  return (exchange) => {
    if (exchange.info.path !== '/metrics') return
    exchange.responder.send(200, answerHeaders(exchange, 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores'), metrics.text())
  }
}
