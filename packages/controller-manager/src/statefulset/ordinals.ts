import type { Pod, StatefulSet } from '@treeline/api'

/** The set and the number in the name of a pod, `{set}-{ordinal}`; undefined for other names. */
export function parseOrdinal(name: string): { readonly set: string; readonly ordinal: number } | undefined {
  const match = /^(.*)-(0|[1-9]\d{0,9})$/s.exec(name)
  return match ? { set: match[1] ?? '', ordinal: Number(match[2]) } : undefined
}

/** Whether a pod has a name of this set. */
export function isMember(set: StatefulSet, pod: Pod): boolean {
  return parseOrdinal(pod.metadata.name ?? '')?.set === set.metadata.name
}

export function ordinalOf(pod: Pod): number {
  return parseOrdinal(pod.metadata.name ?? '')?.ordinal ?? -1
}

export function firstOrdinal(set: StatefulSet): number {
  return set.spec?.ordinals?.start ?? 0
}

export function wantedReplicas(set: StatefulSet): number {
  return set.spec?.replicas ?? 1
}

/** Whether the set should have a pod of this number. */
export function isInRange(set: StatefulSet, ordinal: number): boolean {
  return ordinal >= firstOrdinal(set) && ordinal < firstOrdinal(set) + wantedReplicas(set)
}

export function podName(set: StatefulSet, ordinal: number): string {
  return `${set.metadata.name}-${ordinal}`
}

/** Name of the claim of a pod for a template of claims. */
export function claimName(set: StatefulSet, template: string, ordinal: number): string {
  return `${template}-${set.metadata.name}-${ordinal}`
}
