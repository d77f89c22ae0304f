import { Lease, Node } from '@treeline/api'
import {
  type Clock,
  type ControllerDefinition,
  defineController,
  ignored,
  on,
  type ReconcileContext,
  type ReconcileResult,
} from '@treeline/client'
import { isNotFound } from '@treeline/machinery'
import { changeTaints } from '../nodes/change-taints.js'
import { readyCondition, zoneOf } from '../nodes/node-state.js'
import { conditionsOfLost, type NodeHealth, observeNode } from './node-health.js'
import { defaultRates, type EvictionRates, ZoneQueue, type ZoneState, zoneRate, zoneState } from './zones.js'

export interface NodeMonitorOptions {
  /** Milliseconds: between looks; a silent node is trusted; a node that has never told anything is. */
  readonly nodeMonitorPeriod?: number
  readonly nodeMonitorGracePeriod?: number
  readonly nodeStartupGracePeriod?: number
  readonly nodeEvictionRates?: EvictionRates
}

const monitorKey = 'monitor'
const taintKey = 'taint'
/** Milliseconds between looks at the queues of nodes to taint. */
const taintInterval = 100
/** Nodes looked after at the same time. */
const parallelism = 8

const unreachable = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' } as const
const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' } as const
const excluded = 'node.kubernetes.io/exclude-disruption'

/** Notices nodes that went silent, says so in their conditions, and taints them so that their pods leave; slowly when many do at once. */
export function nodeMonitor(clock: Pick<Clock, 'now'>, options: NodeMonitorOptions = {}): ControllerDefinition {
  const monitor = new NodeMonitor(clock, options)
  return defineController({
    name: 'node-lifecycle-controller',
    eventComponent: 'node-controller',
    initialKeys: [monitorKey],
    watches: [on(Node, ignored), on(Lease, ignored)],
    reconcile: (key, context) => (key === monitorKey ? monitor.look(context) : monitor.taintNext(context)),
  })
}

class NodeMonitor {
  private readonly health = new Map<string, NodeHealth>()
  private readonly known = new Map<string, string>()
  private readonly zones = new Map<string, ZoneState>()
  private readonly queues = new Map<string, ZoneQueue>()
  private readonly period: number
  private readonly gracePeriod: number
  private readonly startupGracePeriod: number
  private readonly rates: EvictionRates

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    options: NodeMonitorOptions,
  ) {
    this.period = options.nodeMonitorPeriod ?? 5000
    this.gracePeriod = options.nodeMonitorGracePeriod ?? 50_000
    this.startupGracePeriod = options.nodeStartupGracePeriod ?? 60_000
    this.rates = options.nodeEvictionRates ?? defaultRates
  }

  /** One look at all nodes. Comes back after the period, whatever happens. */
  async look(context: ReconcileContext): Promise<ReconcileResult> {
    const nodes = context.cache.list(Node)
    this.noteComingAndGoing(context, nodes)
    const counts = new Map<string, { ready: number; notReady: number }>()
    const next = nodes.values()
    await Promise.all(
      Array.from({ length: parallelism }, async () => {
        for (const node of next) {
          const ready = await this.lookAt(context, node).catch((error: unknown) => {
            context.log.warn('cannot update the health of a node', { node: node.metadata.name, error: String(error) })
            return undefined
          })
          if (ready === undefined || node.metadata.labels?.[excluded] !== undefined) continue
          const zone = zoneOf(node)
          const count = counts.get(zone) ?? { ready: 0, notReady: 0 }
          if (ready) count.ready++
          else count.notReady++
          counts.set(zone, count)
        }
      }),
    )
    await this.followZones(context, counts, nodes)
    if ([...this.queues.values()].some(({ size }) => size > 0)) context.enqueue(taintKey, taintInterval)
    return { requeueAfter: this.period }
  }

  /** Taints those nodes that the rates let through now. */
  async taintNext(context: ReconcileContext): Promise<ReconcileResult> {
    for (const queue of this.queues.values()) {
      for (let name = queue.take(); name !== undefined; name = queue.take()) {
        const node = context.cache.get(Node, name)
        const status = node && readyCondition(node)?.status
        if (!node || status === undefined || status === 'True') continue
        await this.setTaint(context, node, status === 'False').catch((error: unknown) => {
          queue.add(name ?? '')
          throw error
        })
      }
    }
    return [...this.queues.values()].some(({ size }) => size > 0) ? { requeueAfter: taintInterval } : undefined
  }

  /** Whether the node is ready, after having said of a lost one that it is lost. */
  private async lookAt(context: ReconcileContext, node: Node): Promise<boolean> {
    const { cache, client, clock, events, signal } = context
    const name = node.metadata.name ?? ''
    const lease = cache.get(Lease, `kube-node-lease/${name}`)
    const health = observeNode(node, lease, this.health.get(name), clock.now())
    this.health.set(name, health)
    const grace = health.hasReady ? this.gracePeriod : this.startupGracePeriod
    const lost = clock.now() > health.seen + grace ? conditionsOfLost(node, clock.now()) : undefined
    let current = node
    if (lost) {
      const wasReady = readyCondition(node)?.status === 'True'
      try {
        current = await client.updateStatus(Node, { ...node, status: { ...node.status, conditions: lost } }, { signal })
      } catch (error) {
        if (isNotFound(error)) return false
        throw error
      }
      const { apiVersion, kind, metadata } = node
      const about = { apiVersion, kind, name, uid: metadata.uid }
      if (wasReady) events.event(about, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`)
    }
    const status = readyCondition(current)?.status
    if (status === undefined) return false
    await this.followReady(context, current, status)
    return status === 'True'
  }

  /** Takes the taints off a node that is ready, and has one that is not wait for its own. */
  private async followReady(context: ReconcileContext, node: Node, status: string): Promise<void> {
    if (status === 'True') {
      this.queueOf(zoneOf(node)).remove(node.metadata.name ?? '')
      await changeTaints(context, node, { add: [], remove: [unreachable, notReady] })
      return
    }
    const [wanted, other] = status === 'False' ? [notReady, unreachable] : [unreachable, notReady]
    const has = (taint: typeof wanted | typeof other) =>
      node.spec?.taints?.some(({ key, effect }) => key === taint.key && effect === taint.effect)
    if (has(other)) await this.setTaint(context, node, status === 'False')
    else if (!has(wanted)) this.queueOf(zoneOf(node)).add(node.metadata.name ?? '')
  }

  private setTaint(context: ReconcileContext, node: Node, known: boolean): Promise<void> {
    return changeTaints(context, node, known ? { add: [notReady], remove: [unreachable] } : { add: [unreachable], remove: [notReady] })
  }

  /** Follows the states of zones. When all of them are down it is more likely this process that is cut off: nothing is tainted then. */
  private async followZones(
    context: ReconcileContext,
    counts: ReadonlyMap<string, { ready: number; notReady: number }>,
    nodes: readonly Node[],
  ): Promise<void> {
    const states = new Map([...counts].map(([zone, { ready, notReady: down }]) => [zone, zoneState(ready, down, this.rates)]))
    for (const zone of this.zones.keys()) if (!states.has(zone)) this.zones.delete(zone)
    const full = (all: Iterable<ZoneState>) => {
      const list = [...all]
      return list.length > 0 && list.every((state) => state === 'FullDisruption')
    }
    const wasDown = full(this.zones.values())
    const isDown = full(states.values())
    if (isDown && !wasDown) {
      for (const node of nodes) await changeTaints(context, node, { add: [], remove: [unreachable, notReady] })
      for (const zone of states.keys()) this.queueOf(zone).setRate(0)
    }
    if (wasDown && !isDown) {
      const now = context.clock.now()
      for (const [name, health] of this.health) this.health.set(name, { ...health, seen: now })
    }
    for (const [zone, state] of states) {
      this.zones.set(zone, state)
      const { ready, notReady: down } = counts.get(zone) ?? { ready: 0, notReady: 0 }
      if (!isDown) this.queueOf(zone).setRate(zoneRate(state, ready + down, this.rates))
    }
  }

  private noteComingAndGoing({ events }: ReconcileContext, nodes: readonly Node[]): void {
    const now = new Set<string>()
    const tell = (name: string, uid: string, reason: string, message: string) =>
      events.event({ apiVersion: 'v1', kind: 'Node', name, uid }, 'Normal', reason, message)
    for (const { metadata } of nodes) {
      const { name = '', uid = '' } = metadata
      now.add(name)
      if (this.known.get(name) === uid) continue
      if (this.known.has(name)) this.health.delete(name)
      this.known.set(name, uid)
      tell(name, uid, 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`)
    }
    for (const [name, uid] of this.known) {
      if (now.has(name)) continue
      this.known.delete(name)
      this.health.delete(name)
      for (const queue of this.queues.values()) queue.remove(name)
      tell(name, uid, 'RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`)
    }
  }

  private queueOf(zone: string): ZoneQueue {
    const queue = this.queues.get(zone) ?? new ZoneQueue(this.clock, this.rates.rate)
    this.queues.set(zone, queue)
    return queue
  }
}
