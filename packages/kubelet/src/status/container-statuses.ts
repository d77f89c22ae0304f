import type { Container, ContainerState, ContainerStatus } from '@treeline/api'
import { formatTime } from '@treeline/machinery'
import type { AssignedPod } from '../assigned-pod.js'
import { newest, type PodRuntime, type RuntimeContainer } from '../runtime/pod-runtime.js'
import { shouldStart } from '../runtime/restart-policy.js'

/** Why a container could not be started the last time it was tried. */
export interface StartFailure {
  readonly reason: string
  readonly message: string
}

export interface StatusSources {
  readonly runtime: PodRuntime
  /** Name of the runtime, which is the scheme of container ids. */
  readonly runtimeName: string
  failure(container: string): StartFailure | undefined
}

/**
 * The statuses of some of a pod's containers, sorted by name unless they are init containers. `previous` is what was
 * reported last: it tells of containers that the runtime has lost.
 */
export function containerStatuses(
  pod: AssignedPod,
  containers: readonly Container[],
  previous: readonly ContainerStatus[],
  isInit: boolean,
  sources: StatusSources,
): ContainerStatus[] {
  const statuses = containers.map((container) => {
    const before = previous.find(({ name }) => name === container.name)
    return withFailure(pod, container, isInit, sources, currentStatus(pod, container, before, sources))
  })
  return isInit ? statuses : statuses.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function currentStatus(
  pod: AssignedPod,
  container: Container,
  before: ContainerStatus | undefined,
  { runtime, runtimeName }: StatusSources,
): ContainerStatus {
  const [last, earlier] = runtime.containers.filter(({ name }) => name === container.name)
  if (last === undefined) return absentStatus(pod, container, before)
  const state = stateOf(last, before, runtimeName)
  const lost = last.state === 'unknown' && state.terminated !== undefined
  return {
    name: container.name,
    state,
    lastState: earlier === undefined ? (before?.lastState ?? {}) : stateOf(earlier, undefined, runtimeName),
    ready: false,
    restartCount: lost ? (before?.restartCount ?? 0) + 1 : last.restartCount,
    image: last.image,
    imageID: last.imageRef,
    containerID: `${runtimeName}://${last.id}`,
    ...(last.state === 'running' && before?.started != null ? { started: before.started } : {}),
    ...resourcesOf(container),
    ...mountsOf(container),
    ...(last.user === undefined
      ? {}
      : { user: { linux: { uid: last.user.uid, gid: last.user.gid, supplementalGroups: [...last.user.supplementalGroups] } } }),
  }
}

/** A container that the runtime does not have: not started yet, or lost. */
function absentStatus(pod: AssignedPod, container: Container, before: ContainerStatus | undefined): ContainerStatus {
  if (before?.state?.terminated) return before
  const waiting = { reason: (pod.spec.initContainers ?? []).length > 0 ? 'PodInitializing' : 'ContainerCreating' }
  const status: ContainerStatus = {
    name: container.name,
    state: { waiting },
    lastState: before?.lastState ?? {},
    ready: false,
    restartCount: before?.restartCount ?? 0,
    image: container.image ?? '',
    imageID: '',
    ...mountsOf(container),
  }
  if (!before?.state?.running || status.lastState?.terminated) return status
  const message = 'The container could not be located when the pod was deleted.  The container used to be Running'
  return {
    ...status,
    lastState: { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown', message, startedAt: null, finishedAt: null } },
    restartCount: status.restartCount + (pod.metadata.deletionTimestamp === undefined ? 1 : 0),
  }
}

function stateOf(container: RuntimeContainer, before: ContainerStatus | undefined, runtimeName: string): ContainerState {
  const containerID = `${runtimeName}://${container.id}`
  switch (container.state) {
    case 'running':
      return { running: { startedAt: time(container.startedAt) } }
    case 'created':
      return { waiting: {} }
    case 'exited':
      return {
        terminated: {
          exitCode: container.exitCode,
          ...(container.reason === '' ? {} : { reason: container.reason }),
          ...(container.message === '' ? {} : { message: container.message }),
          startedAt: time(container.startedAt),
          finishedAt: time(container.finishedAt),
          containerID,
        },
      }
    default:
      if (!before?.state?.running) return { waiting: {} }
      return {
        terminated: {
          exitCode: 137,
          reason: 'ContainerStatusUnknown',
          message: 'The container could not be located when the pod was terminated',
          startedAt: null,
          finishedAt: null,
        },
      }
  }
}

/** A container that has to start and could not is waiting, and says why. */
function withFailure(
  pod: AssignedPod,
  container: Container,
  isInit: boolean,
  { runtime, failure }: StatusSources,
  status: ContainerStatus,
): ContainerStatus {
  const last = newest(runtime, container.name)
  if (isInit && last?.state === 'exited' && last.exitCode === 0) return status
  if (!shouldStart(pod, container, runtime)) return status
  const why = failure(container.name)
  if (why === undefined) return status
  return {
    ...status,
    ...(status.state?.terminated ? { lastState: status.state } : {}),
    state: { waiting: { reason: why.reason, ...(why.message === '' ? {} : { message: why.message }) } },
  }
}

function resourcesOf({ resources }: Container): Pick<ContainerStatus, 'allocatedResources' | 'resources'> {
  const requests = resources?.requests
  return {
    ...(requests === undefined ? {} : { allocatedResources: requests }),
    resources: resources ?? {},
  }
}

function mountsOf({ volumeMounts = [] }: Container): Pick<ContainerStatus, 'volumeMounts'> {
  if (volumeMounts.length === 0) return {}
  return {
    volumeMounts: volumeMounts.map(({ name, mountPath, readOnly, recursiveReadOnly }) => ({
      name,
      mountPath,
      ...(readOnly ? { readOnly, recursiveReadOnly: recursiveReadOnly === 'Enabled' ? 'Enabled' : 'Disabled' } : {}),
    })),
  }
}

/** Nanoseconds as RFC 3339. A container that could not be started has started at the epoch, upstream as here. */
function time(nanoseconds: bigint): string {
  return formatTime(new Date(Number(nanoseconds / 1_000_000n)))
}
