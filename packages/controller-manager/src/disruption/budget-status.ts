import type { Condition, Pod, PodDisruptionBudget, PodDisruptionBudgetStatus } from '@treeline/api'
import { deepEqual, formatTime, parseTime } from '@treeline/machinery'
import { findCondition } from '../conditions.js'
import { isPodReady } from '../pods/pod-state.js'
import type { Expected } from './expected-pods.js'

/** A pod that was evicted but not deleted within this time counts again, in milliseconds. */
export const deletionTimeout = 120_000

/** Pods that were evicted and are about to go; those that should be gone by now; when to look again. */
export function followDisrupted(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  now: number,
): { readonly disrupted: Record<string, string>; readonly overdue: readonly Pod[]; readonly recheck: number | undefined } {
  const known = budget.status?.disruptedPods ?? {}
  const disrupted: Record<string, string> = {}
  const overdue: Pod[] = []
  let recheck: number | undefined
  for (const pod of pods) {
    const { name = '', deletionTimestamp } = pod.metadata
    const time = Object.hasOwn(known, name) ? known[name] : undefined
    if (deletionTimestamp || !time) continue
    const expected = (parseTime(time) ?? 0) + deletionTimeout
    if (expected < now) {
      overdue.push(pod)
      continue
    }
    disrupted[name] = time
    recheck = Math.min(recheck ?? Number.POSITIVE_INFINITY, expected - now)
  }
  return { disrupted, overdue, recheck }
}

/** The status of a budget; undefined if it says all that already. */
export function budgetStatus(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  expected: Expected,
  disrupted: Record<string, string>,
  now: number,
): PodDisruptionBudgetStatus | undefined {
  const healthy = pods.filter(
    (pod) => !pod.metadata.deletionTimestamp && !Object.hasOwn(disrupted, pod.metadata.name ?? '') && isPodReady(pod),
  ).length
  const allowed = expected.pods <= 0 ? 0 : Math.max(0, healthy - expected.healthy)
  const known = budget.status
  const reason = allowed > 0 ? 'SufficientPods' : 'InsufficientPods'
  const condition = findCondition(known?.conditions, 'DisruptionAllowed')
  const same =
    known &&
    known.currentHealthy === healthy &&
    known.desiredHealthy === expected.healthy &&
    known.expectedPods === expected.pods &&
    known.disruptionsAllowed === allowed &&
    deepEqual(known.disruptedPods ?? {}, disrupted) &&
    known.observedGeneration === budget.metadata.generation &&
    condition?.reason === reason
  if (same) return undefined
  const next = conditionOf(condition, allowed > 0 ? 'True' : 'False', reason, '', budget.metadata.generation, now)
  return {
    currentHealthy: healthy,
    desiredHealthy: expected.healthy,
    expectedPods: expected.pods,
    disruptionsAllowed: allowed,
    ...(Object.keys(disrupted).length > 0 && { disruptedPods: disrupted }),
    observedGeneration: budget.metadata.generation,
    conditions: [...(known?.conditions ?? []).filter(({ type }) => type !== 'DisruptionAllowed'), next],
  }
}

/** The status that allows nothing, because it could not be found out what may be allowed. */
export function failedStatus(budget: PodDisruptionBudget, message: string, now: number): PodDisruptionBudgetStatus {
  const { status } = budget
  const known = findCondition(status?.conditions, 'DisruptionAllowed')
  const condition = conditionOf(known, 'False', 'SyncFailed', message, status?.observedGeneration, now)
  return {
    currentHealthy: status?.currentHealthy ?? 0,
    desiredHealthy: status?.desiredHealthy ?? 0,
    expectedPods: status?.expectedPods ?? 0,
    ...status,
    disruptionsAllowed: 0,
    conditions: [...(status?.conditions ?? []).filter(({ type }) => type !== 'DisruptionAllowed'), condition],
  }
}

function conditionOf(
  known: Condition | undefined,
  status: Condition['status'],
  reason: string,
  message: string,
  observedGeneration: number | undefined,
  now: number,
): Condition {
  const lastTransitionTime = known?.status === status ? known.lastTransitionTime : formatTime(new Date(now))
  return { type: 'DisruptionAllowed', status, ...(observedGeneration && { observedGeneration }), lastTransitionTime, reason, message }
}
