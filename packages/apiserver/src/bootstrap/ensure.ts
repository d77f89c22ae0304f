import type { Kind } from '@treeline/api'
import { isStatusError, type KubernetesObject } from '@treeline/machinery'
import type { ApiInternals } from '../registry/internals.js'

/** Name under which the server's own writes stand in managedFields. */
export const serverFieldManager = 'kube-apiserver'

/**
 * Makes sure an object is there: creates it, or changes the one that is there to what `complete` says it lacks. Writes
 * nothing when that is nothing, so that a restart costs look-ups alone.
 */
export async function ensure<T extends KubernetesObject>(
  internals: ApiInternals,
  kind: Kind<T>,
  wanted: T,
  complete: (current: T) => T | undefined = () => undefined,
): Promise<void> {
  const { namespace, name = '' } = wanted.metadata
  const fieldManager = serverFieldManager
  await internals.store(kind).ready
  const current = internals.get(kind, namespace, name)
  if (!current) {
    try {
      await internals.create(kind, wanted, { fieldManager })
      return
    } catch (error) {
      // Another server of the cluster was faster.
      if (!isStatusError(error, 'AlreadyExists')) throw error
    }
  }
  const found = internals.get(kind, namespace, name)
  if (found && !complete(found)) return
  await internals.update(kind, namespace, name, complete, { fieldManager })
}
