import type { Container } from '@treeline/api'
import { type AssignedPod, isHostNetwork, isSidecar } from '../assigned-pod.js'
import { containerHash } from './identity.js'
import { newest, type PodRuntime, type RuntimeContainer, type RuntimeSandbox } from './pod-runtime.js'
import { restartsAfter, restartsWhenKilled, shouldStart } from './restart-policy.js'

/** Why a container is killed while its pod lives on. */
export type KillCause = 'changed' | 'liveness' | 'startup' | 'unknown'

export interface Kill {
  readonly target: RuntimeContainer
  readonly container: Container
  readonly cause: KillCause
  readonly message: string
}

/** What to do to bring the runtime closer to the pod. The lists are in starting order. */
export interface Plan {
  /** Stop everything: the sandbox is unfit, or nothing is left to run. */
  readonly killPod: boolean
  /** Attempt of the sandbox to make; undefined keeps the one there is. */
  readonly newSandbox: number | undefined
  readonly sandbox: RuntimeSandbox | undefined
  readonly kill: readonly Kill[]
  readonly start: {
    readonly ephemeral: readonly Container[]
    readonly init: readonly Container[]
    readonly app: readonly Container[]
  }
}

export type ProbeOutcome = 'success' | 'failure' | 'unknown'

/** Latest verdicts by container id; undefined where there is no probe or no verdict yet. */
export interface ProbeVerdicts {
  liveness(containerId: string): ProbeOutcome | undefined
  startup(containerId: string): ProbeOutcome | undefined
}

/** Decides what to do about a pod. Reads nothing but its arguments. */
export function planPod(pod: AssignedPod, runtime: PodRuntime, probes: ProbeVerdicts): Plan {
  const { fit, attempt, current } = judgeSandbox(pod, runtime)
  if (!fit) return planAfresh(pod, runtime, attempt, current)
  const init = planInit(pod, runtime, probes)
  const base = { killPod: false, newSandbox: undefined, sandbox: current }
  const ephemeral = (pod.spec.ephemeralContainers ?? []).filter(({ name }) => newest(runtime, name) === undefined)
  if (init.failed) return { ...base, killPod: true, kill: init.kill, start: { ephemeral: [], init: [], app: [] } }
  if (!init.done) return { ...base, kill: init.kill, start: { ephemeral, init: init.start, app: [] } }
  const app = planApps(pod, runtime, probes)
  if (app.kept === 0 && app.start.length === 0) {
    return { ...base, killPod: true, kill: [], start: { ephemeral: [], init: [], app: [] } }
  }
  return { ...base, kill: [...init.kill, ...app.kill], start: { ephemeral, init: init.start, app: app.start } }
}

/** Whether the newest sandbox can be used, and the attempt of the next one if not. */
export function judgeSandbox(
  pod: AssignedPod,
  runtime: PodRuntime,
): { fit: boolean; attempt: number; current: RuntimeSandbox | undefined } {
  const [current] = runtime.sandboxes
  if (current === undefined) return { fit: false, attempt: 0, current: undefined }
  const next = { fit: false, attempt: current.attempt + 1, current }
  if (!current.ready || runtime.sandboxes.filter(({ ready }) => ready).length > 1) return next
  if (current.hostNetwork !== isHostNetwork(pod)) return next
  if (!isHostNetwork(pod) && current.ips.length === 0) return next
  return { fit: true, attempt: current.attempt, current }
}

function planAfresh(pod: AssignedPod, runtime: PodRuntime, attempt: number, sandbox: RuntimeSandbox | undefined): Plan {
  const none = { ephemeral: [], init: [], app: [] }
  const stop: Plan = { killPod: true, newSandbox: undefined, sandbox, kill: [], start: none }
  if (pod.spec.restartPolicy === 'Never' && attempt !== 0 && runtime.containers.length > 0) return stop
  const app = pod.spec.containers.filter((container) => {
    const last = newest(runtime, container.name)
    const runsOnce = (container.restartPolicy ?? pod.spec.restartPolicy) === 'OnFailure'
    return !(runsOnce && last?.state === 'exited' && last.exitCode === 0)
  })
  const initialised = pod.spec.containers.some(({ name }) => newest(runtime, name) !== undefined)
  if (app.length === 0 && initialised) return stop
  const [firstInit] = pod.spec.initContainers ?? []
  const start = firstInit === undefined ? { ...none, app } : { ...none, init: [firstInit] }
  return { killPod: true, newSandbox: attempt, sandbox, kill: [], start }
}

interface InitPlan {
  /** The app containers may start. */
  readonly done: boolean
  readonly failed: boolean
  readonly kill: Kill[]
  readonly start: Container[]
}

/**
 * Walks the init containers from the last to the first, because those that completed may be gone from the runtime: the
 * last one that is there tells how far the pod got. After that point only sidecars matter.
 */
function planInit(pod: AssignedPod, runtime: PodRuntime, probes: ProbeVerdicts): InitPlan {
  const containers = pod.spec.initContainers ?? []
  const kill: Kill[] = []
  const start = new Set<Container>()
  let done = containers.length === 0 || pod.spec.containers.some(({ name }) => isLive(newest(runtime, name)))
  let passed = done
  for (let index = containers.length - 1; index >= 0; index--) {
    const container = containers[index]
    if (container === undefined) continue
    const last = newest(runtime, container.name)
    const sidecar = isSidecar(container)
    if (last === undefined) {
      if (passed && sidecar) start.add(container)
      continue
    }
    if (passed && !sidecar) continue
    const advance = () => {
      const next = containers[index + 1]
      if (next === undefined) done = true
      else if (!passed) start.add(next)
    }
    switch (last.state) {
      case 'created':
        start.add(container)
        break
      case 'running':
        if (sidecar) superviseSidecar(container, last)
        break
      case 'exited':
        if (sidecar) start.add(container)
        else if (last.exitCode === 0) advance()
        else if (restartsAfter(pod, container, last.exitCode)) start.add(container)
        else return { done: false, failed: true, kill: [], start: [] }
        break
      default:
        if (!sidecar && !restartsWhenKilled(pod, container)) return { done: false, failed: true, kill: [], start: [] }
        kill.push({ target: last, container, cause: 'unknown', message: unknownMessage('Init container') })
        start.add(container)
    }
    passed = true

    function superviseSidecar(sidecar: Container, running: RuntimeContainer): void {
      if (sidecar.startupProbe) {
        const verdict = probes.startup(running.id)
        if (verdict === 'failure') replace('startup', `Init container ${sidecar.name} failed startup probe`)
        if (verdict !== 'success') return
      }
      advance()
      if (running.hash !== containerHash(sidecar)) replace('changed', `Init container ${sidecar.name} definition changed`)
      else if (probes.liveness(running.id) === 'failure') replace('liveness', `Init container ${sidecar.name} failed liveness probe`)

      function replace(cause: KillCause, message: string): void {
        kill.push({ target: running, container: sidecar, cause, message })
        start.add(sidecar)
      }
    }
  }
  const [first] = containers
  if (!passed && first !== undefined) start.add(first)
  return { done, failed: false, kill, start: containers.filter((container) => start.has(container)) }
}

interface AppPlan {
  readonly kept: number
  readonly kill: Kill[]
  readonly start: Container[]
}

function planApps(pod: AssignedPod, runtime: PodRuntime, probes: ProbeVerdicts): AppPlan {
  const kill: Kill[] = []
  const start: Container[] = []
  let kept = 0
  for (const container of pod.spec.containers) {
    const last = newest(runtime, container.name)
    if (last?.state !== 'running') {
      if (!shouldStart(pod, container, runtime)) continue
      start.push(container)
      if (last?.state === 'unknown') kill.push({ target: last, container, cause: 'unknown', message: unknownMessage('Container') })
      continue
    }
    const verdict = appVerdict(container, last, probes)
    if (verdict === undefined) {
      kept++
      continue
    }
    const restart = verdict.cause === 'changed' || restartsWhenKilled(pod, container)
    if (restart) start.push(container)
    kill.push({
      target: last,
      container,
      cause: verdict.cause,
      message: restart ? `${verdict.message}, will be restarted` : verdict.message,
    })
  }
  return { kept, kill, start }
}

function appVerdict(
  container: Container,
  running: RuntimeContainer,
  probes: ProbeVerdicts,
): { cause: KillCause; message: string } | undefined {
  if (running.hash !== containerHash(container)) return { cause: 'changed', message: `Container ${container.name} definition changed` }
  if (probes.liveness(running.id) === 'failure') return { cause: 'liveness', message: `Container ${container.name} failed liveness probe` }
  if (probes.startup(running.id) === 'failure') return { cause: 'startup', message: `Container ${container.name} failed startup probe` }
  return undefined
}

function isLive(container: RuntimeContainer | undefined): boolean {
  return container?.state === 'created' || container?.state === 'running'
}

function unknownMessage(what: string): string {
  return `${what} is in "Unknown" state, try killing it before restart`
}
