import { isNotFound } from '@treeline/cri'
import { type AssignedPod, containersOf } from '../assigned-pod.js'
import type { NodeAgent } from '../node-agent.js'
import type { PodRuntime, RuntimeContainer } from '../runtime/pod-runtime.js'
import { gracePeriod, killContainer } from './kill-container.js'

/**
 * Stops all that runs of a pod, then its sandboxes. App containers stop together; after them the sidecars, the last
 * first, each sharing the one deadline. `grace` is in seconds; by default what the pod says.
 */
export async function killPod(agent: NodeAgent, pod: AssignedPod, runtime: PodRuntime, signal: AbortSignal, grace?: number): Promise<void> {
  const total = grace ?? gracePeriod(pod)
  const deadline = agent.clock.now() + total * 1_000
  const alive = runtime.containers.filter(({ state }) => state === 'running' || state === 'unknown')
  const sidecarNames = containersOf(pod).flatMap(({ container, role }) => (role === 'sidecar' ? [container.name] : []))
  const sidecars = alive.filter(({ name }) => sidecarNames.includes(name))
  const kill = (target: RuntimeContainer, seconds: number) => {
    const container = containersOf(pod).find((other) => other.container.name === target.name)?.container
    return killContainer(agent, pod, target, container, seconds, `Stopping container ${target.name}`, signal)
  }
  await Promise.all(alive.filter((container) => !sidecars.includes(container)).map((container) => kill(container, total)))
  for (const name of sidecarNames.reverse()) {
    const remaining = Math.max(0, Math.ceil((deadline - agent.clock.now()) / 1_000))
    await Promise.all(sidecars.filter((sidecar) => sidecar.name === name).map((sidecar) => kill(sidecar, remaining)))
  }
  for (const sandbox of runtime.sandboxes.filter(({ ready }) => ready)) {
    try {
      await agent.runtime.stopPodSandbox({ podSandboxId: sandbox.id }, { signal })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
}
