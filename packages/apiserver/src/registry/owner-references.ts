import { deepEqual, type KubernetesObject } from '@treeline/machinery'
import type { WriteContext } from './write-context.js'

/** Takes away owner references that are there twice, with a warning that names their uids. */
export function dropDuplicateOwners(object: KubernetesObject, context: WriteContext): void {
  const references = object.metadata.ownerReferences
  if (!references || references.length < 2) return
  const kept: typeof references = []
  const dropped: string[] = []
  for (const reference of references) {
    if (kept.some((other) => deepEqual(other, reference))) dropped.push(reference.uid)
    else kept.push(reference)
  }
  if (dropped.length === 0) return
  object.metadata.ownerReferences = kept
  context.warn(
    `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${dropped.join(', ')}`,
  )
}
