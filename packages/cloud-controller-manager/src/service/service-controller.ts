import { type LoadBalancerStatus, Node, Service } from '@treeline/api'
import { type ControllerDefinition, on, type ReconcileContext, type ReconcileResult } from '@treeline/client'
import { cloudErrorOf, type LoadBalancers } from '@treeline/cloud-provider'
import { deepEqual, StatusError } from '@treeline/machinery'
import type { CloudContext } from '../cloud-context.js'
import {
  changesBackends,
  eligibleNodes,
  hasFinalizer,
  loadBalancerFinalizer,
  needsCleanup,
  nodeSetFingerprint,
  serviceFingerprint,
  wantsLoadBalancer,
} from './wanted.js'

type Context = ReconcileContext & CloudContext

/** What the cloud was last brought to, per Service key. */
interface Synced {
  readonly service: string
  readonly nodes: string
}

/**
 * Gives every Service of type LoadBalancer an address from the cloud, and takes it back, finalizer first.
 * Source: cloud-controller-manager contract §4.
 */
export function serviceController(options: { workers: number; loadBalancers: LoadBalancers }): ControllerDefinition<CloudContext> {
  const synced = new Map<string, Synced>()
  const { loadBalancers } = options
  return {
    name: 'service-lb-controller',
    eventComponent: 'service-controller',
    watches: [
      on(Service, (service) => (wantsLoadBalancer(service) || hasFinalizer(service) ? [keyOf(service)] : [])),
      on(Node, (node, old, cache) => (changesBackends(node, old) ? cache.list(Service).filter(wantsLoadBalancer).map(keyOf) : [])),
    ],
    workers: options.workers,
    backoff: { base: 5_000, cap: 300_000 },
    async reconcile(key, context) {
      const service = context.cache.get(Service, key)
      if (!service) {
        synced.delete(key)
        return undefined
      }
      if (needsCleanup(service)) {
        synced.delete(key)
        return release(service, context, loadBalancers)
      }
      if (!wantsLoadBalancer(service) || service.metadata.deletionTimestamp !== undefined) return undefined
      const nodes = eligibleNodes(context.cache.list(Node))
      const target: Synced = { service: serviceFingerprint(service), nodes: nodeSetFingerprint(nodes) }
      const last = synced.get(key)
      if (last?.service === target.service && last.nodes === target.nodes) return undefined
      const result =
        last?.service === target.service && service.status?.loadBalancer?.ingress !== undefined
          ? await updateBackends(service, nodes, context, loadBalancers)
          : await ensure(service, nodes, context, loadBalancers)
      if (result === undefined) synced.set(key, target)
      return result
    },
  }
}

function keyOf(service: Service): string {
  return `${service.metadata.namespace}/${service.metadata.name}`
}

async function ensure(service: Service, nodes: readonly Node[], context: Context, loadBalancers: LoadBalancers): Promise<ReconcileResult> {
  const { events } = context
  events.event(service, 'Normal', 'EnsuringLoadBalancer', 'Ensuring load balancer')
  const held = await setFinalizer(service, true, context)
  if (!held) return undefined
  if (nodes.length === 0) events.event(service, 'Warning', 'UnAvailableLoadBalancer', 'There are no available nodes for LoadBalancer')
  let status: LoadBalancerStatus
  try {
    status = await loadBalancers.ensure(held, nodes, context.signal)
  } catch (error) {
    return failed(error, service, 'failed to ensure load balancer', context)
  }
  events.event(service, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer')
  await writeStatus(held, status, context)
  return undefined
}

async function updateBackends(
  service: Service,
  nodes: readonly Node[],
  context: Context,
  loadBalancers: LoadBalancers,
): Promise<ReconcileResult> {
  const { events } = context
  try {
    await loadBalancers.updateNodes(service, nodes, context.signal)
  } catch (error) {
    events.event(
      service,
      'Warning',
      'UpdateLoadBalancerFailed',
      `Error updating load balancer with new hosts ${describeNodes(nodes)}, error: ${messageOf(error)}`,
    )
    throw error
  }
  if (nodes.length === 0) events.event(service, 'Warning', 'UnAvailableLoadBalancer', 'There are no available nodes for LoadBalancer')
  else events.event(service, 'Normal', 'UpdatedLoadBalancer', 'Updated load balancer with new hosts')
  return undefined
}

/** Deletes the load balancer, then the finalizer; the Service stays blocked until nothing is left in the cloud. */
async function release(service: Service, context: Context, loadBalancers: LoadBalancers): Promise<ReconcileResult> {
  const { events, signal } = context
  let exists: boolean
  try {
    exists = (await loadBalancers.get(service, signal)) !== undefined
  } catch (error) {
    return failed(error, service, 'failed to check if load balancer exists before cleanup', context)
  }
  if (exists) {
    events.event(service, 'Normal', 'DeletingLoadBalancer', 'Deleting load balancer')
    try {
      await loadBalancers.delete(service, signal)
    } catch (error) {
      return failed(error, service, 'failed to delete load balancer', context)
    }
  }
  if (service.metadata.deletionTimestamp === undefined) await writeStatus(service, {}, context)
  await setFinalizer(service, false, context)
  events.event(service, 'Normal', 'DeletedLoadBalancer', 'Deleted load balancer')
  return undefined
}

/** Asks again when the cloud said when; otherwise the runtime's back-off does. */
function failed(error: unknown, service: Service, what: string, { events, log }: Context): ReconcileResult {
  const cloudError = cloudErrorOf(error)
  if (cloudError?.kind === 'implemented-elsewhere') return undefined
  events.event(service, 'Warning', 'SyncLoadBalancerFailed', `Error syncing load balancer: ${what}: ${messageOf(error)}`)
  if (cloudError?.retryAfter !== undefined) {
    log.warn(`load balancer of ${keyOf(service)}: ${what}: ${messageOf(error)}; again in ${cloudError.retryAfter} ms`)
    return { requeueAfter: cloudError.retryAfter }
  }
  throw new Error(`${what}: ${messageOf(error)}`, { cause: error })
}

/** Adds or takes the finalizer through the status subresource, as upstream does. Undefined when the Service is gone. */
async function setFinalizer(service: Service, present: boolean, context: Context): Promise<Service | undefined> {
  if (hasFinalizer(service) === present) return service
  // `finalizers` merges as a set, so that taking one away has to name it
  const metadata = present ? { finalizers: [loadBalancerFinalizer] } : { '$deleteFromPrimitiveList/finalizers': [loadBalancerFinalizer] }
  return patchStatus(service, { metadata }, context)
}

async function writeStatus(service: Service, status: LoadBalancerStatus, context: Context): Promise<void> {
  if (deepEqual(service.status?.loadBalancer ?? {}, status)) return
  await patchStatus(service, { status: { loadBalancer: Object.keys(status).length === 0 ? { ingress: null } : status } }, context)
}

async function patchStatus(service: Service, body: object, { client, signal }: Context): Promise<Service | undefined> {
  const key = { namespace: service.metadata.namespace ?? '', name: service.metadata.name ?? '' }
  try {
    return await client.patch(Service, key, { type: 'strategic', body }, { subresource: 'status', signal })
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'NotFound') return undefined
    throw error
  }
}

function describeNodes(nodes: readonly Node[]): string {
  const names = nodes.map((node) => node.metadata.name ?? '').sort()
  const shown = names.slice(0, 20)
  const more = names.length - shown.length
  return `[${shown.join(' ')}${more > 0 ? ` <${more} more>` : ''}] [node names limited, total number of nodes: ${names.length}]`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
