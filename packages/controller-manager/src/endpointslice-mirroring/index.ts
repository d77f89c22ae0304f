import { type EndpointAddress, EndpointSlice, type EndpointSubset, Endpoints, Service } from '@treeline/api'
import {
  type Clock,
  type ControllerDefinition,
  defineController,
  keyOf,
  on,
  type ReconcileContext,
  type ReconcileResult,
} from '@treeline/client'
import { deepEqual, isNotFound } from '@treeline/machinery'
import { isIPv6 } from '../endpoints/service-pods.js'
import { OwnWrites } from '../expectations/own-writes.js'
import { controllerReference } from '../ownership/controller-ref.js'
import { objectKey } from '../ownership/object-key.js'

const managedBy = 'endpointslicemirroring-controller.k8s.io'
const managedByLabel = 'endpointslice.kubernetes.io/managed-by'
const serviceNameLabel = 'kubernetes.io/service-name'
const skipLabel = 'endpointslice.kubernetes.io/skip-mirror'
const leaderAnnotation = 'control-plane.alpha.kubernetes.io/leader'
const notCopied = new Set([
  'endpoints.kubernetes.io/last-change-trigger-time',
  'kubectl.kubernetes.io/last-applied-configuration',
  'endpoints.kubernetes.io/over-capacity',
])
/** Most addresses of a subset that are mirrored. */
const mostAddresses = 1000
const patience = 1000

/** Copies Endpoints that somebody writes by hand, for a Service without selector, into EndpointSlices. */
export function endpointSliceMirroringController(clock: Pick<Clock, 'now'>): ControllerDefinition {
  const writes = new OwnWrites(clock)
  return defineController({
    name: 'endpointslice-mirroring-controller',
    workers: 5,
    backoff: { base: 1000, cap: 100_000 },
    watches: [
      on(Endpoints),
      on(Service),
      on(
        EndpointSlice,
        (slice, _old, _cache, type) => {
          const key = mirroredOf(slice)
          return key === undefined || writes.observe(key, slice, type) ? [] : [key]
        },
        { indexes: { mirrored: (slice) => [mirroredOf(slice) ?? ''] } },
      ),
    ],
    reconcile: (key, context) => reconcile(key, context, writes),
  })
}

function mirroredOf({ metadata }: EndpointSlice): string | undefined {
  const name = metadata.labels?.[managedByLabel] === managedBy ? metadata.labels[serviceNameLabel] : undefined
  return name && `${metadata.namespace}/${name}`
}

async function reconcile(key: string, context: ReconcileContext, writes: OwnWrites): Promise<ReconcileResult> {
  const { cache, client, signal } = context
  if (!writes.shown(key)) return { requeueAfter: patience }
  const endpoints = cache.get(Endpoints, key)
  const service = cache.get(Service, key)
  const wanted = endpoints && service && isMirrored(endpoints, service) ? slicesFor(endpoints) : []
  const existing = [...cache.byIndex(EndpointSlice, 'mirrored', key)]
  const cached = (slice: EndpointSlice) => cache.get(EndpointSlice, keyOf(slice))
  for (const slice of wanted) {
    const at = existing.findIndex(
      ({ addressType, ports }) => addressType === slice.addressType && deepEqual(ports ?? [], slice.ports ?? []),
    )
    const known = at < 0 ? undefined : existing.splice(at, 1)[0]
    if (!known) {
      const created = await client.create(EndpointSlice, slice, { signal })
      writes.wrote(key, created, cached(created))
      continue
    }
    const { labels, annotations } = slice.metadata
    const same =
      deepEqual(known.endpoints, slice.endpoints) &&
      deepEqual(known.metadata.labels, labels) &&
      deepEqual(known.metadata.annotations ?? {}, annotations)
    if (same) continue
    const updated = await client.update(
      EndpointSlice,
      { ...known, metadata: { ...known.metadata, labels, annotations }, endpoints: slice.endpoints },
      { signal },
    )
    writes.wrote(key, updated, cached(updated))
  }
  for (const slice of existing) {
    try {
      await client.delete(EndpointSlice, objectKey(slice), { signal })
      writes.deleted(key, slice, cached(slice))
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
  return undefined
}

function isMirrored({ metadata }: Endpoints, { spec }: Service): boolean {
  if (spec?.selector && Object.keys(spec.selector).length > 0) return false
  return metadata.labels?.[skipLabel] !== 'true' && metadata.annotations?.[leaderAnnotation] === undefined && !metadata.deletionTimestamp
}

/** One slice for each subset and family. */
function slicesFor(endpoints: Endpoints): EndpointSlice[] {
  const { name = '', namespace, labels, annotations } = endpoints.metadata
  const metadata = {
    generateName: `${name}-`,
    namespace,
    labels: { ...labels, [serviceNameLabel]: name, [managedByLabel]: managedBy },
    annotations: Object.fromEntries(Object.entries(annotations ?? {}).filter(([key]) => !notCopied.has(key))),
    ownerReferences: [controllerReference(Endpoints, endpoints)],
  }
  return (endpoints.subsets ?? []).flatMap((subset) =>
    (['IPv4', 'IPv6'] as const).flatMap((addressType) => {
      const found = endpointsOf(subset, addressType === 'IPv6')
      if (found.length === 0) return []
      const ports = (subset.ports ?? []).map(({ name: portName = '', port, protocol, appProtocol }) => ({
        name: portName,
        port,
        protocol: protocol ?? 'TCP',
        ...(appProtocol && { appProtocol }),
      }))
      return [{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, addressType, ports, endpoints: found }]
    }),
  )
}

function endpointsOf(subset: EndpointSubset, wantIPv6: boolean): EndpointSlice['endpoints'] {
  const convert =
    (ready: boolean) =>
    ({ ip, hostname, nodeName, targetRef }: EndpointAddress) => ({
      addresses: [ip],
      conditions: { ready },
      ...(hostname && { hostname }),
      ...(nodeName && { nodeName }),
      ...(targetRef && { targetRef }),
    })
  const all = [...(subset.addresses ?? []).map(convert(true)), ...(subset.notReadyAddresses ?? []).map(convert(false))]
  return all.slice(0, mostAddresses).filter(({ addresses }) => isIPv6(addresses[0] ?? '') === wantIPv6)
}
