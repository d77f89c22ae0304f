import type { KubernetesObject, ManagedFieldsEntry } from '../object.js'
import { deepEqual } from '../objects/deep-equal.js'

/**
 * Puts the old times back into `after.metadata.managedFields` when nothing but such times has changed, so that a write
 * that says what is already so stores nothing. Changes `after`.
 */
export function keepUnchangedTimes(before: KubernetesObject, after: KubernetesObject): void {
  const old = before.metadata.managedFields
  const next = after.metadata.managedFields
  if (!old || !next || old === next || old.length !== next.length || !sameButTimes(old, next)) return
  const metadata = { ...after.metadata, managedFields: old }
  if (deepEqual(before, { ...after, metadata })) after.metadata = metadata
}

// Times decide the order of entries, so those of one manager may stand at different places.
function sameButTimes(a: readonly ManagedFieldsEntry[], b: readonly ManagedFieldsEntry[]): boolean {
  return a.every((entry) => {
    const other = b.find((candidate) => sameManager(candidate, entry))
    return other && deepEqual({ ...other, time: undefined }, { ...entry, time: undefined })
  })
}

function sameManager(a: ManagedFieldsEntry, b: ManagedFieldsEntry): boolean {
  return a.manager === b.manager && a.operation === b.operation && a.subresource === b.subresource && a.apiVersion === b.apiVersion
}
