import { type Endpoint, type DiscoveryV1EndpointPort as EndpointPort, type EndpointSlice, Service } from '@treeline/api'
import { deepEqual, maskTrailingDash, validateDnsSubdomain } from '@treeline/machinery'
import { isHeadless } from '../endpoints/service-pods.js'
import { controllerReference } from '../ownership/controller-ref.js'
import { type AddressType, endpointId, type PortGroup, portsId, sameEndpoint } from './desired-endpoints.js'

/** What to do with the slices of a service. Slices to update carry the name of one there is. */
export interface SlicePlan {
  readonly create: EndpointSlice[]
  readonly update: EndpointSlice[]
  readonly delete: EndpointSlice[]
  readonly unchanged: EndpointSlice[]
}

export const managedBy = 'endpointslice-controller.k8s.io'
const managedByLabel = 'endpointslice.kubernetes.io/managed-by'
const serviceNameLabel = 'kubernetes.io/service-name'
const headlessLabel = 'service.kubernetes.io/headless'
const reserved = new Set([managedByLabel, serviceNameLabel, headlessLabel])

/** The service a slice of ours belongs to, as a key; undefined for slices of others. */
export function serviceOfSlice({ metadata }: EndpointSlice): string | undefined {
  if (metadata.labels?.[managedByLabel] !== managedBy) return undefined
  const name = metadata.labels[serviceNameLabel]
  return name ? `${metadata.namespace}/${name}` : undefined
}

/**
 * Fits the endpoints of one family into slices with as few writes as can be: what is in a slice stays there, new ones go
 * to slices that change anyway, then to the fullest slice with room for all, then to new slices. One empty slice stands
 * for none.
 */
export function planSlices(
  service: Service,
  type: AddressType,
  existing: readonly EndpointSlice[],
  groups: ReadonlyMap<string, PortGroup>,
  capacity: number,
): SlicePlan {
  const plan: SlicePlan = { create: [], update: [], delete: [], unchanged: [] }
  const byPorts = new Map<string, EndpointSlice[]>()
  for (const slice of existing) {
    if (!isOwnedBy(slice, service)) plan.delete.push(slice)
    else byPorts.set(portsId(slice.ports), [...(byPorts.get(portsId(slice.ports)) ?? []), slice])
  }
  for (const [id, group] of groups) planGroup(plan, service, type, byPorts.get(id) ?? [], group, capacity)
  for (const [id, slices] of byPorts) if (!groups.has(id)) plan.delete.push(...slices)
  if (existing.length === plan.delete.length && plan.create.length === 0) keepPlaceholder(plan, service, type)
  return reuseNames(plan, service)
}

function planGroup(
  plan: SlicePlan,
  service: Service,
  type: AddressType,
  existing: readonly EndpointSlice[],
  { ports, endpoints }: PortGroup,
  capacity: number,
): void {
  const missing = new Map(endpoints)
  const changed: EndpointSlice[] = []
  const unchanged: EndpointSlice[] = []
  const labels = labelsFor(service)
  for (const slice of existing) {
    const kept: Endpoint[] = []
    let same = true
    for (const endpoint of slice.endpoints ?? []) {
      const id = endpointId(endpoint)
      const wanted = missing.get(id)
      missing.delete(id)
      same &&= wanted !== undefined && sameEndpoint(wanted, endpoint)
      if (wanted) kept.push(wanted)
    }
    if (!same && kept.length === 0) plan.delete.push(slice)
    else if (!same) changed.push({ ...slice, metadata: { ...slice.metadata, labels }, endpoints: kept })
    else if (!deepEqual(slice.metadata.labels, labels)) changed.push({ ...slice, metadata: { ...slice.metadata, labels } })
    else unchanged.push(slice)
  }
  const queue = [...missing.values()]
  const fill = (slice: EndpointSlice): EndpointSlice => {
    const room = Math.max(0, capacity - (slice.endpoints?.length ?? 0))
    return { ...slice, endpoints: [...(slice.endpoints ?? []), ...queue.splice(0, room)] }
  }
  changed.sort((a, b) => (b.endpoints?.length ?? 0) - (a.endpoints?.length ?? 0))
  for (const slice of changed) plan.update.push(fill(slice))
  while (queue.length > 0) {
    const target = queue.length < capacity ? bestFit(unchanged, queue.length, capacity) : undefined
    if (!target) {
      plan.create.push(fill(newSlice(service, type, ports)))
      continue
    }
    unchanged.splice(unchanged.indexOf(target), 1)
    plan.update.push(fill(target))
  }
  plan.unchanged.push(...unchanged)
}

/** The slice that will be fullest after taking in all. */
function bestFit(slices: readonly EndpointSlice[], count: number, capacity: number): EndpointSlice | undefined {
  const fitting = slices.filter(({ endpoints }) => (endpoints?.length ?? 0) + count <= capacity)
  return fitting.sort((a, b) => (b.endpoints?.length ?? 0) - (a.endpoints?.length ?? 0))[0]
}

function keepPlaceholder(plan: SlicePlan, service: Service, type: AddressType): void {
  const placeholder = newSlice(service, type, [])
  const only = plan.delete.length === 1 ? plan.delete[0] : undefined
  const same =
    only &&
    (only.endpoints?.length ?? 0) === 0 &&
    (only.ports?.length ?? 0) === 0 &&
    isOwnedBy(only, service) &&
    deepEqual(only.metadata.labels, placeholder.metadata.labels)
  if (same) plan.unchanged.push(...plan.delete.splice(0))
  else plan.create.push(placeholder)
}

/** A slice to delete makes place for one to create: one write instead of two. */
function reuseNames(plan: SlicePlan, service: Service): SlicePlan {
  const spare = plan.delete.filter((slice) => isOwnedBy(slice, service))
  for (const old of spare) {
    const fresh = plan.create.pop()
    if (!fresh) break
    const { generateName: _, ...metadata } = fresh.metadata
    plan.update.push({ ...fresh, metadata: { ...metadata, name: old.metadata.name } })
    plan.delete.splice(plan.delete.indexOf(old), 1)
  }
  return plan
}

function isOwnedBy({ metadata }: EndpointSlice, service: Service): boolean {
  return metadata.ownerReferences?.some(({ uid, kind }) => uid === service.metadata.uid && kind === 'Service') === true
}

function newSlice(service: Service, addressType: AddressType, ports: readonly EndpointPort[]): EndpointSlice {
  const { name = '', namespace } = service.metadata
  const prefix = `${name}-`
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: validateDnsSubdomain(maskTrailingDash(prefix)).length === 0 ? prefix : name,
      namespace,
      labels: labelsFor(service),
      ownerReferences: [controllerReference(Service, service)],
    },
    addressType,
    ports: [...ports],
    endpoints: [],
  }
}

/** The labels of the service, and those by which the slice is found. */
function labelsFor(service: Service): Record<string, string> {
  const own = Object.entries(service.metadata.labels ?? {}).filter(([name]) => !reserved.has(name))
  return {
    ...Object.fromEntries(own),
    ...(isHeadless(service) && { [headlessLabel]: '' }),
    [serviceNameLabel]: service.metadata.name ?? '',
    [managedByLabel]: managedBy,
  }
}
