import { join } from 'node:path'
import type { ContainerStatus, PodStatus } from '@treeline/api'
import type { AssignedPod } from '../assigned-pod.js'
import type { NodeAgent } from '../node-agent.js'
import { bareId } from '../probes/prober.js'
import { containerLogPath, podLogDirectory } from '../runtime/log-paths.js'
import type { LogSource } from './read-log.js'

/** The log of a container or of its previous run. Throws, in the words users know, when there is none. */
export function containerLog(agent: NodeAgent, pod: AssignedPod, container: string, previous: boolean, signal: AbortSignal): LogSource {
  const status = agent.statuses.get(pod.metadata.uid) ?? pod.status ?? {}
  const found = statusOf(status, container)
  if (found === undefined) throw new Error(`container "${container}" in pod "${pod.metadata.name}" is not available`)
  const id = bareId(runOf(found, pod.metadata.name, previous))
  const inRuntime = () => agent.cache.get(pod.metadata.uid).containers.find((other) => other.id === id)
  const count = previous || !isCurrent(found, id) ? found.restartCount - 1 : found.restartCount
  const byCount = join(podLogDirectory(agent.logsDirectory, pod), containerLogPath(container, Math.max(0, count)))
  return { path: inRuntime()?.logPath || byCount, alive: () => inRuntime()?.state === 'running', signal }
}

function statusOf(status: PodStatus, container: string): ContainerStatus | undefined {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = status
  return [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses].find(({ name }) => name === container)
}

function isCurrent(status: ContainerStatus, id: string): boolean {
  return bareId(status.containerID) === id
}

const waitingTexts: Readonly<Record<string, string>> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: 'trying and failing to pull image',
}

/** Id of the run whose log is asked for. */
function runOf({ name, state = {}, lastState = {}, containerID = '' }: ContainerStatus, pod: string, previous: boolean): string {
  const where = `container "${name}" in pod "${pod}"`
  const last = lastState?.terminated
  if (previous) {
    if (!last?.containerID) throw new Error(`previous terminated ${where} not found`)
    return last.containerID
  }
  if (state?.running) return containerID
  if (state?.terminated ?? last) {
    const id = state?.terminated?.containerID || last?.containerID
    if (!id) throw new Error(`${where} is terminated`)
    return id
  }
  const reason = state?.waiting?.reason
  if (reason === undefined) throw new Error(`${where} is waiting to start - no logs yet`)
  throw new Error(`${where} is waiting to start: ${waitingTexts[reason] ?? reason}`)
}
