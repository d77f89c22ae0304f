import { age } from '../../declaration/cells.js'
import type { TypeOf } from '../../declaration/type-of.js'

type Pod = TypeOf<'core.v1.Pod'>
type PodStatus = TypeOf<'core.v1.PodStatus'>
type ContainerStatus = TypeOf<'core.v1.ContainerStatus'>
type Terminated = TypeOf<'core.v1.ContainerStateTerminated'>

/** What `kubectl get pods` says of a pod. */
export interface PodSummary {
  /** `1/2`: containers that are ready, of those that should run. */
  readonly ready: string
  /** `Running`, `CrashLoopBackOff`, `Init:0/1`, `Terminating`, …. */
  readonly status: string
  /** `3 (2m ago)`. */
  readonly restarts: string
}

/** Sums a pod up at a time in milliseconds. The last summary is remembered, as the columns of a row each ask for it. */
export function describePod(pod: Pod, now: number): PodSummary {
  if (last?.pod !== pod || last.now !== now) last = { pod, now, summary: summarise(pod, now) }
  return last.summary
}

let last: { pod: Pod; now: number; summary: PodSummary } | undefined

function summarise(pod: Pod, now: number): PodSummary {
  const { spec, status } = pod
  const sidecars = new Set(spec?.initContainers?.filter((container) => container.restartPolicy === 'Always').map(({ name }) => name))
  const init = summariseInit(status, sidecars, spec?.initContainers?.length ?? 0)
  const total = (spec?.containers?.length ?? 0) + sidecars.size
  let reason = init.reason ?? phaseReason(status)
  let { ready, restarts } = init
  if (init.reason === undefined || conditionHolds(status, 'Initialized')) {
    const main = summariseContainers(status, reason)
    reason = main.reason
    ready += main.ready
    restarts = merge(init.sidecarRestarts, main.restarts)
  }
  return { ready: `${ready}/${total}`, status: endReason(pod) ?? reason, restarts: restartText(restarts, now) }
}

function phaseReason(status: PodStatus | undefined): string {
  const gated = status?.conditions?.some(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated')
  return gated ? 'SchedulingGated' : status?.reason || status?.phase || ''
}

/** Being deleted hides what the containers do, unless they have ended. */
function endReason({ metadata, status }: Pod): string | undefined {
  if (!metadata.deletionTimestamp) return undefined
  if (status?.reason === 'NodeLost') return 'Unknown'
  return status?.phase === 'Succeeded' || status?.phase === 'Failed' ? undefined : 'Terminating'
}

interface Restarts {
  readonly count: number
  /** Milliseconds of the last one; 0 when there is no record of it. */
  readonly last: number
}

interface InitSummary {
  /** What the pod waits for before its containers start; absent when nothing. */
  readonly reason: string | undefined
  readonly ready: number
  readonly restarts: Restarts
  readonly sidecarRestarts: Restarts
}

function summariseInit(status: PodStatus | undefined, sidecars: ReadonlySet<string>, total: number): InitSummary {
  let restarts: Restarts = { count: 0, last: 0 }
  let sidecarRestarts = restarts
  let ready = 0
  for (const [index, container] of (status?.initContainerStatuses ?? []).entries()) {
    const sidecar = sidecars.has(container.name)
    restarts = merge(restarts, restartsOf(container))
    if (sidecar) sidecarRestarts = merge(sidecarRestarts, restartsOf(container))
    if (container.state?.terminated?.exitCode === 0) continue
    if (sidecar && container.started) {
      if (container.ready) ready++
      continue
    }
    return { reason: initReason(container) ?? `Init:${index}/${total}`, ready, restarts, sidecarRestarts }
  }
  return { reason: undefined, ready, restarts, sidecarRestarts }
}

function initReason({ state }: ContainerStatus): string | undefined {
  if (state?.terminated) return `Init:${terminatedReason(state.terminated)}`
  const waiting = state?.waiting?.reason
  return waiting && waiting !== 'PodInitializing' ? `Init:${waiting}` : undefined
}

/** The first container with something to report decides; a pod whose containers completed may still run others. */
function summariseContainers(status: PodStatus | undefined, initial: string): { reason: string; ready: number; restarts: Restarts } {
  let reason = initial
  let failure = ''
  let ready = 0
  let restarts: Restarts = { count: 0, last: 0 }
  for (const container of [...(status?.containerStatuses ?? [])].reverse()) {
    const { state } = container
    restarts = merge(restarts, restartsOf(container))
    if (state?.waiting?.reason) reason = state.waiting.reason
    else if (state?.terminated) {
      reason = terminatedReason(state.terminated)
      if (state.terminated.exitCode !== 0) failure = reason
    } else if (container.ready && state?.running) ready++
  }
  if (reason === 'Completed') {
    if (ready > 0 && conditionHolds(status, 'Ready')) reason = 'Running'
    else if (failure) reason = failure
    else if (ready > 0) reason = 'NotReady'
  }
  return { reason, ready, restarts }
}

function terminatedReason({ reason, signal, exitCode }: Terminated): string {
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`)
}

function restartsOf({ restartCount, lastState }: ContainerStatus): Restarts {
  const finished = lastState?.terminated?.finishedAt
  return { count: restartCount ?? 0, last: finished ? Date.parse(finished) : 0 }
}

const merge = (a: Restarts, b: Restarts): Restarts => ({ count: a.count + b.count, last: Math.max(a.last, b.last) })

function restartText({ count, last }: Restarts, now: number): string {
  return count > 0 && last > 0 ? `${count} (${age(new Date(last).toISOString(), now)} ago)` : String(count)
}

const conditionHolds = (status: PodStatus | undefined, type: string): boolean =>
  status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false
