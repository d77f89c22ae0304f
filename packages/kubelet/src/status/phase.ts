import type { Container, ContainerStatus, PodPhase } from '@treeline/api'
import { type AssignedPod, isSidecar } from '../assigned-pod.js'
import { restartsAfter } from '../runtime/restart-policy.js'

/** Where a container is, for the purpose of the phase. */
type Stage = 'unstarted' | 'running' | 'stopped' | 'unknown'

interface Judged {
  readonly stage: Stage
  /** Of stopped ones. */
  readonly exitCode: number
  readonly container: Container
  readonly started: boolean
}

/**
 * The phase of a pod from the statuses of all its containers. `ending` says that nothing of it will be started again;
 * `initialised` that an app container ran already in this sandbox.
 */
export function podPhase(pod: AssignedPod, statuses: readonly ContainerStatus[], ending: boolean, initialised: boolean): PodPhase {
  const judged = (container: Container): Judged =>
    judge(
      container,
      statuses.find(({ name }) => name === container.name),
    )
  const inits = (pod.spec.initContainers ?? []).filter((container) => !isSidecar(container)).map(judged)
  const sidecars = (pod.spec.initContainers ?? []).filter(isSidecar).map(judged)
  const apps = pod.spec.containers.map(judged)

  const failedForGood = inits.some(
    ({ stage, exitCode, container }) => stage === 'stopped' && exitCode !== 0 && !restartsAfter(pod, container, exitCode),
  )
  if (failedForGood) return 'Failed'
  const initPending = inits.some(({ stage }) => stage !== 'stopped')
  const sidecarPending = sidecars.some(
    ({ stage, started }) => stage === 'unstarted' || stage === 'unknown' || (stage === 'running' && !started),
  )
  if (initPending || (sidecarPending && !initialised)) return 'Pending'
  if ([...apps, ...sidecars].some(({ stage }) => stage === 'unstarted')) return 'Pending'
  if ([...apps, ...sidecars].some(({ stage }) => stage === 'unknown')) return 'Pending'
  if ([...apps, ...sidecars].some(({ stage }) => stage === 'running')) return 'Running'

  const stopped = apps.filter(({ stage }) => stage === 'stopped')
  if (stopped.length === 0) return 'Pending'
  const verdict = stopped.every(({ exitCode }) => exitCode === 0) ? 'Succeeded' : 'Failed'
  if (ending) return verdict
  return stopped.some(({ container, exitCode }) => restartsAfter(pod, container, exitCode)) ? 'Running' : verdict
}

function judge(container: Container, status: ContainerStatus | undefined): Judged {
  const { running, terminated, waiting } = status?.state ?? {}
  const started = status?.started === true
  if (running) return { stage: 'running', exitCode: 0, container, started }
  const ended = terminated ?? (waiting ? status?.lastState?.terminated : undefined)
  if (ended) return { stage: 'stopped', exitCode: ended.exitCode, container, started }
  return { stage: waiting ? 'unstarted' : 'unknown', exitCode: 0, container, started }
}
