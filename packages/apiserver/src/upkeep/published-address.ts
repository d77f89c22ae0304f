import { EndpointSlice, Endpoints } from '@treeline/api'
import { deepEqual } from '@treeline/machinery'
import type { Store } from '@treeline/storage'
import { ensure } from '../bootstrap/ensure.js'
import type { ApiInternals } from '../registry/internals.js'

/** Seconds after which a server that says nothing more is no endpoint any more. */
const timeToLive = 15
const prefix = '/registry/masterleases/'

/** Where the Service default/kubernetes leads to, beside the cluster's other API servers. */
export interface PublishedAddress {
  /** Says that this server is there, and brings the endpoints in line with all that have said so. */
  publish(): Promise<void>
  /** Says that it goes. The last one stays published: endpoints that lead nowhere tell clients more than none. */
  withdraw(): Promise<void>
}

export function publishedAddress(internals: ApiInternals, store: Store, address: string, port: () => number): PublishedAddress {
  const key = prefix + address
  const value = Buffer.from(JSON.stringify({ kind: 'Endpoints', apiVersion: 'v1', subsets: [{ addresses: [{ ip: address }] }] }))
  const servers = async (): Promise<string[]> => {
    const { entries } = await store.range({ prefix })
    return entries.map((entry) => entry.key.slice(prefix.length)).sort()
  }
  return {
    async publish() {
      const current = await store.get(key)
      await store.put(key, current?.modRevision ?? 0, value, { timeToLive })
      await ensureEndpoints(internals, await servers(), port())
    },
    async withdraw() {
      const current = await store.get(key)
      if (current) await store.delete(key, current.modRevision)
      const others = await servers()
      if (others.length > 0) await ensureEndpoints(internals, others, port())
    },
  }
}

const name = 'kubernetes'
const namespace = 'default'

async function ensureEndpoints(internals: ApiInternals, addresses: readonly string[], port: number): Promise<void> {
  const ports = [{ name: 'https', port, protocol: 'TCP' as const }]
  // The slice is written here, so that nobody needs to make one of the Endpoints.
  const labels = { 'endpointslice.kubernetes.io/skip-mirror': 'true' }
  const subsets = [{ addresses: addresses.map((ip) => ({ ip })), ports }]
  await ensure(internals, Endpoints, { metadata: { name, namespace, labels }, subsets }, (current) =>
    deepEqual(current.subsets, subsets) && deepEqual({ ...current.metadata.labels, ...labels }, current.metadata.labels)
      ? undefined
      : { ...current, metadata: { ...current.metadata, labels: { ...current.metadata.labels, ...labels } }, subsets },
  )
  const slice: EndpointSlice = {
    metadata: { name, namespace, labels: { 'kubernetes.io/service-name': name } },
    addressType: addresses[0]?.includes(':') ? 'IPv6' : 'IPv4',
    endpoints: addresses.map((one) => ({ addresses: [one], conditions: { ready: true } })),
    ports,
  }
  await ensure(internals, EndpointSlice, slice, (current) =>
    deepEqual(current.endpoints, slice.endpoints) && deepEqual(current.ports, ports)
      ? undefined
      : { ...current, endpoints: slice.endpoints, ports },
  )
}
