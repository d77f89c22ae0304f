import type { Container, Probe } from '@treeline/api'
import type { AssignedPod } from '../assigned-pod.js'
import type { ProbeOutcome as Verdict } from '../runtime/plan.js'
import type { RuntimeContainer } from '../runtime/pod-runtime.js'
import type { ProberOptions } from './prober-options.js'
import { runProbe } from './run-probe.js'

export type ProbeKind = 'startup' | 'readiness' | 'liveness'

/** What a worker needs of its surroundings. */
export interface ProbeSink {
  /** The startup probe of the container, if it has one, succeeded. */
  started(containerId: string): boolean
  /** Undefined withdraws what was said of a container. */
  report(containerId: string, verdict: Verdict | undefined): void
}

const titles: Readonly<Record<ProbeKind, string>> = { startup: 'Startup', readiness: 'Readiness', liveness: 'Liveness' }
const initialVerdicts: Readonly<Record<ProbeKind, Verdict>> = { startup: 'unknown', readiness: 'failure', liveness: 'success' }
/** Tries of a probe whose prober itself failed. */
const tries = 3

/** Runs one probe of one container of a pod, through all its restarts. */
export class ProbeWorker {
  #pod: AssignedPod | undefined
  #current: RuntimeContainer | undefined
  #podIP = ''
  #containerId = ''
  #cancel: (() => void) | undefined
  #running = false
  #onHold = false
  #last: Verdict | undefined
  #streak = 0

  constructor(
    private readonly kind: ProbeKind,
    private readonly probe: Probe,
    private readonly container: Container,
    private readonly options: ProberOptions,
    private readonly sink: ProbeSink,
  ) {}

  /** The newest container of that name, or undefined when there is none. */
  follow(pod: AssignedPod, current: RuntimeContainer | undefined, podIP: string): void {
    this.#pod = pod
    this.#current = current
    this.#podIP = podIP
    if (current !== undefined && current.id !== this.#containerId) this.#begin(current)
    if (current === undefined || this.#onHold) return
    if (current.state !== 'running') {
      this.#pause()
      if (current.state === 'exited') this.sink.report(current.id, this.kind === 'liveness' ? undefined : 'failure')
    } else if (pod.metadata.deletionTimestamp !== undefined && this.kind !== 'readiness') {
      this.#pause()
      this.sink.report(current.id, 'success')
    } else this.#schedule()
  }

  startupSucceeded(containerId: string): void {
    if (containerId === this.#containerId && this.kind !== 'startup') this.#schedule()
  }

  stop(): void {
    this.#pause()
    this.#onHold = true
    if (this.#containerId !== '') this.sink.report(this.#containerId, undefined)
  }

  #begin(current: RuntimeContainer): void {
    this.#pause()
    if (this.#containerId !== '') this.sink.report(this.#containerId, undefined)
    this.#containerId = current.id
    this.#onHold = false
    this.#last = undefined
    this.#streak = 0
    const older = Number(current.startedAt / 1_000_000n) < this.options.startedAt
    if (!(older && this.kind === 'readiness')) this.sink.report(current.id, initialVerdicts[this.kind])
  }

  #schedule(): void {
    const current = this.#current
    if (this.#cancel !== undefined || this.#running || current === undefined) return
    if (this.kind !== 'startup' && !this.sink.started(current.id)) return
    const { clock } = this.options
    const due = Number(current.startedAt / 1_000_000n) + (this.probe.initialDelaySeconds ?? 0) * 1_000
    this.#wait(Math.max(0, due - clock.now()))
  }

  #wait(delay: number): void {
    this.#cancel = this.options.clock.after(delay, () => {
      this.#cancel = undefined
      this.#running = true
      this.#run().finally(() => {
        this.#running = false
        if (!this.#onHold && !this.options.signal.aborted && this.#current?.state === 'running') {
          this.#wait(Math.max(1, this.probe.periodSeconds ?? 10) * 1_000)
        }
      })
    })
  }

  #pause(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  async #run(): Promise<void> {
    const { runtime, endpoint, limit, signal, events } = this.options
    const [pod, current] = [this.#pod, this.#current]
    if (pod === undefined || current === undefined) return
    const target = {
      container: this.container,
      containerId: current.id,
      podIP: this.#podIP || (pod.status?.podIP ?? ''),
      runtime,
      endpoint,
      signal,
    }
    let outcome = await limit.run(() => runProbe(this.probe, target))
    for (let tried = 1; outcome.result === 'unknown' && tried < tries; tried++)
      outcome = await limit.run(() => runProbe(this.probe, target))
    if (this.#containerId !== current.id || signal.aborted || this.#onHold) return
    const title = titles[this.kind]
    if (outcome.result === 'failure') {
      events.container(pod, this.container, 'Warning', 'Unhealthy', `${title} probe failed: ${outcome.output}`)
    } else if (outcome.result === 'unknown') {
      events.container(
        pod,
        this.container,
        'Warning',
        'Unhealthy',
        `${title} probe errored and resulted in unknown state: ${outcome.output}`,
      )
      return
    } else if (outcome.result === 'warning') {
      events.container(pod, this.container, 'Warning', 'ProbeWarning', `${title} probe warning: ${outcome.output}`)
    }
    this.#count(current.id, outcome.result === 'failure' ? 'failure' : 'success')
  }

  #count(containerId: string, verdict: 'success' | 'failure'): void {
    this.#streak = this.#last === verdict ? this.#streak + 1 : 1
    this.#last = verdict
    const needed = verdict === 'failure' ? (this.probe.failureThreshold ?? 3) : (this.probe.successThreshold ?? 1)
    if (this.#streak < needed) return
    // Until there is a new container, neither a failed liveness probe nor a decided startup probe has more to say.
    this.#onHold = this.kind === 'startup' || (this.kind === 'liveness' && verdict === 'failure')
    this.sink.report(containerId, verdict)
  }
}
