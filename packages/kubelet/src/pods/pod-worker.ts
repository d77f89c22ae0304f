import type { PodStatus } from '@treeline/api'
import { deepEqual } from '@treeline/machinery'
import { type AssignedPod, isTerminal } from '../assigned-pod.js'
import type { NodeAgent } from '../node-agent.js'
import type { StartError } from '../runtime/start-error.js'
import { PodReferences } from '../sources/pod-references.js'
import { removePodFiles, removePodFromRuntime, removePodVolumes } from './clean-up.js'
import { killPod } from './kill-pod.js'
import { reportPod } from './report-pod.js'
import { syncPod } from './sync-pod.js'

/** A pod only ever moves to the right. */
type Stage = 'syncing' | 'terminating' | 'terminated' | 'gone'

/** Why the agent itself ended or refused a pod. */
export interface PodVerdict {
  readonly reason: string
  readonly message: string
}

const errorDelay = 10_000
const networkDelay = 1_000

/** Thrown by a round of work that cannot go on now; says when to try again, in milliseconds. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater'
  constructor(
    readonly delay: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/**
 * One pod's state machine. Whatever happens only wakes it; it then looks at the whole and does what is due. No two
 * rounds of one pod overlap, and what is done in an earlier stage is broken off when a later one begins.
 */
export class PodWorker {
  readonly failures = new Map<string, StartError>()
  verdict: PodVerdict | undefined
  #stage: Stage = 'syncing'
  #removed = false
  #dirty = false
  #stale = true
  #running: Promise<void> | undefined
  #round = new AbortController()
  #cancelTimer: (() => void) | undefined
  readonly #references: PodReferences

  constructor(
    private readonly agent: NodeAgent,
    public pod: AssignedPod,
    /** Called once, when nothing of the pod is left. */
    private readonly gone: () => void,
  ) {
    this.#references = new PodReferences(agent.host, pod.metadata.uid, () => this.#objectChanged())
    this.#references.update(pod)
    if (isTerminal(pod)) this.#stage = 'terminating'
  }

  /** Still runs or may run. */
  get active(): boolean {
    return this.#stage === 'syncing' || this.#stage === 'terminating'
  }

  update(pod: AssignedPod): void {
    const before = this.pod
    this.pod = pod
    this.agent.statuses.observe(pod)
    if (pod.spec !== before.spec) this.#references.update(pod)
    const deleted = pod.metadata.deletionTimestamp !== undefined
    if (deleted && this.#stage === 'syncing') this.#end()
    else if (this.#stage === 'terminating' && graceOf(pod) < graceOf(before)) this.#round.abort(new Error('the grace period was shortened'))
    if (deleted || !sameButStatus(pod, before) || pod.spec.readinessGates !== undefined) this.wake()
  }

  /** The API server no longer has the pod. */
  remove(): void {
    this.#removed = true
    if (this.#stage === 'syncing') this.#end()
    this.wake()
  }

  /** Ends the pod for a reason of the agent's own, before or while it runs. */
  fail(verdict: PodVerdict): void {
    this.verdict ??= verdict
    if (this.#stage === 'syncing') this.#end()
    this.wake()
  }

  /** Asks for a round. `stale` says that the runtime has news. */
  wake(stale = false): void {
    this.#stale ||= stale
    this.#dirty = true
    if (this.#running !== undefined || this.#stage === 'gone' || this.agent.signal.aborted) return
    this.#running = this.#rounds().finally(() => {
      this.#running = undefined
      if (this.#dirty) this.wake()
    })
  }

  /** Breaks off what is under way, for when the agent stops. The pod runs on. */
  async close(): Promise<void> {
    this.#cancelTimer?.()
    this.#references.close()
    this.#round.abort(new Error('the node agent is stopping'))
    await this.#running
  }

  /** Looks at the runtime again if it has news. */
  async runtimeNow(signal: AbortSignal) {
    const { cache } = this.agent
    const { uid } = this.pod.metadata
    if (!this.#stale) return cache.get(uid)
    this.#stale = false
    try {
      return await cache.read(uid, signal)
    } catch (error) {
      this.#stale = true
      throw error
    }
  }

  /** What was missing may be there now. */
  #objectChanged(): void {
    for (const [name, { reason }] of this.failures) if (reason === 'CreateContainerConfigError') this.failures.delete(name)
    this.wake()
  }

  #end(): void {
    this.#stage = 'terminating'
    this.#round.abort(new Error('the pod ends'))
  }

  async #rounds(): Promise<void> {
    const { agent } = this
    while (this.#dirty && !agent.signal.aborted && this.#stage !== 'gone') {
      this.#dirty = false
      this.#cancelTimer?.()
      this.#round = new AbortController()
      const delay = await this.#step(this.#round.signal).catch((error: unknown) => this.#failed(error))
      if (!this.#dirty && delay !== undefined && !agent.signal.aborted && (this.#stage as Stage) !== 'gone') {
        this.#cancelTimer = agent.clock.after(delay, () => this.wake())
      }
    }
  }

  #failed(error: unknown): number {
    if (this.#round.signal.aborted) {
      this.#dirty = true
      return 0
    }
    const { name, namespace } = this.pod.metadata
    this.agent.log.warn('a pod could not be brought to its state', { pod: `${namespace}/${name}`, error: String(error) })
    this.#stale = true
    const delay = error instanceof RetryLater ? error.delay : errorDelay
    return delay * (1 + this.agent.random() * 0.1)
  }

  /** Does what the stage asks for. Resolves with the milliseconds until the next round, or nothing when none is due. */
  async #step(signal: AbortSignal): Promise<number | undefined> {
    if (this.#stage === 'syncing') {
      if (!this.agent.health().networkReady && !this.pod.spec.hostNetwork) this.#complainAboutNetwork()
      const outcome = await syncPod(this.agent, this, signal)
      if (outcome !== 'over') return outcome
      this.#stage = 'terminating'
    }
    if (this.#stage === 'terminating') {
      await this.#terminate(signal)
      this.#stage = 'terminated'
    }
    return this.#clean(signal)
  }

  #complainAboutNetwork(): never {
    reportPod(this.agent, this, this.agent.cache.get(this.pod.metadata.uid), false)
    const message = `network is not ready: ${this.agent.health().problems.join(', ')}`
    this.agent.events.pod(this.pod, 'Warning', 'NetworkNotReady', message)
    throw new RetryLater(networkDelay, message)
  }

  async #terminate(signal: AbortSignal): Promise<void> {
    const { agent, pod } = this
    this.#stale = true
    let runtime = await this.runtimeNow(signal)
    if (!isTerminal(pod)) reportPod(agent, this, runtime, false)
    agent.prober.track(pod, runtime)
    while (runtime.sandboxes.some(({ ready }) => ready) || runtime.containers.some(({ state }) => state === 'running')) {
      await killPod(agent, pod, runtime, signal, this.#removed ? removedGrace(pod) : undefined)
      this.#stale = true
      runtime = await this.runtimeNow(signal)
    }
    reportPod(agent, this, runtime, true)
  }

  async #clean(signal: AbortSignal): Promise<number | undefined> {
    const { agent, pod } = this
    agent.prober.forget(pod.metadata.uid)
    agent.tokens.forget(pod.metadata.uid)
    agent.written.forget(pod.metadata.uid)
    await removePodVolumes(agent, pod)
    if (pod.metadata.deletionTimestamp === undefined && !this.#removed) return undefined
    await removePodFromRuntime(agent, pod.metadata.uid, signal)
    if (!this.#removed) {
      agent.statuses.finish(pod)
      return undefined
    }
    await removePodFiles(agent, pod)
    this.#stage = 'gone'
    this.#references.close()
    agent.statuses.forget(pod.metadata.uid)
    agent.images.forget(pod.metadata.uid)
    agent.crashes.forget(`${pod.metadata.uid}/`)
    this.gone()
    return undefined
  }

  /** The status as it was last reported, here or by an earlier agent. */
  get reported(): PodStatus {
    return this.agent.statuses.get(this.pod.metadata.uid) ?? this.pod.status ?? {}
  }
}

/** Most updates are echoes of the status that this agent wrote. */
function sameButStatus(a: AssignedPod, b: AssignedPod): boolean {
  return (
    a.metadata.generation === b.metadata.generation &&
    a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
    deepEqual(a.metadata.labels, b.metadata.labels) &&
    deepEqual(a.metadata.annotations, b.metadata.annotations) &&
    deepEqual(a.spec, b.spec)
  )
}

function graceOf(pod: AssignedPod): number {
  return pod.metadata.deletionGracePeriodSeconds ?? Number.POSITIVE_INFINITY
}

/** A pod that is gone from the API without notice gets the grace it was promised, and a little if it was promised none. */
function removedGrace(pod: AssignedPod): number {
  return Math.max(2, pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30)
}
