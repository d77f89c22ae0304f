import type { ConfigMap, Secret } from '@treeline/api'
import type { AssignedPod } from '../assigned-pod.js'
import type { NodeAgent } from '../node-agent.js'

/** The config maps and secrets of a pod's namespace that it refers to. */
export interface PodObjects {
  configMap(name: string): Promise<ConfigMap | undefined>
  secret(name: string): Promise<Secret | undefined>
  /** Those that name registries' credentials; ones that do not exist are left out. */
  pullSecrets(): Promise<Secret[]>
}

export function podObjects({ host }: NodeAgent, pod: AssignedPod, signal: AbortSignal): PodObjects {
  const { namespace } = pod.metadata
  const secret = (name: string) => host.secrets.get(namespace, name, signal)
  return {
    configMap: (name) => host.configMaps.get(namespace, name, signal),
    secret,
    async pullSecrets() {
      const found = await Promise.all((pod.spec.imagePullSecrets ?? []).map(({ name = '' }) => secret(name)))
      return found.filter((object) => object !== undefined)
    },
  }
}
