import type { Pod } from '@treeline/api'
import { parseTime } from '@treeline/machinery'
import { isPodReady, readySince, restarts } from './pod-state.js'

/** A pod, and how many active pods of its owner's family are on its node. */
export interface RankedPod {
  readonly pod: Pod
  readonly neighbours: number
}

const deletionCost = 'controller.kubernetes.io/pod-deletion-cost'
const phases: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 }

/** Compares two pods, the one to delete first being the lesser. One rule after another until they differ. */
export function compareForDeletion(now: number): (a: RankedPod, b: RankedPod) => number {
  const rules: readonly ((a: RankedPod, b: RankedPod) => number)[] = [
    (a, b) => Number(Boolean(a.pod.spec?.nodeName)) - Number(Boolean(b.pod.spec?.nodeName)),
    (a, b) => phaseOf(a.pod) - phaseOf(b.pod),
    (a, b) => Number(isPodReady(a.pod)) - Number(isPodReady(b.pod)),
    (a, b) => costOf(a.pod) - costOf(b.pod),
    (a, b) => b.neighbours - a.neighbours,
    (a, b) => (isPodReady(a.pod) ? compareAges(readySince(a.pod), readySince(b.pod), a.pod, b.pod, now) : 0),
    (a, b) => restarts(b.pod).regular - restarts(a.pod).regular,
    (a, b) => restarts(b.pod).sidecars - restarts(a.pod).sidecars,
    (a, b) => compareAges(createdAt(a.pod), createdAt(b.pod), a.pod, b.pod, now),
  ]
  return (a, b) => {
    for (const rule of rules) {
      const order = rule(a, b)
      if (order !== 0) return order
    }
    return 0
  }
}

/** Newer ones first, by powers of two of their age so that equals are not always the newest; then by uid. Unknown is newest. */
function compareAges(a: number | undefined, b: number | undefined, podA: Pod, podB: Pod, now: number): number {
  if (a === b) return 0
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1
  return magnitude(now - a) - magnitude(now - b) || (String(podA.metadata.uid) < String(podB.metadata.uid) ? -1 : 1)
}

const nanosecondsPerMillisecond = 1e6

function magnitude(age: number): number {
  return age > 0 ? Math.floor(Math.log2(age * nanosecondsPerMillisecond)) : -1
}

const phaseOf = (pod: Pod) => phases[pod.status?.phase ?? ''] ?? 0
const createdAt = (pod: Pod) => parseTime(pod.metadata.creationTimestamp ?? '')

function costOf(pod: Pod): number {
  const text = pod.metadata.annotations?.[deletionCost]
  return text !== undefined && /^(0|-?[1-9]\d*)$/.test(text) ? Number(text) : 0
}
