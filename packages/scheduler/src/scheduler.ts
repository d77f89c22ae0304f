import { hostname } from 'node:os'
import { Namespace, Node, Pod, PodDisruptionBudget } from '@treeline/api'
import { type Client, type Clock, Informers, type Logger, sharedAbort, silentLogger, systemClock, yieldIfDue } from '@treeline/client'
import { isNotFound } from '@treeline/machinery'
import { ClusterCache } from './cache/cluster-cache.js'
import type { NodeInfo } from './cache/node-info.js'
import { mayHelpItself, nodeChanges } from './cluster-changes.js'
import { chooseNode } from './cycle/choose.js'
import { failureText } from './cycle/failure-text.js'
import { type Diagnosis, findFeasible } from './cycle/feasible.js'
import { Cycle } from './framework/cycle.js'
import type { SchedulerPlugin } from './framework/plugin.js'
import { type Profile, profile } from './framework/profile.js'
import { owningSelectors, watchOwners } from './owner-selectors.js'
import { defaultPlugins } from './plugins/default-plugins.js'
import { clearNomination, markPreempted, writeUnschedulable } from './pod-conditions.js'
import { isTerminal, type PodInfo, podInfo } from './pods/pod-info.js'
import { type Candidate, preempt } from './preemption/preempt.js'
import { Nominations } from './queue/nominations.js'
import { type QueuedPod, SchedulingQueue } from './queue/scheduling-queue.js'
import { type SchedulingEvents, schedulingEvents } from './scheduling-events.js'

export interface SchedulerOptions {
  readonly client: Client
  readonly schedulerName?: string
  /** Plug-ins in order, with score weights; the default profile when absent. */
  readonly plugins?: readonly { readonly plugin: SchedulerPlugin; readonly weight?: number }[]
  /** 0 adapts to the size of the cluster. */
  readonly percentageOfNodesToScore?: number
  readonly clock?: Clock
  readonly random?: () => number
  readonly log?: Logger
}

export interface RunningScheduler {
  /** Resolves when the caches are there and pods are being placed. */
  readonly ready: Promise<void>
  stop(): Promise<void>
}

/** Bindings on their way at the same time; placing waits when there are more. */
const bindingsAtOnce = 1024

/** Places pods that have no node yet, until stopped. */
export function startScheduler(options: SchedulerOptions): RunningScheduler {
  const scheduler = new Scheduler(options)
  return { ready: scheduler.start(), stop: () => scheduler.stop() }
}

/**
 * One cycle at a time: take the most important pod, find nodes, choose one, assume it there. Everything up to that is
 * synchronous, so no cycle ever sees a half-changed cluster and no snapshot is copied. Binding goes on by itself.
 */
class Scheduler {
  readonly #client: Client
  readonly #clock: Clock
  readonly #random: () => number
  readonly #log: Logger
  readonly #profile: Profile
  readonly #informers: Informers
  readonly #events: SchedulingEvents
  readonly #cache = new ClusterCache()
  readonly #queue: SchedulingQueue
  readonly #nominations = new Nominations()
  readonly #abort = sharedAbort()
  readonly #bindings = new Set<Promise<void>>()
  #start = 0
  #loop: Promise<void> | undefined

  constructor(private readonly options: SchedulerOptions) {
    const name = options.schedulerName ?? 'default-scheduler'
    this.#client = options.client
    this.#clock = options.clock ?? systemClock
    this.#random = options.random ?? Math.random
    this.#log = options.log ?? silentLogger
    this.#profile = profile(name, options.plugins ?? defaultPlugins(options.client))
    this.#informers = new Informers(options.client, { clock: this.#clock, random: this.#random, log: this.#log })
    this.#events = schedulingEvents(options.client, this.#clock, this.#log, name, `${name}-${hostname()}`)
    this.#queue = new SchedulingQueue({
      clock: this.#clock,
      initialBackoff: 1_000,
      maxBackoff: 10_000,
      longestWait: 300_000,
      plugin: (plugin) => this.#profile.byName.get(plugin),
      gate: (pod) => this.#profile.preEnqueue.find((plugin) => plugin.preEnqueue(pod))?.name,
    })
  }

  async start(): Promise<void> {
    this.#informers.informer(Namespace)
    this.#informers.informer(PodDisruptionBudget)
    watchOwners(this.#informers)
    this.#informers.informer(Node).subscribe(({ type, object, old }) => {
      if (type === 'deleted') this.#cache.removeNode(object.metadata.name ?? '')
      else {
        const node = this.#cache.setNode(object)
        for (const change of nodeChanges(object, old)) this.#queue.changed({ type: change, node })
      }
    })
    this.#informers
      .informer(Pod)
      .subscribe(({ type, object, old }) => (type === 'deleted' ? this.#podDeleted(object) : this.#podSeen(object, old)))
    await this.#informers.whenSynced()
    this.#loop = this.#run()
  }

  async stop(): Promise<void> {
    this.#queue.close()
    await this.#loop
    await Promise.race([Promise.all(this.#bindings), new Promise((resolve) => this.#clock.after(2_000, () => resolve(undefined)))])
    this.#abort.abort()
    this.#events.close()
    await this.#informers.close()
  }

  #isMine(pod: Pod): boolean {
    return (pod.spec?.schedulerName ?? 'default-scheduler') === this.#profile.schedulerName
  }

  #podSeen(pod: Pod, old: Pod | undefined): void {
    const info = podInfo(pod)
    if (pod.spec?.nodeName) {
      const isNew = !old?.spec?.nodeName
      this.#cache.setPod(pod)
      this.#nominations.delete(info.uid)
      if (isNew) this.#queue.delete(info.key)
      if (isTerminal(pod)) {
        if (!old || !isTerminal(old)) this.#queue.changed({ type: 'pod-deleted', pod: info })
      } else if (isNew) this.#queue.changed({ type: 'pod-added', pod: info })
      else if (old.metadata.labels !== pod.metadata.labels && mayHelpItself(pod, old))
        this.#queue.changed({ type: 'pod-labels', pod: info })
      return
    }
    if (!this.#isMine(pod) || isTerminal(pod) || pod.metadata.deletionTimestamp) {
      this.#queue.delete(info.key)
      this.#nominations.delete(info.uid)
      return
    }
    this.#nominations.set(info, pod.status?.nominatedNodeName)
    if (this.#cache.isPlaced(info.uid)) return
    if (!old || mayHelpItself(pod, old) || !this.#queue.has(info.key)) this.#queue.add(info)
    else this.#queue.refresh(info)
  }

  #podDeleted(pod: Pod): void {
    const info = podInfo(pod)
    this.#queue.delete(info.key)
    this.#nominations.delete(info.uid)
    const held = this.#cache.isPlaced(info.uid)
    this.#cache.removePod(info.uid)
    if (held) this.#queue.changed({ type: 'pod-deleted', pod: info })
  }

  async #run(): Promise<void> {
    for (;;) {
      const queued = this.#queue.takeNow() ?? (await this.#queue.take())
      if (!queued) return
      if (this.#bindings.size >= bindingsAtOnce) await Promise.race(this.#bindings)
      try {
        this.#place(queued)
      } catch (error) {
        this.#failed(queued, 'SchedulerError', error instanceof Error ? error.message : String(error), new Set(), undefined)
      }
      await yieldIfDue()
    }
  }

  /** One scheduling cycle. */
  #place(queued: QueuedPod): void {
    const current = this.#informers.cache.get(Pod, queued.pod.key)
    if (!current || current.spec?.nodeName || current.metadata.deletionTimestamp || this.#cache.isPlaced(queued.pod.uid)) {
      this.#queue.done(queued.pod.key)
      return
    }
    const pod = podInfo(current)
    const { cache } = this.#informers
    const cycle = new Cycle(
      pod,
      this.#cache.view({
        namespaceLabels: (namespace) => cache.get(Namespace, namespace)?.metadata.labels ?? {},
        spreadingSelectors: (info) => owningSelectors(cache, info),
      }),
    )
    if (cycle.cluster.nodes.length === 0) {
      this.#failed({ ...queued, pod }, 'Unschedulable', 'no nodes available to schedule pods', new Set(['NodeName']), undefined)
      return
    }
    const found = findFeasible(cycle, this.#profile, {
      start: this.#start,
      percentage: this.options.percentageOfNodesToScore ?? 0,
      nominated: (node) => this.#nominations.atLeastAsImportant(node.name, pod),
      preferred: pod.pod.status?.nominatedNodeName,
    })
    this.#start = (this.#start + found.processed) % cycle.cluster.nodes.length
    const node = chooseNode(cycle, this.#profile, found.nodes, this.#random)
    if (!node) {
      this.#unplaceable({ ...queued, pod }, cycle, found.diagnosis)
      return
    }
    this.#cache.assume(pod, node.name)
    for (const plugin of this.#profile.reserve) {
      const refusal = plugin.reserve(cycle, node)
      if (!refusal) continue
      this.#undo(cycle, node)
      this.#failed({ ...queued, pod }, 'Unschedulable', refusal.reasons.join(', '), new Set([plugin.name]), undefined)
      return
    }
    this.#nominations.delete(pod.uid)
    const binding = this.#bind({ ...queued, pod }, cycle, node).finally(() => this.#bindings.delete(binding))
    this.#bindings.add(binding)
  }

  async #bind(queued: QueuedPod, cycle: Cycle, node: NodeInfo): Promise<void> {
    const { signal } = this.#abort
    const { pod } = queued
    try {
      for (const plugin of this.#profile.permit) {
        const refusal = await plugin.permit(cycle, node)
        if (!refusal) continue
        this.#undo(cycle, node)
        this.#failed(queued, 'Unschedulable', refusal.reasons.join(', '), new Set([plugin.name]), undefined)
        return
      }
      for (const plugin of this.#profile.preBind) await plugin.preBind(cycle, node, signal)
      let bound = false
      for (const plugin of this.#profile.bind) bound ||= await plugin.bind(cycle, node, signal)
      if (!bound) throw new Error('no plugin bound the pod')
    } catch (error) {
      if (signal.aborted) return
      this.#undo(cycle, node)
      if (isNotFound(error)) this.#queue.done(pod.key)
      else
        this.#failed(
          queued,
          'SchedulerError',
          `binding rejected: ${error instanceof Error ? error.message : String(error)}`,
          new Set(),
          undefined,
        )
      return
    }
    this.#queue.done(pod.key)
    this.#events.record(pod.pod, 'Normal', 'Scheduled', 'Binding', `Successfully assigned ${pod.key} to ${node.name}`)
    for (const plugin of this.#profile.postBind) plugin.postBind(cycle, node)
  }

  #undo(cycle: Cycle, node: NodeInfo): void {
    for (const plugin of [...this.#profile.reserve].reverse()) plugin.unreserve?.(cycle, node)
    this.#cache.forget(cycle.pod.uid)
    this.#queue.changed({ type: 'pod-deleted', pod: cycle.pod })
  }

  /** No node took the pod: perhaps less important ones can make room. */
  #unplaceable(queued: QueuedPod, cycle: Cycle, diagnosis: Diagnosis): void {
    const { pod } = queued
    const outcome = preempt(cycle, this.#profile, diagnosis, this.#informers.cache.list(PodDisruptionBudget), this.#random)
    if ('candidate' in outcome) {
      this.#nominations.set(pod, outcome.candidate.node.name)
      this.#failed(queued, 'Unschedulable', failureText(diagnosis, ''), diagnosis.refusedBy, outcome.candidate.node.name)
      void this.#evict(pod, outcome.candidate)
    } else this.#failed(queued, 'Unschedulable', failureText(diagnosis, `preemption: ${outcome.message}`), diagnosis.refusedBy, undefined)
  }

  async #evict(pod: PodInfo, { node, victims }: Candidate): Promise<void> {
    const { signal } = this.#abort
    try {
      for (const other of this.#nominations.lessImportant(node.name, pod)) await clearNomination(this.#client, other, signal)
      await Promise.all(
        victims.map(async (victim) => {
          const { name = '', namespace = '', uid = '' } = victim.pod.metadata
          await markPreempted(this.#client, victim, this.#profile.schedulerName, this.#clock.now(), signal)
          await this.#client.delete(Pod, { namespace, name }, { preconditions: { uid }, signal })
          this.#events.record(victim.pod, 'Normal', 'Preempted', 'Preempting', `Preempted by pod ${pod.uid} on node ${node.name}`, pod.pod)
        }),
      )
    } catch (error) {
      if (signal.aborted) return
      this.#log.warn('preemption failed', { pod: pod.key, node: node.name, error: String(error) })
      this.#queue.changed({ type: 'other' })
    }
  }

  #failed(
    queued: QueuedPod,
    reason: 'Unschedulable' | 'SchedulerError',
    message: string,
    refusedBy: ReadonlySet<string>,
    nominated: string | undefined,
  ): void {
    const { pod } = queued
    this.#queue.putBack(queued, refusedBy)
    this.#events.record(pod.pod, 'Warning', 'FailedScheduling', 'Scheduling', message)
    writeUnschedulable(this.#client, pod, reason, message, nominated, this.#clock.now(), this.#abort.signal).catch((error: unknown) => {
      if (!this.#abort.signal.aborted) this.#log.warn('cannot write why a pod has no node', { pod: pod.key, error: String(error) })
    })
  }
}
