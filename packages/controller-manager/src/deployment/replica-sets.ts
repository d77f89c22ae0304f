import type { Deployment, ReplicaSet } from '@treeline/api'
import { sameTemplate } from '../pods/template-equality.js'

/** The ReplicaSets of a Deployment: the one of its template, if there is one, and all others, oldest first. */
export interface ReplicaSets {
  readonly newest: ReplicaSet | undefined
  readonly old: readonly ReplicaSet[]
}

/** Of several ReplicaSets with the Deployment's template the oldest counts. */
export function sortReplicaSets(deployment: Deployment, owned: readonly ReplicaSet[]): ReplicaSets {
  const sets = [...owned].sort(byCreation)
  const newest = sets.find((set) => sameTemplate(set.spec?.template, deployment.spec?.template))
  return { newest, old: sets.filter((set) => set !== newest) }
}

export function allSets({ newest, old }: ReplicaSets): ReplicaSet[] {
  return newest ? [...old, newest] : [...old]
}

/** Those that want pods. */
export function activeSets(sets: readonly ReplicaSet[]): ReplicaSet[] {
  return sets.filter((set) => wantedBy(set) > 0)
}

export function wantedBy(set: ReplicaSet): number {
  return set.spec?.replicas ?? 1
}

export function totalWanted(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + wantedBy(set), 0)
}

export function totalOf(
  sets: readonly (ReplicaSet | undefined)[],
  field: 'replicas' | 'readyReplicas' | 'availableReplicas' | 'terminatingReplicas',
): number {
  return sets.reduce((sum, set) => sum + (set?.status?.[field] ?? 0), 0)
}

/** Oldest first, then by name. */
export function byCreation(a: ReplicaSet, b: ReplicaSet): number {
  return (
    Date.parse(a.metadata.creationTimestamp ?? '') - Date.parse(b.metadata.creationTimestamp ?? '') ||
    (String(a.metadata.name) < String(b.metadata.name) ? -1 : 1)
  )
}
