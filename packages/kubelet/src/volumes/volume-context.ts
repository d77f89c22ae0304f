import type { ConfigMap, Secret } from '@treeline/api'
import type { AssignedPod } from '../assigned-pod.js'
import type { DownwardFacts } from '../environment/downward.js'
import type { WrittenVolumes } from './written-volumes.js'

/** What the volumes of a pod are made from. */
export interface VolumeContext {
  readonly pod: AssignedPod
  /** Directory of the pod: `<root>/pods/<uid>`. */
  readonly podDirectory: string
  readonly facts: DownwardFacts
  readonly written: WrittenVolumes
  readonly signal: AbortSignal
  configMap(name: string): Promise<ConfigMap | undefined>
  secret(name: string): Promise<Secret | undefined>
  token(audience: string, expirationSeconds: number): Promise<string>
}
