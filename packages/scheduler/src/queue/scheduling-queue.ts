import type { Clock } from '@treeline/client'
import type { ClusterChange, SchedulerPlugin } from '../framework/plugin.js'
import type { PodInfo } from '../pods/pod-info.js'
import { Heap } from './heap.js'

/** A pod that waits to be placed, and what was learnt in earlier attempts. */
export interface QueuedPod {
  readonly pod: PodInfo
  /** When it entered the queue, or was last put back. */
  readonly since: number
  readonly attempts: number
  /** Refusals and errors so far, which decide the back-off. */
  readonly failures: number
  /** Plug-ins that refused it; empty after an error: then only time helps. */
  readonly refusedBy: ReadonlySet<string>
  /** Held back by a plug-in before any attempt. */
  readonly gatedBy?: string
}

type WaitingPod = QueuedPod & { readonly until: number }

export interface QueueOptions {
  readonly clock: Clock
  /** Milliseconds; 1 s and 10 s upstream. */
  readonly initialBackoff: number
  readonly maxBackoff: number
  /** A pod waits at most this long for a change; 5 min upstream. */
  readonly longestWait: number
  readonly plugin: (name: string) => SchedulerPlugin | undefined
  readonly gate: (pod: PodInfo) => string | undefined
}

const sweepInterval = 30_000

/**
 * Three places a waiting pod can be in: active (to be tried now, most important first), in back-off (to be tried when
 * its time has come), and unschedulable (until something changes that the refusing plug-in cares about).
 */
export class SchedulingQueue {
  readonly #active: Heap<QueuedPod>
  readonly #backoff: Heap<WaitingPod>
  readonly #unschedulable = new Map<string, QueuedPod>()
  /** Changes seen while pods are being tried; each pod on trial remembers where its list began. */
  readonly #changes: ClusterChange[] = []
  readonly #onTrial = new Map<string, number>()
  #dropped = 0
  #waiting: ((pod: QueuedPod | undefined) => void) | undefined
  #cancelTimer: (() => void) | undefined
  #cancelSweep: (() => void) | undefined
  #closed = false

  constructor(private readonly options: QueueOptions) {
    const key = (queued: QueuedPod): string => queued.pod.key
    this.#active = new Heap(key, moreImportant)
    this.#backoff = new Heap<WaitingPod>(key, (a, b) => (a.until === b.until ? moreImportant(a, b) : a.until < b.until))
    this.#scheduleSweep()
  }

  get sizes(): { active: number; backoff: number; unschedulable: number } {
    return { active: this.#active.size, backoff: this.#backoff.size, unschedulable: this.#unschedulable.size }
  }

  /** A pod without a node was created, or changed in a way that could let it in. */
  add(pod: PodInfo): void {
    const known = this.#find(pod.key)
    this.delete(pod.key)
    const fresh =
      known && known.pod.uid === pod.uid
        ? { ...known, pod }
        : { pod, since: this.options.clock.now(), attempts: 0, failures: 0, refusedBy: new Set<string>() }
    const gatedBy = this.options.gate(pod)
    if (gatedBy !== undefined) this.#unschedulable.set(pod.key, { ...fresh, gatedBy })
    else this.#activate({ ...fresh, gatedBy: undefined })
  }

  /** Only what is known of the pod changed (its status): it stays where it is. */
  refresh(pod: PodInfo): void {
    const waiting = this.#unschedulable.get(pod.key)
    if (waiting) this.#unschedulable.set(pod.key, { ...waiting, pod })
    const inBackoff = this.#backoff.get(pod.key)
    if (inBackoff) this.#backoff.push({ ...inBackoff, pod })
    const active = this.#active.get(pod.key)
    if (active) this.#active.push({ ...active, pod })
  }

  has(key: string): boolean {
    return this.#find(key) !== undefined || this.#onTrial.has(key)
  }

  delete(key: string): void {
    this.#active.delete(key)
    this.#backoff.delete(key)
    this.#unschedulable.delete(key)
  }

  /** The next pod to try; waits for one. Undefined when the queue is closed. */
  take(): Promise<QueuedPod | undefined> {
    if (this.#closed) return Promise.resolve(undefined)
    const next = this.#next()
    if (next) return Promise.resolve(next)
    return new Promise((resolve) => {
      this.#waiting = resolve
      this.#armTimer()
    })
  }

  /** The next pod if there is one now. */
  takeNow(): QueuedPod | undefined {
    return this.#closed ? undefined : this.#next()
  }

  /** The attempt is over and the pod has a node, or is gone. */
  done(key: string): void {
    this.#onTrial.delete(key)
    if (this.#onTrial.size === 0) {
      this.#dropped += this.#changes.length
      this.#changes.length = 0
    }
  }

  /** The attempt failed: back-off if time is what it needs, else it waits for a change. Changes seen meanwhile count. */
  putBack(tried: QueuedPod, refusedBy: ReadonlySet<string>): void {
    const since = this.#onTrial.get(tried.pod.key) ?? this.#dropped + this.#changes.length
    const missed = this.#changes.slice(Math.max(0, since - this.#dropped))
    this.done(tried.pod.key)
    if (this.#find(tried.pod.key)) return
    const queued: QueuedPod = { ...tried, refusedBy, failures: tried.failures + 1, since: this.options.clock.now() }
    if (refusedBy.size === 0 || missed.some((change) => this.#helps(queued, change))) this.#retryAfterBackoff(queued)
    else this.#unschedulable.set(queued.pod.key, queued)
  }

  /** Something changed in the cluster: pods it may help are tried again once their back-off is over. */
  changed(change: ClusterChange): void {
    if (this.#onTrial.size > 0) this.#changes.push(change)
    for (const queued of [...this.#unschedulable.values()]) {
      if (queued.gatedBy !== undefined || !this.#helps(queued, change)) continue
      this.#unschedulable.delete(queued.pod.key)
      this.#retryAfterBackoff(queued)
    }
  }

  close(): void {
    this.#closed = true
    this.#cancelTimer?.()
    this.#cancelSweep?.()
    this.#waiting?.(undefined)
    this.#waiting = undefined
  }

  #find(key: string): QueuedPod | undefined {
    return this.#active.get(key) ?? this.#backoff.get(key) ?? this.#unschedulable.get(key)
  }

  #next(): QueuedPod | undefined {
    this.#endBackoffs()
    // an idle scheduler does not wait out a back-off that was a refusal
    const next = this.#active.pop() ?? this.#earlyFromBackoff()
    if (!next) return undefined
    this.#onTrial.set(next.pod.key, this.#dropped + this.#changes.length)
    return { ...next, attempts: next.attempts + 1 }
  }

  #earlyFromBackoff(): QueuedPod | undefined {
    const first = this.#backoff.peek()
    if (!first || first.refusedBy.size === 0) return undefined
    return this.#backoff.pop()
  }

  #activate(queued: QueuedPod): void {
    this.#active.push(queued)
    this.#wake()
  }

  #wake(): void {
    const waiting = this.#waiting
    if (!waiting) return
    const next = this.#next()
    if (!next) return
    this.#waiting = undefined
    this.#cancelTimer?.()
    waiting(next)
  }

  #retryAfterBackoff(queued: QueuedPod): void {
    const { clock, initialBackoff, maxBackoff } = this.options
    const delay = queued.failures === 0 ? 0 : Math.min(maxBackoff, initialBackoff * 2 ** (queued.failures - 1))
    // whole seconds, so that pods of one second are tried in order of importance
    const until = Math.floor((queued.since + delay) / 1000) * 1000
    if (until <= clock.now()) {
      this.#activate(queued)
      return
    }
    this.#backoff.push({ ...queued, until })
    this.#wake()
    if (this.#waiting) this.#armTimer()
  }

  #endBackoffs(): void {
    const now = this.options.clock.now()
    for (let first = this.#backoff.peek(); first && first.until <= now; first = this.#backoff.peek()) {
      this.#backoff.pop()
      this.#active.push(first)
    }
  }

  #armTimer(): void {
    this.#cancelTimer?.()
    const first = this.#backoff.peek()
    if (first) this.#cancelTimer = this.options.clock.after(Math.max(0, first.until - this.options.clock.now()), () => this.#wake())
  }

  #scheduleSweep(): void {
    this.#cancelSweep = this.options.clock.after(sweepInterval, () => {
      const oldest = this.options.clock.now() - this.options.longestWait
      for (const queued of [...this.#unschedulable.values()]) {
        if (queued.since > oldest || queued.gatedBy !== undefined) continue
        this.#unschedulable.delete(queued.pod.key)
        this.#retryAfterBackoff(queued)
      }
      if (!this.#closed) this.#scheduleSweep()
    })
  }

  #helps(queued: QueuedPod, change: ClusterChange): boolean {
    for (const name of queued.refusedBy) {
      const rules = this.options.plugin(name)?.requeueOn
      if (!rules) return true
      if (rules.some((rule) => rule.on.includes(change.type) && (rule.helps?.(queued.pod, change) ?? true))) return true
    }
    return false
  }
}

function moreImportant(a: QueuedPod, b: QueuedPod): boolean {
  return a.pod.priority === b.pod.priority ? a.since < b.since : a.pod.priority > b.pod.priority
}
