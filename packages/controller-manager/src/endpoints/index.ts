import { type EndpointAddress, Endpoints, Pod, Service } from '@treeline/api'
import { type Clock, type ControllerDefinition, defineController, on, type ReconcileContext, type ReconcileResult } from '@treeline/client'
import { deepEqual, isNotFound } from '@treeline/machinery'
import { OwnWrites } from '../expectations/own-writes.js'
import { compiledSet } from '../ownership/selectors.js'
import { isNamespaceTerminating } from '../pods/pod-control.js'
import { isPodReady } from '../pods/pod-state.js'
import { hostnameIn, isEndpoint, isHeadless, isIPv6, servicesOfPod, targetPort } from './service-pods.js'
import { type AddressAtPort, maxAddresses, packSubsets, truncateSubsets, unpackSubsets } from './subsets.js'
import { TriggerTimes, withTriggerTime } from './trigger-times.js'

const managedByLabel = 'endpoints.kubernetes.io/managed-by'
const managedBy = 'endpoint-controller'
const headlessLabel = 'service.kubernetes.io/headless'
const overCapacity = 'endpoints.kubernetes.io/over-capacity'

/** Keeps the addresses of the pods a Service selects in the older Endpoints, for those who still read them. */
export function endpointsController(clock: Pick<Clock, 'now'>): ControllerDefinition {
  const writes = new OwnWrites(clock)
  const triggers = new TriggerTimes()
  return defineController({
    name: 'endpoints-controller',
    workers: 5,
    backoff: { base: 1000, cap: 100_000 },
    watches: [
      on(Service),
      on(Pod, servicesOfPod),
      on(Endpoints, (endpoints, _old, cache, type) => {
        const key = `${endpoints.metadata.namespace}/${endpoints.metadata.name}`
        if (writes.observe(key, endpoints, type)) return []
        // Endpoints that somebody writes before their Service are his; only ours are left over.
        const ours = endpoints.metadata.labels?.[managedByLabel] === managedBy
        return type === 'deleted' || ours || cache.get(Service, key) ? [key] : []
      }),
    ],
    reconcile: (key, context) => reconcile(key, context, writes, triggers),
  })
}

/** How long to wait for the cache to show the last write, in milliseconds. */
const patience = 1000

async function reconcile(key: string, context: ReconcileContext, writes: OwnWrites, triggers: TriggerTimes): Promise<ReconcileResult> {
  const { cache, client, signal } = context
  const service = cache.get(Service, key)
  if (!service) {
    triggers.forget(key)
    writes.forget(key)
    return removeLeftOver(key, context)
  }
  const { namespace, name = '', labels } = service.metadata
  const selector = service.spec?.selector
  if (service.spec?.type === 'ExternalName' || !selector) return undefined
  if (!writes.shown(key)) return { requeueAfter: patience }
  const compiled = compiledSet(selector)
  const pods = cache.list(Pod, namespace).filter((pod) => compiled.matches(pod.metadata.labels ?? {}))
  const trigger = triggers.next(key, service, pods)
  const subsets = packSubsets(pods.flatMap((pod) => addressesOf(service, pod)))
  const current = cache.get(Endpoints, key)
  const wantedLabels = { ...withoutHeadless(labels), ...(isHeadless(service) && { [headlessLabel]: '' }), [managedByLabel]: managedBy }
  if (current && deepEqual(packSubsets(unpackSubsets(current.subsets)), subsets) && deepEqual(current.metadata.labels, wantedLabels)) {
    const marked = current.metadata.annotations?.[overCapacity] !== undefined
    if (!marked && unpackSubsets(current.subsets).length <= maxAddresses) return undefined
  }
  const { [overCapacity]: _, ...annotations } = withTriggerTime(current?.metadata.annotations, trigger)
  const truncated = truncateSubsets(subsets)
  const endpoints: Endpoints = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      ...current?.metadata,
      namespace,
      name,
      labels: wantedLabels,
      annotations: { ...annotations, ...(truncated && { [overCapacity]: 'truncated' }) },
    },
    subsets,
  }
  try {
    const write = current ? client.update(Endpoints, endpoints, { signal }) : client.create(Endpoints, endpoints, { signal })
    writes.wrote(key, await write, cache.get(Endpoints, key))
  } catch (error) {
    if (isNamespaceTerminating(error)) return undefined
    const [reason, what] = current
      ? ['FailedToUpdateEndpoint', 'update endpoint']
      : ['FailedToCreateEndpoint', 'create endpoint for service']
    context.events.event(endpoints, 'Warning', reason ?? '', `Failed to ${what} ${namespace}/${name}: ${(error as Error).message}`)
    throw error
  }
  return undefined
}

/** Endpoints have no owner: those of a service that is gone are deleted here. */
async function removeLeftOver(key: string, { cache, client, signal }: ReconcileContext): Promise<ReconcileResult> {
  const endpoints = cache.get(Endpoints, key)
  if (!endpoints) return undefined
  const { namespace, name = '', uid, annotations } = endpoints.metadata
  if (annotations?.['control-plane.alpha.kubernetes.io/leader']) return undefined
  try {
    await client.delete(Endpoints, { namespace, name }, { preconditions: { uid }, signal })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
  return undefined
}

function addressesOf(service: Service, pod: Pod): AddressAtPort[] {
  if (!isEndpoint(pod, service.spec?.publishNotReadyAddresses === true)) return []
  const wantIPv6 = service.spec?.ipFamilies?.[0] === 'IPv6'
  const ip = pod.status?.podIPs?.find((candidate) => candidate.ip && isIPv6(candidate.ip) === wantIPv6)?.ip
  if (!ip) return []
  const { namespace, name, uid } = pod.metadata
  const hostname = hostnameIn(service, pod)
  const address: EndpointAddress = {
    ip,
    ...(hostname && { hostname }),
    ...(pod.spec?.nodeName && { nodeName: pod.spec.nodeName }),
    targetRef: { kind: 'Pod', namespace, name, uid },
  }
  const ready = service.spec?.publishNotReadyAddresses === true || isPodReady(pod)
  const ports = service.spec?.ports ?? []
  if (ports.length === 0) return isHeadless(service) ? [{ address, ready, port: undefined }] : []
  return ports.flatMap((port) => {
    const number = targetPort(pod, port)
    if (number === undefined) return []
    const { name: portName, protocol = 'TCP', appProtocol } = port
    return [{ address, ready, port: { ...(portName && { name: portName }), port: number, protocol, ...(appProtocol && { appProtocol }) } }]
  })
}

function withoutHeadless(labels: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const { [headlessLabel]: _, ...others } = labels ?? {}
  return others
}
