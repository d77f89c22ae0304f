import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from '@treeline/api'
import { findCondition, withCondition } from '../conditions.js'
import { hasProgressDeadline, progressing, removeCondition, replaceCondition, setCondition } from './deployment-conditions.js'
import { isComplete } from './deployment-status.js'
import { allSets, type ReplicaSets } from './replica-sets.js'

/** The status with what is to be said of the rollout: done, getting on, or stuck for longer than its deadline; and of failures. */
export function withProgress(deployment: Deployment, sets: ReplicaSets, status: DeploymentStatus, now: number): DeploymentStatus {
  let next = hasProgressDeadline(deployment) ? status : removeCondition(status, 'Progressing')
  const known = progressing(deployment.status)
  const finished = next.replicas === next.updatedReplicas && known?.reason === 'NewReplicaSetAvailable'
  if (hasProgressDeadline(deployment) && !finished) next = estimated(deployment, sets.newest, next, now)
  return withFailure(next, sets)
}

function estimated(deployment: Deployment, newest: ReplicaSet | undefined, status: DeploymentStatus, now: number): DeploymentStatus {
  const subject = newest ? `ReplicaSet "${newest.metadata.name}"` : `Deployment "${deployment.metadata.name}"`
  const type = 'Progressing'
  if (isComplete(deployment, status)) {
    const message = `${subject} has successfully progressed.`
    return setCondition(status, { type, status: 'True', reason: 'NewReplicaSetAvailable', message }, now)
  }
  if (hasMoved(deployment.status, status)) {
    return replaceCondition(status, { type, status: 'True', reason: 'ReplicaSetUpdated', message: `${subject} is progressing.` }, now)
  }
  if (hasTimedOut(deployment, status, now)) {
    const message = `${subject} has timed out progressing.`
    return setCondition(status, { type, status: 'False', reason: 'ProgressDeadlineExceeded', message }, now)
  }
  return status
}

/** More new pods, fewer old ones, more ready or more available ones than before. */
function hasMoved(before: DeploymentStatus | undefined, after: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus | undefined) => (status?.replicas ?? 0) - (status?.updatedReplicas ?? 0)
  const grew = (field: 'updatedReplicas' | 'readyReplicas' | 'availableReplicas') => (after[field] ?? 0) > (before?.[field] ?? 0)
  return grew('updatedReplicas') || old(after) < old(before) || grew('readyReplicas') || grew('availableReplicas')
}

function hasTimedOut(deployment: Deployment, status: DeploymentStatus, now: number): boolean {
  const known = progressing(status)
  if (!known || known.reason === 'NewReplicaSetAvailable') return false
  return known.reason === 'ProgressDeadlineExceeded' || deadlineOf(deployment, known) < now
}

function deadlineOf(deployment: Deployment, condition: DeploymentCondition): number {
  return Date.parse(condition.lastUpdateTime ?? '') + (deployment.spec?.progressDeadlineSeconds ?? 0) * 1000
}

/** Milliseconds until the deadline has to be looked at again; undefined if there is nothing to wait for. */
export function untilDeadline(deployment: Deployment, status: DeploymentStatus, now: number): number | undefined {
  const known = progressing(deployment.status)
  if (!known || !hasProgressDeadline(deployment) || known.reason === 'ProgressDeadlineExceeded') return undefined
  if (isComplete(deployment, status)) return undefined
  return Math.max(0, deadlineOf(deployment, known) - now) + 1000
}

/** Tells on the Deployment what its ReplicaSets fail at, the new one's failure first. */
function withFailure(status: DeploymentStatus, sets: ReplicaSets): DeploymentStatus {
  const failing = [sets.newest, ...allSets(sets)].find((set) => findCondition(set?.status?.conditions, 'ReplicaFailure'))
  const failure = findCondition(failing?.status?.conditions, 'ReplicaFailure')
  if (!failure) return removeCondition(status, 'ReplicaFailure')
  const known = findCondition(status.conditions, 'ReplicaFailure')
  if (known?.status === failure.status && known.reason === failure.reason) return status
  const condition = { ...failure, lastUpdateTime: failure.lastTransitionTime }
  const lastTransitionTime = known?.status === failure.status ? known.lastTransitionTime : failure.lastTransitionTime
  return { ...status, conditions: withCondition(status.conditions, { ...condition, lastTransitionTime }) }
}
