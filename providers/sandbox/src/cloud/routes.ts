import { isIP } from 'node:net'
import { ApiError } from './api-error.js'
import type { RouteRecord, StateFile } from './state.js'

export interface RouteTable {
  list(cluster: string | undefined): readonly RouteRecord[]
  create(request: { cluster: string; destination: string; instance: string }): Promise<RouteRecord>
  delete(id: string): Promise<void>
}

export function routeTable(state: StateFile): RouteTable {
  const { record } = state
  return {
    list: (cluster) => record.routes.filter((route) => cluster === undefined || route.cluster === cluster),
    async create({ cluster, destination, instance }) {
      const [address = '', bits = ''] = destination.split('/')
      if (isIP(address) === 0 || !/^\d{1,3}$/.test(bits)) throw new ApiError(400, 'InvalidDestination', `"${destination}" is not a CIDR`)
      if (!record.instances.some((candidate) => candidate.name === instance))
        throw new ApiError(404, 'InstanceNotFound', `there is no instance named ${instance}`)
      const existing = record.routes.find((route) => route.destination === destination)
      if (existing?.instance === instance && existing.cluster === cluster) return existing
      if (existing) throw new ApiError(409, 'DestinationTaken', `${destination} already goes to ${existing.instance}`)
      const route: RouteRecord = { id: `r-${record.nextRoute++}`, cluster, destination, instance }
      record.routes.push(route)
      await state.save()
      return route
    },
    async delete(id) {
      const index = record.routes.findIndex((route) => route.id === id)
      if (index < 0) return
      record.routes.splice(index, 1)
      await state.save()
    },
  }
}
