import type { Pod, PodCondition } from '@treeline/api'
import { parseTime } from '@treeline/machinery'

export function podCondition(pod: Pod, type: string): PodCondition | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type)
}

export function isPodReady(pod: Pod): boolean {
  return podCondition(pod, 'Ready')?.status === 'True'
}

export function isPodFinished(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
}

export function isPodTerminating(pod: Pod): boolean {
  return !isPodFinished(pod) && pod.metadata.deletionTimestamp !== undefined
}

/** Neither finished nor being deleted. */
export function isPodActive(pod: Pod): boolean {
  return !isPodFinished(pod) && pod.metadata.deletionTimestamp === undefined
}

/** When a ready pod became ready, in milliseconds; undefined if it is not ready or does not say. */
export function readySince(pod: Pod): number | undefined {
  const condition = podCondition(pod, 'Ready')
  return condition?.status === 'True' ? parseTime(condition.lastTransitionTime ?? '') : undefined
}

/** Ready for at least `minReadySeconds`. */
export function isPodAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  if (!isPodReady(pod)) return false
  if (minReadySeconds === 0) return true
  const since = readySince(pod)
  return since !== undefined && since + minReadySeconds * 1000 <= now
}

/** Milliseconds until the first of these pods that is ready becomes available; undefined if none is on its way. */
export function nextAvailability(pods: readonly Pod[], minReadySeconds: number, now: number): number | undefined {
  if (minReadySeconds <= 0) return undefined
  let next: number | undefined
  for (const pod of pods) {
    const since = readySince(pod)
    if (since === undefined) continue
    const left = since + minReadySeconds * 1000 - now
    if (left > 0 && (next === undefined || left < next)) next = left
  }
  return next
}

/** Highest restart counts of containers, and of those init containers that keep running. */
export function restarts(pod: Pod): { readonly regular: number; readonly sidecars: number } {
  const sidecarNames = new Set(
    (pod.spec?.initContainers ?? []).filter((container) => container.restartPolicy === 'Always').map(({ name }) => name),
  )
  const highest = (counts: readonly { restartCount: number }[]) => Math.max(0, ...counts.map(({ restartCount }) => restartCount))
  return {
    regular: highest(pod.status?.containerStatuses ?? []),
    sidecars: highest((pod.status?.initContainerStatuses ?? []).filter(({ name }) => sidecarNames.has(name))),
  }
}
