import type { Endpoint, EndpointHints, EndpointSlice, Service } from '@treeline/api'
import { deepEqual } from '@treeline/machinery'
import type { SlicePlan } from './slice-plan.js'

const nearby = new Set(['PreferClose', 'PreferSameZone', 'PreferSameNode'])

/** Puts the hints of `spec.trafficDistribution` on ready endpoints, or takes stray ones off; changes the plan where needed. */
export function planHints(plan: SlicePlan, service: Service): SlicePlan {
  const distribution = service.spec?.trafficDistribution
  const hints = (endpoint: Endpoint) =>
    distribution && nearby.has(distribution) ? hintsOf(endpoint, distribution === 'PreferSameNode') : undefined
  const differing = plan.unchanged.filter((slice) =>
    (slice.endpoints ?? []).some((endpoint) => !deepEqual(endpoint.hints, hints(endpoint))),
  )
  const apply = (slice: EndpointSlice): EndpointSlice => ({
    ...slice,
    endpoints: (slice.endpoints ?? []).map(({ hints: _, ...endpoint }) => {
      const wanted = hints(endpoint)
      return wanted ? { ...endpoint, hints: wanted } : endpoint
    }),
  })
  return {
    create: plan.create.map(apply),
    update: [...plan.update, ...differing].map(apply),
    delete: plan.delete,
    unchanged: plan.unchanged.filter((slice) => !differing.includes(slice)),
  }
}

function hintsOf({ zone, nodeName, conditions }: Endpoint, withNode: boolean): EndpointHints | undefined {
  if (conditions?.ready !== true) return undefined
  const forNodes = withNode && nodeName ? [{ name: nodeName }] : undefined
  if (!zone && !forNodes) return undefined
  return { ...(zone && { forZones: [{ name: zone }] }), ...(forNodes && { forNodes }) }
}
