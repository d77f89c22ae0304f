import { Node } from '@treeline/api'
import { type ControllerDefinition, on, type ReconcileContext } from '@treeline/client'
import { cloudErrorOf, type Routes } from '@treeline/cloud-provider'
import { deepEqual, formatTime } from '@treeline/machinery'
import type { CloudContext } from '../cloud-context.js'
import { planRoutes, podCIDRs } from './plan.js'

type Context = ReconcileContext & CloudContext
const pass = 'all routes'
/** Cloud calls in flight. */
const parallel = 200
const conflictTries = 3

/**
 * One cloud route per pod CIDR, and the nodes' NetworkUnavailable condition. Runs when a node or its CIDRs change, and
 * once per period. Source: cloud-controller-manager contract §5.
 */
export function routeController(options: { reconciliationPeriod: number; routes: Routes }): ControllerDefinition<CloudContext> {
  return {
    name: 'node-route-controller',
    eventComponent: 'route_controller',
    initialKeys: [pass],
    watches: [
      on(Node, (node, old) =>
        old === undefined || node.metadata.deletionTimestamp || !deepEqual(podCIDRs(node), podCIDRs(old)) ? [pass] : [],
      ),
    ],
    workers: 1,
    async reconcile(_key, context) {
      await reconcileRoutes(context, options.routes)
      return { requeueAfter: options.reconciliationPeriod }
    },
  }
}

async function reconcileRoutes(context: Context, routes: Routes): Promise<void> {
  // a failed listing voids the pass: no condition may change on a guess
  const listed = await routes.list(context.signal)
  const nodes = context.cache.list(Node)
  const plan = planRoutes(nodes, listed, context.clusterCIDRs)
  const unrouted = new Set<string>()

  await inParallel([
    ...plan.delete.map((route) => async () => {
      try {
        await routes.delete(route, context.signal)
      } catch (error) {
        context.log.error(`could not delete route ${route.name} ${route.destinationCIDR}: ${messageOf(error)}`)
      }
    }),
    ...plan.create.map(({ route, node }) => async () => {
      const started = context.clock.now()
      try {
        await createWithRetry(() => routes.create(route, node.metadata.uid ?? '', context.signal))
      } catch (error) {
        unrouted.add(route.targetNode)
        const took = `${context.clock.now() - started}ms`
        context.events.event(
          node,
          'Warning',
          'FailedToCreateRoute',
          `Could not create route ${node.metadata.uid} ${route.destinationCIDR} for node ${route.targetNode} after ${took}: ${messageOf(error)}`,
        )
      }
    }),
  ])

  const routed = new Set(listed.map((route) => route.targetNode))
  await inParallel(
    nodes
      .filter((node) => podCIDRs(node).length > 0 || routed.has(node.metadata.name ?? ''))
      .map((node) => () => setNetworkUnavailable(node, unrouted.has(node.metadata.name ?? '') || podCIDRs(node).length === 0, context)),
  )
}

async function createWithRetry(create: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await create()
    } catch (error) {
      if (cloudErrorOf(error)?.kind !== 'conflict' || attempt === conflictTries) throw error
    }
  }
}

async function setNetworkUnavailable(node: Node, unavailable: boolean, { client, clock, signal }: Context): Promise<void> {
  const status = unavailable ? 'True' : 'False'
  if (node.status?.conditions?.some((condition) => condition.type === 'NetworkUnavailable' && condition.status === status)) return
  const now = formatTime(new Date(clock.now()))
  const condition = {
    type: 'NetworkUnavailable',
    status,
    reason: unavailable ? 'NoRouteCreated' : 'RouteCreated',
    message: unavailable ? 'RouteController failed to create a route' : 'RouteController created a route',
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  }
  const body = { status: { conditions: [condition] } }
  await client.patch(Node, { name: node.metadata.name ?? '' }, { type: 'strategic', body }, { subresource: 'status', signal })
}

async function inParallel(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    for (let task = tasks[next++]; task; task = tasks[next++]) await task()
  }
  await Promise.all(Array.from({ length: Math.min(parallel, tasks.length) }, worker))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
