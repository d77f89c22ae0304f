import { mkdir } from 'node:fs/promises'
import type { Container } from '@treeline/api'
import { rpcText } from '@treeline/cri'
import { formatTime } from '@treeline/machinery'
import { type AssignedPod, containersOf, podLabel } from '../assigned-pod.js'
import { goDuration } from '../go-duration.js'
import { podDns } from '../network/dns.js'
import { podHostname } from '../network/hostname.js'
import type { NodeAgent } from '../node-agent.js'
import { containerHash } from '../runtime/identity.js'
import { podLogDirectory } from '../runtime/log-paths.js'
import type { Plan } from '../runtime/plan.js'
import { type PodRuntime, podAddresses } from '../runtime/pod-runtime.js'
import { type SandboxConfig, sandboxConfig } from '../runtime/sandbox-config.js'
import { StartError } from '../runtime/start-error.js'
import type { PreparedVolume } from '../volumes/pod-volumes.js'
import { collectDead } from './collect-dead.js'
import { gracePeriod, killContainer } from './kill-container.js'
import { killPod } from './kill-pod.js'
import { type StartPlace, startContainer } from './start-container.js'

/** What a round of work on a pod came to. */
export interface PlanResult {
  /** Something was done, so that what is known of the runtime is out of date. */
  readonly acted: boolean
  /** Containers that could not be started, by name. */
  readonly failures: ReadonlyMap<string, StartError>
}

/**
 * Carries out a plan. A container whose earlier failure asks for patience is left alone. Throws when the sandbox could not be
 * made or something could not be stopped.
 */
export async function applyPlan(
  agent: NodeAgent,
  pod: AssignedPod,
  runtime: PodRuntime,
  plan: Plan,
  volumes: ReadonlyMap<string, PreparedVolume>,
  earlier: ReadonlyMap<string, StartError>,
  signal: AbortSignal,
): Promise<PlanResult> {
  const failures = new Map<string, StartError>()
  if (plan.killPod) {
    if (plan.newSandbox !== undefined && plan.sandbox !== undefined) {
      agent.events.pod(pod, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.')
    }
    await killPod(agent, pod, runtime, signal)
    if (plan.newSandbox === undefined) return { acted: true, failures }
  }
  for (const { target, container, message, cause } of plan.kill) {
    await killContainer(agent, pod, target, container, gracePeriod(pod, container, cause), message, signal)
  }
  const toStart = [...plan.start.ephemeral, ...plan.start.init, ...plan.start.app]
  if (toStart.length === 0 && plan.newSandbox === undefined) return { acted: plan.kill.length > 0, failures }

  const config = await prepareSandbox(agent, pod, plan.newSandbox ?? plan.sandbox?.attempt ?? 0)
  const place = plan.newSandbox === undefined ? undefined : await runSandbox(agent, pod, config, signal)
  const start: StartPlace = {
    sandboxId: place?.id ?? plan.sandbox?.id ?? '',
    sandboxConfig: config,
    podIPs: place?.ips ?? podAddresses(runtime),
    volumes,
    runtime,
    signal,
  }
  let acted = plan.newSandbox !== undefined || plan.kill.length > 0
  for (const container of toStart) {
    try {
      holdBack(agent, pod, container, runtime, earlier.get(container.name))
      const target = containersOf(pod).find((other) => other.container.name === container.name)?.target
      await startContainer(agent, pod, container, target ? { ...start, target } : start)
      acted = true
    } catch (error) {
      if (!(error instanceof StartError)) throw error
      failures.set(container.name, error)
      if (plan.start.init.includes(container)) break
    }
  }
  await collectDead(agent, runtime, signal)
  return { acted, failures }
}

/** Throws while a container that keeps ending, or could not be started, has to wait before it is tried again. */
function holdBack(agent: NodeAgent, pod: AssignedPod, container: Container, runtime: PodRuntime, earlier: StartError | undefined): void {
  if (earlier !== undefined && earlier.retryAt > agent.clock.now()) throw earlier
  const last = runtime.containers.find(({ name, state }) => name === container.name && state === 'exited')
  if (last === undefined) return
  const key = `${pod.metadata.uid}/${container.name}/${containerHash(container)}`
  const ended = Number(last.finishedAt / 1_000_000n)
  const until = agent.crashes.blockedUntil(key, ended, agent.clock.now())
  if (until === undefined) {
    agent.crashes.raise(key, ended)
    return
  }
  const label = podLabel(pod)
  agent.events.container(pod, container, 'Warning', 'BackOff', `Back-off restarting failed container ${container.name} in pod ${label}`)
  const delay = goDuration(agent.crashes.delay(key))
  throw new StartError('CrashLoopBackOff', `back-off ${delay} restarting failed container=${container.name} pod=${label}`, until)
}

async function prepareSandbox(agent: NodeAgent, pod: AssignedPod, attempt: number): Promise<SandboxConfig> {
  const dns = await podDns(pod, agent.dns)
  for (const { reason, message } of dns.warnings) agent.events.pod(pod, 'Warning', reason, message)
  return sandboxConfig(pod, {
    attempt,
    hostname: podHostname(pod, agent.dns.domain).kernelName,
    dns: dns.settings,
    logDirectory: podLogDirectory(agent.logsDirectory, pod),
    cgroupDriver: agent.cgroupDriver,
    security: agent.security,
    seenAt: pod.metadata.creationTimestamp ?? formatTime(new Date(agent.clock.now())),
  })
}

async function runSandbox(
  agent: NodeAgent,
  pod: AssignedPod,
  config: SandboxConfig,
  signal: AbortSignal,
): Promise<{ id: string; ips: readonly string[] }> {
  const { uid } = pod.metadata
  try {
    await mkdir(config.logDirectory ?? '', { recursive: true, mode: 0o755 })
    const runtimeHandler = await agent.host.runtimeHandler(pod.spec.runtimeClassName ?? undefined, signal)
    const { podSandboxId } = await agent.runtime.runPodSandbox({ config, runtimeHandler }, { signal, timeout: 240_000 })
    agent.cache.made(uid, podSandboxId)
    const now = await agent.cache.read(uid, signal)
    return { id: podSandboxId, ips: now.sandboxes.find(({ id }) => id === podSandboxId)?.ips ?? [] }
  } catch (error) {
    if (signal.aborted) throw error
    agent.events.pod(pod, 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${rpcText(error)}`)
    // The attempt may have been reserved or even made before the call failed; a list tells, and the next one is higher.
    await agent.cache.list(signal)
    await agent.cache.read(uid, signal)
    throw error
  }
}
