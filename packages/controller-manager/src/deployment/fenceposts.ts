import type { Deployment } from '@treeline/api'
import { type IntOrString, scaledIntOrPercent } from '@treeline/machinery'

export function isRollingUpdate(deployment: Deployment): boolean {
  return deployment.spec?.strategy?.type === 'RollingUpdate'
}

export function desiredReplicas(deployment: Deployment): number {
  return deployment.spec?.replicas ?? 1
}

/** Pods a rollout may have above and below the number wanted. Both zero would never move: one may then be missing. */
export function fenceposts(surge: IntOrString, unavailable: IntOrString, replicas: number): { surge: number; unavailable: number } {
  const up = scaledIntOrPercent(surge, replicas, true)
  const down = scaledIntOrPercent(unavailable, replicas, false)
  return { surge: up, unavailable: up === 0 && down === 0 ? 1 : down }
}

/** Pods above the number wanted that a Deployment may have during a rollout. */
export function maxSurge(deployment: Deployment): number {
  return isRollingUpdate(deployment) ? fencepostsOf(deployment).surge : 0
}

/** Pods below the number wanted that may be missing during a rollout. */
export function maxUnavailable(deployment: Deployment): number {
  const replicas = desiredReplicas(deployment)
  return isRollingUpdate(deployment) && replicas > 0 ? Math.min(fencepostsOf(deployment).unavailable, replicas) : 0
}

function fencepostsOf(deployment: Deployment): { surge: number; unavailable: number } {
  const { maxSurge: surge = 0, maxUnavailable: unavailable = 0 } = deployment.spec?.strategy?.rollingUpdate ?? {}
  return fenceposts(surge, unavailable, desiredReplicas(deployment))
}
