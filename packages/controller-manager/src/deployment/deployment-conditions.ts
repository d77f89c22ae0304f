import type { Deployment, DeploymentCondition, DeploymentStatus } from '@treeline/api'
import { formatTime } from '@treeline/machinery'
import { findCondition, withCondition, withoutCondition } from '../conditions.js'

/** What "no deadline" is written as. */
const never = 0x7fffffff

export function hasProgressDeadline(deployment: Deployment): boolean {
  const seconds = deployment.spec?.progressDeadlineSeconds
  return seconds !== undefined && seconds !== never
}

export function progressing(status: DeploymentStatus | undefined): DeploymentCondition | undefined {
  return findCondition(status?.conditions, 'Progressing')
}

/** Sets a condition unless status and reason are what they were; the time of transition moves with the status only. */
export function setCondition(
  status: DeploymentStatus,
  condition: Pick<DeploymentCondition, 'type' | 'status' | 'reason' | 'message'>,
  now: number,
): DeploymentStatus {
  const known = findCondition(status.conditions, condition.type)
  if (known?.status === condition.status && known.reason === condition.reason) return status
  return replaceCondition(status, condition, now)
}

/** Sets a condition even if it says the same as before, with a new time of update. */
export function replaceCondition(
  status: DeploymentStatus,
  condition: Pick<DeploymentCondition, 'type' | 'status' | 'reason' | 'message'>,
  now: number,
): DeploymentStatus {
  const known = findCondition(status.conditions, condition.type)
  const time = formatTime(new Date(now))
  const lastTransitionTime = known?.status === condition.status ? known.lastTransitionTime : time
  return { ...status, conditions: withCondition(status.conditions, { ...condition, lastUpdateTime: time, lastTransitionTime }) }
}

export function removeCondition(status: DeploymentStatus, type: string): DeploymentStatus {
  if (!findCondition(status.conditions, type)) return status
  return { ...status, conditions: withoutCondition(status.conditions, type) }
}
