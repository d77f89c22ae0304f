import type { Container, LifecycleHandler } from '@treeline/api'
import { isNotFound } from '@treeline/cri'
import type { AssignedPod } from '../assigned-pod.js'
import { runHook } from '../hooks/run-hook.js'
import type { NodeAgent } from '../node-agent.js'
import type { KillCause } from '../runtime/plan.js'
import { podAddresses, type RuntimeContainer } from '../runtime/pod-runtime.js'

/** No container gets less than this between its stop signal and the kill, in seconds. */
const leastGrace = 2
const defaultGrace = 30

/** Seconds a container of the pod may take to stop. */
export function gracePeriod(pod: AssignedPod, container?: Container, cause?: KillCause): number {
  if (pod.metadata.deletionGracePeriodSeconds != null) return pod.metadata.deletionGracePeriodSeconds
  const probe = cause === 'liveness' ? container?.livenessProbe : cause === 'startup' ? container?.startupProbe : undefined
  return probe?.terminationGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? defaultGrace
}

/**
 * Stops a container: its preStop hook, then the stop signal, then, when the grace period is over, the kill. The grace
 * period, in seconds, covers the hook as well. A container that is gone already is no failure.
 */
export async function killContainer(
  agent: NodeAgent,
  pod: AssignedPod,
  target: RuntimeContainer,
  container: Container | undefined,
  grace: number,
  message: string,
  signal: AbortSignal,
): Promise<void> {
  const named = container ?? { name: target.name }
  agent.events.container(pod, named, 'Normal', 'Killing', message)
  const begun = agent.clock.now()
  const hook = container?.lifecycle?.preStop ?? rememberedHook(target)
  if (hook && grace > 0 && target.state === 'running') await preStop(agent, pod, target, named, hook, grace, signal)
  const spent = Math.round((agent.clock.now() - begun) / 1_000)
  const remaining = Math.max(leastGrace, grace - spent)
  try {
    await agent.runtime.stopContainer(
      { containerId: target.id, timeout: BigInt(remaining) },
      { signal, timeout: remaining * 1_000 + 120_000 },
    )
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

async function preStop(
  agent: NodeAgent,
  pod: AssignedPod,
  target: RuntimeContainer,
  container: Container,
  hook: LifecycleHandler,
  grace: number,
  signal: AbortSignal,
): Promise<void> {
  const { runtime, endpoint, clock, events, log } = agent
  const podIP = podAddresses(agent.cache.get(pod.metadata.uid))[0] ?? ''
  try {
    await runHook(hook, { container, containerId: target.id, podIP, runtime, endpoint, clock, signal }, grace * 1_000)
  } catch (error) {
    if (signal.aborted) throw error
    log.warn('a preStop hook failed', { pod: pod.metadata.name, container: container.name, error: String(error) })
    events.container(pod, container, 'Warning', 'FailedPreStopHook', 'PreStopHook failed')
  }
}

/** The hook as the container's annotations remember it, for pods whose spec is no longer known. */
function rememberedHook({ preStopHandler }: RuntimeContainer): LifecycleHandler | undefined {
  if (preStopHandler === undefined) return undefined
  try {
    return JSON.parse(preStopHandler) as LifecycleHandler
  } catch {
    return undefined
  }
}
