import type { Deployment, DeploymentStatus, ReplicaSet } from '@treeline/api'
import { setCondition } from './deployment-conditions.js'
import { desiredReplicas, maxUnavailable } from './fenceposts.js'
import { allSets, type ReplicaSets, totalOf, totalWanted } from './replica-sets.js'

/** What the ReplicaSets amount to. Conditions other than Available are kept. */
export function deploymentStatus(deployment: Deployment, sets: ReplicaSets, now: number): DeploymentStatus {
  const all = allSets(sets)
  const available = totalOf(all, 'availableReplicas')
  const terminating = terminatingReplicas(all)
  const { collisionCount, conditions } = deployment.status ?? {}
  const status: DeploymentStatus = {
    observedGeneration: deployment.metadata.generation,
    replicas: totalOf(all, 'replicas'),
    updatedReplicas: totalOf([sets.newest], 'replicas'),
    readyReplicas: totalOf(all, 'readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, totalWanted(all) - available),
    ...(terminating !== undefined && { terminatingReplicas: terminating }),
    ...(collisionCount !== undefined && { collisionCount }),
    ...(conditions && { conditions }),
  }
  const enough = available >= desiredReplicas(deployment) - maxUnavailable(deployment)
  return setCondition(
    status,
    enough
      ? { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
      : {
          type: 'Available',
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        },
    now,
  )
}

/** Unknown as long as a ReplicaSet that has been looked at does not say. */
function terminatingReplicas(sets: readonly ReplicaSet[]): number | undefined {
  const silent = sets.some(({ status }) => status?.terminatingReplicas === undefined && (status?.observedGeneration ?? 0) !== 0)
  return silent ? undefined : totalOf(sets, 'terminatingReplicas')
}

/** All pods are of the template and available, and none are left of others. */
export function isComplete(deployment: Deployment, status: DeploymentStatus | undefined): boolean {
  const wanted = desiredReplicas(deployment)
  return (
    (status?.updatedReplicas ?? 0) === wanted &&
    (status?.replicas ?? 0) === wanted &&
    (status?.availableReplicas ?? 0) === wanted &&
    (status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  )
}

const counts = [
  'observedGeneration',
  'replicas',
  'updatedReplicas',
  'readyReplicas',
  'availableReplicas',
  'unavailableReplicas',
  'collisionCount',
] as const

/** Equality as the wire has it: a count that is zero may be absent. */
export function sameCounts(a: DeploymentStatus | undefined, b: DeploymentStatus): boolean {
  return counts.every((field) => (a?.[field] ?? 0) === (b[field] ?? 0)) && a?.terminatingReplicas === b.terminatingReplicas
}
