import { type Pod, PodDisruptionBudget } from '@treeline/api'
import { errors, formatTime, isStatusError, labelSelectorFrom, StatusError } from '@treeline/machinery'
import { serverFieldManager } from '../bootstrap/ensure.js'
import type { ApiInternals } from '../registry/internals.js'

/** Evictions that a budget's controller has not confirmed; beyond it the server waits for the controller. */
const mostDisrupted = 2000
const attempts = 20
const refusal = "Cannot evict pod as it would violate the pod's disruption budget."

/** The budgets that are about a pod. */
export function budgetsOf(internals: ApiInternals, pod: Pod): PodDisruptionBudget[] {
  const { namespace, labels = {} } = pod.metadata
  return internals.list(PodDisruptionBudget, namespace).filter(({ spec }) => {
    // A budget without a selector is about nothing, one with an empty selector about every pod.
    return spec?.selector !== undefined && labelSelectorFrom(spec.selector).matches(labels)
  })
}

/** Whether a pod that is not ready may go without being counted: it does not serve anyone. */
export function mayGoUnhealthy({ spec, status }: PodDisruptionBudget): boolean {
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {}
  return currentHealthy >= desiredHealthy && desiredHealthy > 0
}

/** Counts an eviction in the budget. Throws StatusError 429 when the budget does not allow it, 403, 504. */
export async function countDisruption(
  internals: ApiInternals,
  budget: PodDisruptionBudget,
  podName: string,
  dryRun: boolean,
  now: () => number,
): Promise<void> {
  const { namespace, name = '' } = budget.metadata
  const count = (current: PodDisruptionBudget): PodDisruptionBudget => {
    checkBudget(current)
    const { status } = current
    const disruptionsAllowed = (status?.disruptionsAllowed ?? 0) - 1
    const disruptedPods = { ...status?.disruptedPods, [podName]: formatTime(new Date(now())) }
    return {
      ...current,
      status: { ...(status ?? { currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 }), disruptionsAllowed, disruptedPods },
    }
  }
  if (dryRun) {
    checkBudget(budget)
    return
  }
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      await internals.update(PodDisruptionBudget, namespace, name, count, { subresource: 'status', fieldManager: serverFieldManager })
      return
    } catch (error) {
      if (!isStatusError(error, 'Conflict')) throw error
    }
  }
  throw errors.timeout(`couldn't update PodDisruptionBudget "${name}" due to conflicts`, 10)
}

/** The refusal of an eviction that may be tried again in a while. */
export function budgetBusy(name: string): StatusError {
  return withCause(10, `The disruption budget ${name} is still being processed by the server.`)
}

function checkBudget({ metadata, status }: PodDisruptionBudget): void {
  const { name = '', generation = 0 } = metadata
  const { observedGeneration = 0, disruptionsAllowed = 0, disruptedPods = {} } = status ?? {}
  const resource = { group: 'policy', resource: 'poddisruptionbudget' }
  if (observedGeneration < generation) throw budgetBusy(name)
  if (disruptionsAllowed < 0) throw errors.forbidden(resource, name, 'pdb disruptions allowed is negative')
  if (Object.keys(disruptedPods).length > mostDisrupted) {
    throw errors.forbidden(resource, name, 'DisruptedPods map too big - too many evictions not confirmed by PDB controller')
  }
  if (disruptionsAllowed === 0) throw withCause(0, whyNone(name, status))
}

const whyNone = (name: string, status: PodDisruptionBudget['status']): string => {
  const { currentHealthy = 0, desiredHealthy = 0, conditions = [] } = status ?? {}
  const condition = conditions.find((each) => each.type === 'DisruptionAllowed' && each.status === 'False' && each.message)
  const denied = `The disruption budget ${name} does not allow evicting pods currently`
  if (condition?.reason === 'SyncFailed') return `${denied} because it failed sync: ${condition.message}`
  if (currentHealthy <= desiredHealthy) {
    return `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`
  }
  return condition ? `${denied} (${condition.reason}): ${condition.message}` : denied
}

const withCause = (retryAfterSeconds: number, message: string): StatusError =>
  new StatusError({
    code: 429,
    reason: 'TooManyRequests',
    message: refusal,
    details: {
      causes: [{ reason: 'DisruptionBudget', message }],
      ...(retryAfterSeconds > 0 ? { retryAfterSeconds } : {}),
    },
  })
