import type { Job, Pod } from '@treeline/api'

/** What the pod failure policy says of a failed pod. */
export interface FailureVerdict {
  /** Why the whole Job fails. */
  readonly jobMessage?: string
  /** The failure counts towards the limits. */
  readonly counts: boolean
  /** The index fails at once. */
  readonly failsIndex?: true
}

const counted: FailureVerdict = { counts: true }

/** The first rule that matches decides; without one a failure counts. */
export function judgeFailure(job: Job, pod: Pod): FailureVerdict {
  const rules = job.spec?.podFailurePolicy?.rules ?? []
  for (const [index, rule] of rules.entries()) {
    const what = matchOf(rule, pod)
    if (what === undefined) continue
    switch (rule.action) {
      case 'Ignore':
        return { counts: false }
      case 'Count':
        return counted
      case 'FailIndex':
        return { counts: true, failsIndex: true }
      case 'FailJob':
        return { counts: true, jobMessage: `${what} matching FailJob rule at index ${index}` }
    }
  }
  return counted
}

type Rule = NonNullable<NonNullable<Job['spec']>['podFailurePolicy']>['rules'][number]

/** What in the pod matches the rule, in words. */
function matchOf({ onExitCodes, onPodConditions }: Rule, pod: Pod): string | undefined {
  const { namespace, name } = pod.metadata
  if (onExitCodes) {
    const { containerName, operator, values } = onExitCodes
    const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])]
    for (const { name: container, state } of statuses) {
      const code = state?.terminated?.exitCode
      if (code === undefined || code === 0 || (containerName !== undefined && containerName !== container)) continue
      if ((operator === 'In') === values.includes(code))
        return `Container ${container} for pod ${namespace}/${name} failed with exit code ${code}`
    }
    return undefined
  }
  const condition = pod.status?.conditions?.find(({ type, status }) =>
    (onPodConditions ?? []).some((pattern) => pattern.type === type && (pattern.status ?? 'True') === status),
  )
  return condition && `Pod ${namespace}/${name} has condition ${condition.type}`
}
