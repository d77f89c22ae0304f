import type { PodStatus } from '@treeline/api'
import type { AssignedPod } from '../assigned-pod.js'
import type { NodeAgent } from '../node-agent.js'
import type { PodRuntime } from '../runtime/pod-runtime.js'
import type { StartError } from '../runtime/start-error.js'
import { podStatus } from '../status/pod-status.js'

export interface ReportedPod {
  readonly pod: AssignedPod
  readonly failures: ReadonlyMap<string, StartError>
  readonly verdict: { readonly reason: string; readonly message: string } | undefined
  readonly reported: PodStatus
}

/** Computes the status of a pod and hands it to be written. `ended` says that all of it stopped and stays so. */
export function reportPod(agent: NodeAgent, worker: ReportedPod, runtime: PodRuntime, ended: boolean): PodStatus {
  const { pod, failures, verdict, reported } = worker
  const status = podStatus(pod, {
    runtime,
    runtimeName: agent.runtimeName,
    failure: (name) => failures.get(name),
    probes: agent.prober,
    hostIPs: agent.hostIPs,
    previous: reported,
    ending: ended,
    now: agent.clock.now(),
    verdict,
  })
  const final = ended && status.phase !== 'Succeeded' && status.phase !== 'Failed' ? { ...status, phase: 'Failed' as const } : status
  agent.statuses.set(pod, final)
  return final
}
