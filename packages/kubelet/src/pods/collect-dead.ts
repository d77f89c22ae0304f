import type { NodeAgent } from '../node-agent.js'
import type { PodRuntime } from '../runtime/pod-runtime.js'

/**
 * Removes what nobody will ask about any more: of each container all dead ones but the newest, which is its last state,
 * and old sandboxes with nothing left in them.
 */
export async function collectDead(agent: NodeAgent, { containers, sandboxes }: PodRuntime, signal: AbortSignal): Promise<void> {
  const kept = new Set<string>()
  const inUse = new Set<string>()
  for (const { id, name, state, sandboxId } of containers) {
    const dead = state === 'exited' || state === 'created'
    if (!dead || !kept.has(name)) inUse.add(sandboxId)
    else await agent.runtime.removeContainer({ containerId: id }, { signal })
    if (dead) kept.add(name)
  }
  for (const { id, ready } of sandboxes.slice(1)) {
    if (!ready && !inUse.has(id)) await agent.runtime.removePodSandbox({ podSandboxId: id }, { signal })
  }
}
