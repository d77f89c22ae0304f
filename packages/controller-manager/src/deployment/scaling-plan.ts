import type { Deployment, ReplicaSet } from '@treeline/api'
import { desiredReplicas, isRollingUpdate, maxSurge, maxUnavailable } from './fenceposts.js'
import { activeSets, allSets, byCreation, type ReplicaSets, totalOf, totalWanted, wantedBy } from './replica-sets.js'
import { desiredAnnotation, numberAnnotation, replicasAnnotations } from './revisions.js'

/** A ReplicaSet and the number of pods it should want. */
export interface Scaling {
  readonly set: ReplicaSet
  readonly replicas: number
}

/** How many pods the ReplicaSet of the template may want now, beside all others. */
export function growNew(deployment: Deployment, sets: readonly ReplicaSet[], newest: ReplicaSet): number {
  const wanted = desiredReplicas(deployment)
  if (!isRollingUpdate(deployment)) return wanted
  const room = wanted + maxSurge(deployment) - totalWanted(sets)
  if (room <= 0) return wantedBy(newest)
  return wantedBy(newest) + Math.min(room, wanted - wantedBy(newest))
}

/**
 * How far the old ReplicaSets of a rolling update may go down: first by pods that are not available anyway, then as far
 * as the available ones permit. Never takes the number available below what the strategy promises.
 */
export function shrinkOld(deployment: Deployment, { newest, old }: ReplicaSets): Scaling[] {
  const active = activeSets(old).sort(byCreation)
  if (active.length === 0 || !newest) return []
  const floor = desiredReplicas(deployment) - maxUnavailable(deployment)
  const newUnavailable = wantedBy(newest) - (newest.status?.availableReplicas ?? 0)
  const limit = totalWanted([...old, newest]) - floor - newUnavailable
  if (limit <= 0) return []
  const sizes = new Map(active.map((set) => [set, wantedBy(set)]))
  let left = limit
  for (const set of active) {
    const unavailable = Math.max(0, wantedBy(set) - (set.status?.availableReplicas ?? 0))
    left -= lower(sizes, set, Math.min(left, unavailable))
  }
  let spare = totalOf([...active, newest], 'availableReplicas') - floor
  for (const set of active) spare -= lower(sizes, set, Math.max(0, spare))
  return active.map((set) => ({ set, replicas: sizes.get(set) ?? 0 })).filter(({ set, replicas }) => replicas !== wantedBy(set))
}

function lower(sizes: Map<ReplicaSet, number>, set: ReplicaSet, by: number): number {
  const size = sizes.get(set) ?? 0
  const taken = Math.min(size, by)
  sizes.set(set, size - taken)
  return taken
}

/** How a change of the number wanted is spread when it comes in the middle of a rollout, or outside of one. */
export function spreadScaling(deployment: Deployment, sets: ReplicaSets): Scaling[] {
  const single = activeOrLatest(sets)
  if (single) return [{ set: single, replicas: desiredReplicas(deployment) }]
  if (isSaturated(deployment, sets.newest)) return activeSets(sets.old).map((set) => ({ set, replicas: 0 }))
  return isRollingUpdate(deployment) ? proportionalScaling(deployment, activeSets(allSets(sets))) : []
}

/** The one ReplicaSet that wants pods; without any, the newest. Undefined if several want some. */
function activeOrLatest({ newest, old }: ReplicaSets): ReplicaSet | undefined {
  const newestFirst = [...old].sort((a, b) => byCreation(b, a))
  const active = activeSets(newest ? [...newestFirst, newest] : newestFirst)
  if (active.length > 1) return undefined
  return active[0] ?? newest ?? newestFirst[0]
}

/** The ReplicaSet of the template has all the pods wanted, available. */
function isSaturated(deployment: Deployment, set: ReplicaSet | undefined): boolean {
  const wanted = desiredReplicas(deployment)
  return (
    set !== undefined &&
    wantedBy(set) === wanted &&
    numberAnnotation(set, desiredAnnotation) === wanted &&
    (set.status?.availableReplicas ?? 0) === wanted
  )
}

/** Shares what is to be added or removed by size; what rounding leaves over goes to the largest. */
function proportionalScaling(deployment: Deployment, active: readonly ReplicaSet[]): Scaling[] {
  const wanted = desiredReplicas(deployment)
  const allowed = wanted > 0 ? wanted + maxSurge(deployment) : 0
  const toAdd = allowed - totalWanted(active)
  const sets = [...active].sort((a, b) => wantedBy(b) - wantedBy(a) || (toAdd > 0 ? byCreation(b, a) : byCreation(a, b)))
  let added = 0
  const plan = sets.map((set) => {
    const share = proportionOf(deployment, set, toAdd, added)
    added += share
    return { set, replicas: wantedBy(set) + share }
  })
  return plan.map(({ set, replicas }, index) => ({ set, replicas: index === 0 ? Math.max(0, replicas + toAdd - added) : replicas }))
}

function proportionOf(deployment: Deployment, set: ReplicaSet, toAdd: number, added: number): number {
  if (wantedBy(set) === 0 || toAdd === added) return 0
  const share = fractionOf(deployment, set)
  return toAdd > 0 ? Math.min(share, toAdd - added) : Math.max(share, toAdd - added)
}

/** What the ReplicaSet gains or loses if the whole changes from what it was when last scaled to what it is to be. */
function fractionOf(deployment: Deployment, set: ReplicaSet): number {
  const wanted = desiredReplicas(deployment)
  if (wanted === 0) return -wantedBy(set)
  const before = numberAnnotation(set, replicasAnnotations.max) || (deployment.status?.replicas ?? 0)
  if (before === 0) return 0
  const size = (wantedBy(set) * (wanted + maxSurge(deployment))) / before
  return Math.trunc(size + Math.sign(size) * 0.5) - wantedBy(set)
}
