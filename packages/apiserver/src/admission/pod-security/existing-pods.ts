import type { Pod } from '@treeline/api'
import { findings, reasonsText } from './evaluate.js'
import { type LevelVersion, levelVersionText } from './policy.js'

/** Time and number of pods that one change of a namespace is worth. */
const limits = { pods: 3000, milliseconds: 1000 }

/** What to tell somebody who makes a namespace stricter of the pods that are in it. */
export function warningsAbout(pods: readonly Pod[], namespace: string, enforce: LevelVersion): readonly string[] {
  const deadline = performance.now() + limits.milliseconds
  const byReasons = new Map<string, string[]>()
  let checked = 0
  for (const { metadata, spec } of oneOfEachFirst(pods)) {
    if (checked === limits.pods || performance.now() > deadline) break
    checked++
    const found = spec ? findings(enforce, { annotations: metadata.annotations ?? {}, spec }) : []
    if (found.length === 0) continue
    const reasons = reasonsText(found)
    const names = byReasons.get(reasons) ?? []
    names.push(metadata.name ?? '')
    byReasons.set(reasons, names)
  }
  const only = `new PodSecurity enforce level only checked against the first ${checked} of ${pods.length} existing pods`
  const violate = `existing pods in namespace "${namespace}" violate the new PodSecurity enforce level "${levelVersionText(enforce)}"`
  return [
    ...(checked < pods.length ? [only] : []),
    ...(byReasons.size > 0 ? [violate] : []),
    ...[...byReasons].map(([reasons, names]) => `${podsText(names)}: ${reasons}`).sort(),
  ]
}

/** Pods of one controller are much the same: one of each comes before the rest. */
function oneOfEachFirst(pods: readonly Pod[]): readonly Pod[] {
  const seen = new Set<string>()
  const [first, rest]: [Pod[], Pod[]] = [[], []]
  for (const pod of pods) {
    const controller = pod.metadata.ownerReferences?.find((owner) => owner.controller)?.uid
    const isRepeated = controller !== undefined && seen.has(controller)
    if (controller !== undefined) seen.add(controller)
    const list = isRepeated ? rest : first
    list.push(pod)
  }
  return [...first, ...rest]
}

function podsText(names: string[]): string {
  const [first = ''] = names.sort()
  const others = names.length - 1
  if (others === 0) return first
  return `${first} (and ${others} other ${others === 1 ? 'pod' : 'pods'})`
}
