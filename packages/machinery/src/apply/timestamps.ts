import type { KubernetesObject } from '../object.js'
import { deepEqual } from '../objects/deep-equal.js'

/**
 * Puts the old times back into `after.metadata.managedFields` when nothing but such times has changed, so that a write
 * that says what is already so stores nothing. Changes `after`.
 */
export function keepUnchangedTimes(before: KubernetesObject, after: KubernetesObject): void {
  const old = before.metadata.managedFields
  const next = after.metadata.managedFields
  if (!old || !next || old === next || old.length !== next.length) return
  let moved = false
  for (let i = 0; i < next.length; i++) {
    const { time: oldTime, ...oldRest } = old[i] ?? {}
    const { time, ...rest } = next[i] ?? {}
    if (time !== oldTime) moved = true
    if (!deepEqual(oldRest, rest)) return
  }
  if (!moved) return
  const metadata = { ...after.metadata, managedFields: old }
  if (deepEqual(before, { ...after, metadata })) after.metadata = metadata
}
