import type { Deployment, ReplicaSet } from '@treeline/api'
import type { KubernetesObject } from '@treeline/machinery'
import { desiredReplicas, maxSurge } from './fenceposts.js'

const prefix = 'deployment.kubernetes.io/'
export const revisionAnnotation = `${prefix}revision`
const historyAnnotation = `${prefix}revision-history`
export const desiredAnnotation = `${prefix}desired-replicas`
export const replicasAnnotations = { desired: desiredAnnotation, max: `${prefix}max-replicas` }
export const rollbackAnnotation = 'deprecated.deployment.rollback.to'

/** Annotations that belong to one of the two objects and are never copied to the other. */
const notCopied = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  historyAnnotation,
  replicasAnnotations.desired,
  replicasAnnotations.max,
  rollbackAnnotation,
])
/** Longest history kept, in characters. */
const historyLimit = 2000

/** The revision an object says it is; 0 if it says none, undefined if it says nonsense. */
export function revisionOf(object: KubernetesObject): number | undefined {
  const text = object.metadata.annotations?.[revisionAnnotation]
  if (text === undefined) return 0
  return /^[+-]?\d+$/.test(text) ? Number(text) : undefined
}

export function maxRevision(sets: readonly ReplicaSet[]): number {
  return Math.max(0, ...sets.map((set) => revisionOf(set) ?? 0))
}

/** The revision before the newest; 0 if there is none. */
export function lastRevision(sets: readonly ReplicaSet[]): number {
  return sets.map((set) => revisionOf(set) ?? 0).sort((a, b) => b - a)[1] ?? 0
}

/** An annotation holding a count. */
export function numberAnnotation(object: KubernetesObject, name: string): number | undefined {
  const text = object.metadata.annotations?.[name]
  return text !== undefined && /^\d+$/.test(text) && Number(text) <= 0x7fffffff ? Number(text) : undefined
}

/** What the annotations about size say while a Deployment is as it is. */
export function sizeAnnotations(deployment: Deployment): Record<string, string> {
  const desired = desiredReplicas(deployment)
  return { [replicasAnnotations.desired]: String(desired), [replicasAnnotations.max]: String(desired + maxSurge(deployment)) }
}

/** The annotations of the ReplicaSet of the template: the Deployment's own, and the revision it serves or has served. */
export function annotationsForNew(
  deployment: Deployment,
  known: Readonly<Record<string, string>>,
  revision: number,
): Record<string, string> {
  const annotations = { ...known, ...copied(deployment) }
  const old = known[revisionAnnotation]
  const oldRevision = old === undefined || old === '' ? 0 : /^[+-]?\d+$/.test(old) ? Number(old) : undefined
  if (oldRevision === undefined || oldRevision >= revision) return annotations
  annotations[revisionAnnotation] = String(revision)
  if (old === undefined) return annotations
  const history = historyWith(known[historyAnnotation] ?? '', old)
  return history === undefined ? annotations : { ...annotations, [historyAnnotation]: history }
}

/** Appends to the history, dropping its oldest entries to keep it short; undefined if it does not fit even so. */
function historyWith(history: string, revision: string): string | undefined {
  if (history === '') return revision
  const entries = [...history.split(','), revision]
  while (entries.length > 1 && entries.join(',').length > historyLimit) entries.shift()
  const text = entries.join(',')
  return text.length <= historyLimit ? text : undefined
}

/** Annotations of a Deployment rolled back to a ReplicaSet: its own bookkeeping, and what the ReplicaSet was annotated with. */
export function annotationsAfterRollback(deployment: Deployment, set: ReplicaSet): Record<string, string> {
  const own = Object.entries(deployment.metadata.annotations ?? {}).filter(([name]) => notCopied.has(name))
  return { ...Object.fromEntries(own), ...copied(set) }
}

function copied(object: KubernetesObject): Record<string, string> {
  return Object.fromEntries(Object.entries(object.metadata.annotations ?? {}).filter(([name]) => !notCopied.has(name)))
}
