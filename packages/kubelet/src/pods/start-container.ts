import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Container } from '@treeline/api'
import { type AssignedPod, isHostNetwork } from '../assigned-pod.js'
import { containerEnvironment } from '../environment/container-environment.js'
import { runHook } from '../hooks/run-hook.js'
import type { PresentImage } from '../images/image-puller.js'
import { podHostname } from '../network/hostname.js'
import type { NodeAgent } from '../node-agent.js'
import { containerConfig } from '../runtime/container-config.js'
import { podLogDirectory } from '../runtime/log-paths.js'
import { newest, type PodRuntime } from '../runtime/pod-runtime.js'
import type { SandboxConfig } from '../runtime/sandbox-config.js'
import { nonRootViolation } from '../runtime/security-context.js'
import { StartError } from '../runtime/start-error.js'
import { containerMounts } from '../volumes/mounts.js'
import type { PreparedVolume } from '../volumes/pod-volumes.js'
import { gracePeriod } from './kill-container.js'
import { podObjects } from './pod-objects.js'

/** Milliseconds before a container that could not be made is tried again, unless something it refers to changes. */
const failureDelay = 10_000

/** Where a container is started. */
export interface StartPlace {
  readonly sandboxId: string
  readonly sandboxConfig: SandboxConfig
  readonly podIPs: readonly string[]
  readonly volumes: ReadonlyMap<string, PreparedVolume>
  /** What the runtime had of the pod before. */
  readonly runtime: PodRuntime
  readonly signal: AbortSignal
  /** Of ephemeral containers: whose processes it joins. */
  readonly target?: string
}

/** Pulls, creates and starts a container and runs its postStart hook. Throws a StartError that its status will show. */
export async function startContainer(agent: NodeAgent, pod: AssignedPod, container: Container, place: StartPlace): Promise<void> {
  const { events, runtime } = agent
  const { signal, sandboxId, sandboxConfig } = place
  const failed = (reason: string, event: string) => (error: unknown) => {
    if (signal.aborted) throw error
    const message = error instanceof Error ? error.message : String(error)
    events.container(pod, container, 'Warning', event, `Error: ${message}`)
    throw new StartError(reason, message, agent.clock.now() + failureDelay, { cause: error })
  }
  const image = await present(agent, pod, container, place)
  const config = await configure(agent, pod, container, image, place).catch(failed('CreateContainerConfigError', 'Failed'))
  const created = await runtime
    .createContainer({ podSandboxId: sandboxId, config, sandboxConfig }, { signal })
    .catch(failed('CreateContainerError', 'Failed'))
  events.container(pod, container, 'Normal', 'Created', 'Container created')
  await runtime.startContainer({ containerId: created.containerId }, { signal }).catch(failed('RunContainerError', 'Failed'))
  events.container(pod, container, 'Normal', 'Started', 'Container started')
  await postStart(agent, pod, container, created.containerId, place)
}

async function present(agent: NodeAgent, pod: AssignedPod, container: Container, place: StartPlace): Promise<PresentImage> {
  const secrets = await podObjects(agent, pod, place.signal).pullSecrets()
  try {
    return await agent.images.ensure(pod, container, secrets, place.sandboxConfig, place.signal)
  } catch (error) {
    if (error instanceof StartError) agent.events.container(pod, container, 'Warning', 'Failed', `Error: ${error.reason}`)
    throw error
  }
}

async function configure(agent: NodeAgent, pod: AssignedPod, container: Container, image: PresentImage, place: StartPlace) {
  const { signal, volumes, podIPs, runtime } = place
  const violation = nonRootViolation(pod, container, image.user)
  if (violation !== undefined) throw new Error(violation)
  const objects = podObjects(agent, pod, signal)
  const restartCount = await nextRestartCount(agent, pod, container, runtime)
  const environment = await containerEnvironment(pod, container, {
    podIPs: isHostNetwork(pod) ? agent.hostIPs : podIPs,
    hostIPs: agent.hostIPs,
    nodeAllocatable: agent.nodeAllocatable(),
    services: await agent.host.servicesFor(pod.metadata.namespace, signal),
    configMap: objects.configMap,
    secret: objects.secret,
  })
  const { hostname, domain } = podHostname(pod, agent.dns.domain)
  const mounts = await containerMounts(pod, container, {
    podDirectory: join(agent.podsDirectory, pod.metadata.uid),
    volumes,
    environment,
    podIPs,
    hostname,
    domain,
    restartCount,
  })
  await mkdir(join(podLogDirectory(agent.logsDirectory, pod), container.name), { recursive: true, mode: 0o755 })
  return containerConfig(pod, container, {
    restartCount,
    imageRef: image.ref,
    imageUser: image.user,
    environment,
    mounts,
    security: agent.security,
    nodeMemory: agent.nodeMemory,
    targetId: place.target === undefined ? undefined : newest(runtime, place.target)?.id,
  })
}

/** Never lower than what the logs on disk and the API remember, for runtimes that forgot what they ran. */
async function nextRestartCount(agent: NodeAgent, pod: AssignedPod, container: Container, runtime: PodRuntime): Promise<number> {
  const last = newest(runtime, container.name)
  if (last !== undefined) return last.restartCount + 1
  const folder = join(podLogDirectory(agent.logsDirectory, pod), container.name)
  const names = await readdir(folder).catch(() => [])
  const logged = names.map((name) => Number(/^(\d+)\.log/.exec(name)?.[1] ?? -1) + 1)
  const status = agent.statuses.get(pod.metadata.uid) ?? pod.status
  const reported = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])]
  return Math.max(0, ...logged, reported.find(({ name }) => name === container.name)?.restartCount ?? 0)
}

async function postStart(agent: NodeAgent, pod: AssignedPod, container: Container, containerId: string, place: StartPlace): Promise<void> {
  const hook = container.lifecycle?.postStart
  if (!hook) return
  const { runtime, endpoint, clock, events } = agent
  const target = { container, containerId, podIP: place.podIPs[0] ?? '', runtime, endpoint, clock, signal: place.signal }
  try {
    await runHook(hook, target, Number.POSITIVE_INFINITY)
  } catch (error) {
    if (place.signal.aborted) throw error
    events.container(pod, container, 'Warning', 'FailedPostStartHook', 'PostStartHook failed')
    events.container(pod, container, 'Normal', 'Killing', 'FailedPostStartHook')
    const grace = Math.max(2, gracePeriod(pod))
    await runtime.stopContainer({ containerId, timeout: BigInt(grace) }, { signal: place.signal, timeout: grace * 1_000 + 120_000 })
    throw new StartError('PostStartHookError', error instanceof Error ? error.message : String(error), clock.now(), { cause: error })
  }
}
