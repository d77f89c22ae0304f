import type { Container, ContainerStatus, Probe } from '@treeline/api'
import { type AssignedPod, containersOf, isSidecar } from '../assigned-pod.js'
import type { ProbeVerdicts, ProbeOutcome as Verdict } from '../runtime/plan.js'
import { newest, type PodRuntime, podAddresses } from '../runtime/pod-runtime.js'
import type { ProbeReadings } from '../status/pod-status.js'
import { type ProbeKind, ProbeWorker } from './probe-worker.js'
import type { ProberOptions } from './prober-options.js'

const kinds: readonly { kind: ProbeKind; of: (container: Container) => Probe | undefined }[] = [
  { kind: 'startup', of: ({ startupProbe }) => startupProbe ?? undefined },
  { kind: 'readiness', of: ({ readinessProbe }) => readinessProbe ?? undefined },
  { kind: 'liveness', of: ({ livenessProbe }) => livenessProbe ?? undefined },
]

/** The probes of a node's containers and what they found. */
export class Prober implements ProbeVerdicts, ProbeReadings {
  /** By pod uid, then by container and kind. */
  readonly #workers = new Map<string, Map<string, ProbeWorker>>()
  readonly #verdicts = new Map<string, Map<ProbeKind, Verdict>>()

  constructor(private readonly options: ProberOptions) {}

  /** Tells what now runs of a pod. Makes, moves and stops probes accordingly. */
  track(pod: AssignedPod, runtime: PodRuntime): void {
    const { uid } = pod.metadata
    for (const { container, role } of containersOf(pod)) {
      if (role === 'init' || role === 'ephemeral') continue
      for (const { kind, of } of kinds) {
        const probe = of(container)
        if (probe === undefined) continue
        const current = newest(runtime, container.name)
        this.#worker(uid, container, kind, probe).follow(pod, current, podAddresses(runtime)[0] ?? '')
      }
    }
  }

  /** Stops everything of a pod. */
  forget(uid: string): void {
    for (const worker of this.#workers.get(uid)?.values() ?? []) worker.stop()
    this.#workers.delete(uid)
  }

  liveness(containerId: string): Verdict | undefined {
    return this.#verdicts.get(containerId)?.get('liveness')
  }

  startup(containerId: string): Verdict | undefined {
    return this.#verdicts.get(containerId)?.get('startup')
  }

  started(pod: AssignedPod, status: ContainerStatus): boolean {
    if (!status.state?.running) return false
    const container = containersOf(pod).find((other) => other.container.name === status.name)?.container
    if (container === undefined || (!isSidecar(container) && isInit(pod, container))) return false
    if (!container.startupProbe) return true
    const verdict = this.startup(bareId(status.containerID))
    return verdict === undefined ? status.started === true : verdict === 'success'
  }

  ready(pod: AssignedPod, status: ContainerStatus): boolean {
    const container = containersOf(pod).find((other) => other.container.name === status.name)?.container
    if (!container?.readinessProbe) return true
    const verdict = this.#verdicts.get(bareId(status.containerID))?.get('readiness')
    if (verdict !== undefined) return verdict === 'success'
    return this.#wasReady(pod, status)
  }

  /** Containers that ran before this agent keep the readiness it finds in the API until it has probed them itself. */
  #wasReady(pod: AssignedPod, status: ContainerStatus): boolean {
    const startedAt = Date.parse(status.state?.running?.startedAt ?? '')
    if (!(startedAt < this.options.startedAt)) return false
    const reported = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])]
    const known = reported.find(({ name }) => name === status.name)
    return known?.containerID === status.containerID && known?.ready === true
  }

  #worker(uid: string, container: Container, kind: ProbeKind, probe: Probe): ProbeWorker {
    const ofPod = this.#workers.get(uid) ?? new Map<string, ProbeWorker>()
    this.#workers.set(uid, ofPod)
    const key = `${container.name}/${kind}`
    let worker = ofPod.get(key)
    if (worker === undefined) {
      worker = new ProbeWorker(kind, probe, container, this.options, {
        started: (containerId) => !container.startupProbe || this.startup(containerId) === 'success',
        report: (containerId, verdict) => this.#set(uid, containerId, kind, verdict),
      })
      ofPod.set(key, worker)
    }
    return worker
  }

  #set(uid: string, containerId: string, kind: ProbeKind, verdict: Verdict | undefined): void {
    const ofContainer = this.#verdicts.get(containerId) ?? new Map<ProbeKind, Verdict>()
    if (verdict === undefined) {
      ofContainer.delete(kind)
      if (ofContainer.size === 0) this.#verdicts.delete(containerId)
      return
    }
    this.#verdicts.set(containerId, ofContainer)
    if (ofContainer.get(kind) === verdict) return
    ofContainer.set(kind, verdict)
    if (kind === 'startup' && verdict === 'success') {
      for (const worker of this.#workers.get(uid)?.values() ?? []) worker.startupSucceeded(containerId)
    }
    this.options.changed(uid)
  }
}

function isInit(pod: AssignedPod, container: Container): boolean {
  return (pod.spec.initContainers ?? []).includes(container)
}

/** `containerd://abc` is `abc` to the runtime. */
export function bareId(containerId: string | undefined): string {
  return containerId?.split('://').at(-1) ?? ''
}
