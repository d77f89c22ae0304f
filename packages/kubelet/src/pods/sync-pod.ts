import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { AssignedPod } from '../assigned-pod.js'
import type { NodeAgent } from '../node-agent.js'
import { planPod } from '../runtime/plan.js'
import type { PodRuntime } from '../runtime/pod-runtime.js'
import type { StartError } from '../runtime/start-error.js'
import { type PreparedVolume, preparePodVolumes, VolumeError } from '../volumes/pod-volumes.js'
import { applyPlan } from './apply-plan.js'
import { podObjects } from './pod-objects.js'
import { type ReportedPod, reportPod } from './report-pod.js'

export interface SyncedPod extends ReportedPod {
  readonly failures: Map<string, StartError>
  verdict: ReportedPod['verdict']
  runtimeNow(signal: AbortSignal): Promise<PodRuntime>
  wake(stale?: boolean): void
}

/**
 * One round for a pod that should run: say how it is, make what it needs, start and stop what the plan says. Resolves
 * with the milliseconds until it should be looked at again, or `over` when nothing of it will ever run again.
 */
export async function syncPod(agent: NodeAgent, worker: SyncedPod, signal: AbortSignal): Promise<number | 'over'> {
  const { pod } = worker
  const runtime = await worker.runtimeNow(signal)
  agent.prober.track(pod, runtime)
  worker.verdict ??= deadlineVerdict(agent, worker)
  const status = reportPod(agent, worker, runtime, false)
  if (status.phase === 'Succeeded' || status.phase === 'Failed') return 'over'
  const volumes = await makeVolumes(agent, pod, signal)
  const plan = planPod(pod, runtime, agent.prober)
  const result = await applyPlan(agent, pod, runtime, plan, volumes, worker.failures, signal)
  for (const { name } of [...plan.start.ephemeral, ...plan.start.init, ...plan.start.app]) {
    const failure = result.failures.get(name)
    if (failure === undefined) worker.failures.delete(name)
    else worker.failures.set(name, failure)
  }
  if (result.acted) worker.wake(true)
  else if (result.failures.size > 0) reportPod(agent, worker, runtime, false)
  return nextLook(agent, worker)
}

async function makeVolumes(agent: NodeAgent, pod: AssignedPod, signal: AbortSignal): Promise<Map<string, PreparedVolume>> {
  const podDirectory = join(agent.podsDirectory, pod.metadata.uid)
  await mkdir(podDirectory, { recursive: true, mode: 0o750 })
  const objects = podObjects(agent, pod, signal)
  try {
    return await preparePodVolumes({
      pod,
      podDirectory,
      written: agent.written,
      signal,
      facts: { podIPs: [], hostIPs: agent.hostIPs, nodeAllocatable: agent.nodeAllocatable() },
      configMap: objects.configMap,
      secret: objects.secret,
      token: (audience, seconds) => agent.tokens.token(pod, audience, seconds, signal),
    })
  } catch (error) {
    if (error instanceof VolumeError) agent.events.pod(pod, 'Warning', 'FailedMount', error.message)
    throw error
  }
}

function deadlineVerdict(agent: NodeAgent, { pod, reported }: SyncedPod): ReportedPod['verdict'] {
  const { activeDeadlineSeconds } = pod.spec
  const started = Date.parse(reported.startTime ?? '')
  if (activeDeadlineSeconds == null || !(agent.clock.now() >= started + activeDeadlineSeconds * 1_000)) return undefined
  const message = 'Pod was active on the node longer than the specified deadline'
  agent.events.pod(pod, 'Normal', 'DeadlineExceeded', message)
  return { reason: 'DeadlineExceeded', message }
}

function nextLook(agent: NodeAgent, { pod, failures, reported }: SyncedPod): number {
  const now = agent.clock.now()
  const moments = [now + agent.syncFrequency * (1 + agent.random() / 2), agent.tokens.nextRefresh(pod.metadata.uid)]
  for (const { retryAt } of failures.values()) moments.push(retryAt)
  const { activeDeadlineSeconds } = pod.spec
  if (activeDeadlineSeconds != null) moments.push(Date.parse(reported.startTime ?? '') + activeDeadlineSeconds * 1_000 || now)
  return Math.max(0, Math.min(...moments) - now)
}
