import { formatTime } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { WriteRequest } from '../../kind.js'
import { qosClass } from './pod-qos.js'

type Pod = TypeOf<'core.v1.Pod'>
type LabelSelector = TypeOf<'meta.v1.LabelSelector'>

/** A new pod is pending, and its label keys have become part of its selectors. */
export function preparePod(pod: Pod, { now = new Date() }: WriteRequest = {}): void {
  const spec = pod.spec
  if (!spec) return
  pod.status = { phase: 'Pending', qosClass: qosClass(spec) }
  if (spec.schedulingGates?.length) {
    pod.status.conditions = [
      {
        type: 'PodScheduled',
        status: 'False',
        lastProbeTime: null,
        lastTransitionTime: formatTime(now),
        reason: 'SchedulingGated',
        message: 'Scheduling is blocked due to non-empty scheduling gates',
      },
    ]
  }
  const labels = pod.metadata.labels ?? {}
  const terms = [spec.affinity?.podAffinity, spec.affinity?.podAntiAffinity].flatMap((affinity) => [
    ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((weighted) => weighted.podAffinityTerm),
    ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
  ])
  for (const term of terms) {
    if (!term?.labelSelector) continue
    selectOwn(term.labelSelector, term.matchLabelKeys, 'In', labels)
    selectOwn(term.labelSelector, term.mismatchLabelKeys, 'NotIn', labels)
  }
  for (const constraint of spec.topologySpreadConstraints ?? []) {
    if (constraint.labelSelector) selectOwn(constraint.labelSelector, constraint.matchLabelKeys, 'In', labels)
  }
}

/** Adds the pod's own values of the keys to a selector, which then tells one rollout from another. */
function selectOwn(
  selector: LabelSelector,
  keys: readonly string[] | undefined,
  operator: 'In' | 'NotIn',
  labels: Record<string, string>,
): void {
  for (const key of keys ?? []) {
    const value = labels[key]
    if (value !== undefined) selector.matchExpressions = [...(selector.matchExpressions ?? []), { key, operator, values: [value] }]
  }
}

/** Node agents of before 1.33 do not report what generation they saw; what is known is kept. */
export function keepObservedGenerations(pod: Pod, old: Pod): void {
  if (!pod.status) return
  pod.status.observedGeneration ||= old.status?.observedGeneration
  const known = new Map<string, (number | undefined)[]>()
  for (const { type, observedGeneration } of old.status?.conditions ?? []) {
    known.set(type, [...(known.get(type) ?? []), observedGeneration])
  }
  for (const condition of pod.status.conditions ?? []) condition.observedGeneration ||= known.get(condition.type)?.shift()
}
