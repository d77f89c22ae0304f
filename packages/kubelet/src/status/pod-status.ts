import type { ContainerStatus, PodCondition, PodPhase, PodStatus } from '@treeline/api'
import { formatTime } from '@treeline/machinery'
import { type AssignedPod, containersOf, isHostNetwork, isSidecar } from '../assigned-pod.js'
import { qosClass } from '../resources/requests.js'
import { judgeSandbox } from '../runtime/plan.js'
import { podAddresses } from '../runtime/pod-runtime.js'
import { ownConditions, podConditions } from './conditions.js'
import { containerStatuses, type StatusSources } from './container-statuses.js'
import { podPhase } from './phase.js'

/** What probes know of a container that runs. */
export interface ProbeReadings {
  started(pod: AssignedPod, status: ContainerStatus): boolean
  ready(pod: AssignedPod, status: ContainerStatus): boolean
}

export interface PodStatusSources extends StatusSources {
  readonly probes: ProbeReadings
  readonly hostIPs: readonly string[]
  /** The last status this agent reported, or what the API had when the pod came. */
  readonly previous: PodStatus
  /** Nothing of the pod will be started again. */
  readonly ending: boolean
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Decided by the agent itself: eviction, a refusal, a deadline. */
  readonly verdict: { readonly reason: string; readonly message: string } | undefined
}

/** The whole status of a pod, from what the runtime has and what was said before. */
export function podStatus(pod: AssignedPod, sources: PodStatusSources): PodStatus {
  const { previous, runtime, hostIPs, verdict, now } = sources
  const initContainerStatuses = withProbes(
    pod,
    containerStatuses(pod, pod.spec.initContainers ?? [], previous.initContainerStatuses ?? [], true, sources),
    sources.probes,
  )
  const apps = withProbes(
    pod,
    containerStatuses(pod, pod.spec.containers, previous.containerStatuses ?? [], false, sources),
    sources.probes,
  )
  const ephemeral = containerStatuses(
    pod,
    containersOf(pod).flatMap(({ role, container }) => (role === 'ephemeral' ? [container] : [])),
    previous.ephemeralContainerStatuses ?? [],
    false,
    sources,
  )
  const statuses = [...initContainerStatuses, ...apps]
  const phase = settledPhase(
    pod,
    previous,
    verdict === undefined ? podPhase(pod, statuses, sources.ending, ranApp(pod, sources)) : 'Failed',
  )
  const kept = phase === previous.phase ? { reason: previous.reason, message: previous.message } : {}
  const foreign = (pod.status?.conditions ?? []).filter(({ type }) => !ownConditions.has(type))
  const conditions = podConditions(pod, { phase, statuses, sandboxReady: judgeSandbox(pod, runtime).fit, foreign })
  const ips = podAddresses(runtime)
  const podIPs = isHostNetwork(pod) ? hostIPs : ips.length > 0 ? ips : lastIPs(previous, sources)
  return {
    ...defined({ observedGeneration: pod.metadata.generation }),
    phase,
    conditions: [...foreign, ...conditions.map((condition) => timed(condition, previous, pod.metadata.generation, now))],
    ...defined({ reason: verdict?.reason ?? kept.reason, message: verdict?.message ?? kept.message }),
    ...(hostIPs[0] === undefined ? {} : { hostIP: hostIPs[0], hostIPs: hostIPs.map((ip) => ({ ip })) }),
    ...(podIPs[0] === undefined ? {} : { podIP: podIPs[0], podIPs: podIPs.map((ip) => ({ ip })) }),
    startTime: previous.startTime ?? formatTime(new Date(now)),
    ...(initContainerStatuses.length === 0 ? {} : { initContainerStatuses }),
    containerStatuses: apps,
    ...(ephemeral.length === 0 ? {} : { ephemeralContainerStatuses: ephemeral }),
    qosClass: qosClass(pod),
  }
}

/** A pod never leaves a terminal phase, whatever the runtime says. */
function settledPhase(pod: AssignedPod, previous: PodStatus, phase: PodPhase): PodPhase {
  for (const known of [previous.phase, pod.status?.phase]) if (known === 'Succeeded' || known === 'Failed') return known
  return phase
}

function ranApp(pod: AssignedPod, { runtime }: PodStatusSources): boolean {
  const [sandbox] = runtime.sandboxes
  return runtime.containers.some(
    ({ name, sandboxId, state }) =>
      sandboxId === sandbox?.id && state !== 'created' && pod.spec.containers.some((container) => container.name === name),
  )
}

/** A sandbox that stopped has no addresses any more; a pod that ends keeps those it had. */
function lastIPs(previous: PodStatus, { ending, runtime }: PodStatusSources): string[] {
  return ending || runtime.sandboxes.length > 0 ? (previous.podIPs ?? []).map(({ ip }) => ip) : []
}

function withProbes(pod: AssignedPod, statuses: readonly ContainerStatus[], probes: ProbeReadings): ContainerStatus[] {
  return statuses.map((status) => {
    const init = (pod.spec.initContainers ?? []).find(({ name }) => name === status.name)
    const started = probes.started(pod, status)
    if (init !== undefined && !isSidecar(init)) return { ...status, started, ready: status.state?.terminated?.exitCode === 0 }
    return { ...status, started, ready: started && Boolean(status.state?.running) && probes.ready(pod, status) }
  })
}

function timed(
  condition: Pick<PodCondition, 'type' | 'status' | 'reason' | 'message'>,
  previous: PodStatus,
  observedGeneration: number | undefined,
  now: number,
): PodCondition {
  const before = (previous.conditions ?? []).find(({ type }) => type === condition.type)
  const same = before?.status === condition.status
  return {
    ...condition,
    ...defined({ observedGeneration }),
    lastProbeTime: null,
    lastTransitionTime: same ? (before?.lastTransitionTime ?? null) : formatTime(new Date(now)),
  }
}

function defined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T
}
