import type { Pod, Service } from '@treeline/api'
import { parseTime } from '@treeline/machinery'
import { podCondition } from '../pods/pod-state.js'

/** Annotation with the time of the change that the newest state of endpoints follows from. */
export const triggerTimeAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time'

/** Remembers which changes of pods endpoints already follow from, by service. */
export class TriggerTimes {
  private readonly byService = new Map<string, ReadonlyMap<string, number>>()

  /** The earliest change since the last call, in milliseconds; undefined if there is none that says when it was. */
  next(key: string, service: Service, pods: readonly Pod[]): number | undefined {
    const known = this.byService.get(key)
    const times = new Map<string, number>()
    let earliest: number | undefined
    for (const pod of pods) {
      const time = parseTime(podCondition(pod, 'Ready')?.lastTransitionTime ?? '')
      const name = pod.metadata.name ?? ''
      if (time === undefined) continue
      times.set(name, time)
      if (time > (known?.get(name) ?? 0) && (earliest === undefined || time < earliest)) earliest = time
    }
    this.byService.set(key, times)
    return known ? earliest : parseTime(service.metadata.creationTimestamp ?? '')
  }

  forget(key: string): void {
    this.byService.delete(key)
  }
}

/** Annotations with the time set, or taken out. */
export function withTriggerTime(
  annotations: Readonly<Record<string, string>> | undefined,
  time: number | undefined,
): Record<string, string> {
  const { [triggerTimeAnnotation]: _, ...others } = annotations ?? {}
  if (time === undefined) return others
  return { ...others, [triggerTimeAnnotation]: `${new Date(time).toISOString().replace(/\.?0*Z$/, '')}Z` }
}
