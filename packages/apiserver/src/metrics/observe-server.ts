import type { Kind } from '@treeline/api'
import type { InFlight } from '../http/stages/in-flight.js'
import type { Registry } from '../registry/registry.js'
import type { MetricRegistry } from './metric-registry.js'

const kindLabels = ['group', 'version', 'resource']

/** Gauges that are read off the server when somebody asks. */
export function observeServer(metrics: MetricRegistry, registry: Registry, inFlight: InFlight): void {
  metrics.observed('apiserver_current_inflight_requests', 'Requests holding a seat.', ['request_kind'], () => [
    [['readOnly'], inFlight.reading.taken],
    [['mutating'], inFlight.mutating.taken],
  ])
  metrics.observed('apiserver_current_inqueue_requests', 'Requests waiting for a seat.', ['request_kind'], () => [
    [['readOnly'], inFlight.reading.waiting],
    [['mutating'], inFlight.mutating.waiting],
  ])
  metrics.observed('apiserver_longrunning_requests', 'Watches that are open.', ['verb', ...kindLabels], () =>
    [...registry.watches.counts()].map(([kind, count]) => [['WATCH', ...labelsOf(kind)], count] as const),
  )
  metrics.observed('apiserver_watch_events_total', 'Events sent to watchers.', kindLabels, () =>
    [...registry.watches.sent()].map(([kind, count]) => [labelsOf(kind), count] as const),
  )
  metrics.observed('apiserver_resource_objects', 'Objects stored, of the kinds that are loaded.', ['group', 'resource'], () =>
    [...registry.kinds.all()]
      .filter((resource) => resource.loaded)
      .map(({ kind, store }) => [[kind.group, kind.plural], store.all().length] as const),
  )
}

function labelsOf({ group, version, plural }: Kind): string[] {
  return [group, version, plural]
}
