import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isNotFound } from '@treeline/cri'
import type { AssignedPod } from '../assigned-pod.js'
import type { NodeAgent } from '../node-agent.js'
import { removePodCgroup } from '../resources/remove-cgroup.js'
import { podLogDirectory } from '../runtime/log-paths.js'

/** Volumes that live no longer than their pod. */
export async function removePodVolumes(agent: NodeAgent, pod: AssignedPod): Promise<void> {
  await rm(join(agent.podsDirectory, pod.metadata.uid, 'volumes'), { recursive: true, force: true })
}

/** The pod's directory, its logs and its cgroup. */
export async function removePodFiles(agent: NodeAgent, pod: AssignedPod): Promise<void> {
  await rm(join(agent.podsDirectory, pod.metadata.uid), { recursive: true, force: true })
  await rm(podLogDirectory(agent.logsDirectory, pod), { recursive: true, force: true })
  await removePodCgroup(pod.metadata.uid)
}

/** Its sandboxes and, with them, its dead containers. */
export async function removePodFromRuntime(agent: NodeAgent, uid: string, signal: AbortSignal): Promise<void> {
  for (const { id } of agent.cache.get(uid).sandboxes) {
    try {
      await agent.runtime.removePodSandbox({ podSandboxId: id }, { signal })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
  agent.cache.forget(uid)
}
