import { isNotFound } from '@treeline/cri'
import type { NodeAgent } from '../node-agent.js'
import { removePodCgroup } from '../resources/remove-cgroup.js'

const defaultGrace = 30

/**
 * Stops and removes what the runtime has of a pod that is not known here: it was deleted while no agent ran. Its
 * containers get the grace that their annotations remember.
 */
export async function removeOrphan(agent: NodeAgent, uid: string): Promise<void> {
  const { cache, runtime, signal } = agent
  const { containers, sandboxes } = await cache.read(uid, signal)
  const stops = containers.map(async ({ id, state, terminationGracePeriod }) => {
    if (state !== 'running') return
    const grace = terminationGracePeriod ?? defaultGrace
    await orGone(runtime.stopContainer({ containerId: id, timeout: BigInt(grace) }, { signal, timeout: grace * 1_000 + 120_000 }))
  })
  await Promise.all(stops)
  for (const { id } of sandboxes) {
    await orGone(runtime.stopPodSandbox({ podSandboxId: id }, { signal }))
    await orGone(runtime.removePodSandbox({ podSandboxId: id }, { signal }))
  }
  cache.forget(uid)
  await removePodCgroup(uid)
}

async function orGone(call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
