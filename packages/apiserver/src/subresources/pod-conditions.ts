import type { Pod, PodCondition } from '@treeline/api'
import { formatTime } from '@treeline/machinery'

/** The conditions of a pod with `condition` among them; its time of transition stays when its status does. */
export function withCondition(pod: Pod, condition: PodCondition, now: number): PodCondition[] {
  const conditions = pod.status?.conditions ?? []
  const before = conditions.find(({ type }) => type === condition.type)
  const lastTransitionTime =
    before?.status === condition.status && before.lastTransitionTime ? before.lastTransitionTime : formatTime(new Date(now))
  // The time of a probe is encoded even when there was none.
  const next = { ...condition, lastProbeTime: null, lastTransitionTime } as unknown as PodCondition
  return before ? conditions.map((each) => (each === before ? next : each)) : [...conditions, next]
}
