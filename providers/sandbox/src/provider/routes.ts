import type { Routes } from '@treeline/cloud-provider'
import type { RouteRecord } from '../cloud/state.js'
import type { ApiClient } from './api-client.js'

export function routes(api: ApiClient, clusterName: string): Routes {
  return {
    async list(signal) {
      const listed = await api.list<RouteRecord>(`/v1/routes?cluster=${encodeURIComponent(clusterName)}`, signal)
      return listed.map((route) => ({ name: route.id, targetNode: route.instance, destinationCIDR: route.destination, blackhole: false }))
    },
    async create(route, _nameHint, signal) {
      await api.send('POST', '/v1/routes', { cluster: clusterName, destination: route.destinationCIDR, instance: route.targetNode }, signal)
    },
    async delete(route, signal) {
      await api.send('DELETE', `/v1/routes/${route.name}`, undefined, signal)
    },
  }
}
