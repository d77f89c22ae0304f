import type { Kind } from '@treeline/api'
import { deepCopy, errors, formatTime, isNotFound, type KubernetesObject, parseTime } from '@treeline/machinery'
import { type Remove, remove, type Stored } from '../resource-store/resource-store.js'
import { admissionAttributes } from './admission-chain.js'
import { type DeleteOptions, validateDeleteOptions } from './delete-options.js'
import { finalizersForDeletion } from './deletion-finalizers.js'
import { isNamespace, terminateNamespace } from './namespace-deletion.js'
import type { Registry } from './registry.js'
import type { Resource } from './resource.js'
import type { WriteContext } from './write-context.js'
import { notStored } from './written.js'

export interface DeleteOutcome<T extends KubernetesObject> {
  /** The object as it was last, or as it waits now for its end. */
  readonly stored: Stored<T>
  /** It is gone. */
  readonly removed: boolean
}

/**
 * Deletes an object, or begins to: grace and finalizers keep it for a while, marked with a deletionTimestamp. Throws
 * StatusError: NotFound, Conflict (preconditions), Invalid (options), what admission says.
 */
export async function deleteObject<T extends KubernetesObject>(
  registry: Registry,
  resource: Resource<T>,
  namespace: string | undefined,
  name: string,
  options: DeleteOptions,
  context: WriteContext,
): Promise<DeleteOutcome<T>> {
  const { kind, store } = resource
  let lastSeen: Stored<T> | undefined
  const change = async (current: Stored<T>): Promise<T | Remove> => {
    lastSeen = current
    validateDeleteOptions(options)
    checkPreconditions(resource, current.object, options)
    await registry.admission.validate(admissionAttributes('DELETE', kind, namespace, name, context, undefined, current.object))
    return afterDelete(kind, current.object, options, registry.now())
  }
  const current = store.get(namespace, name)
  if (!current) throw errors.notFound(resource.groupResource, name)
  await registry.admission.admit(admissionAttributes('DELETE', kind, namespace, name, context, undefined, current.object))
  if (context.dryRun) {
    const result = await change(current)
    return result === remove ? { stored: current, removed: true } : { stored: notStored(result), removed: false }
  }
  try {
    const outcome = await store.update(namespace, name, change)
    if (outcome.removed) await tellHooks(registry, kind, lastSeen?.object)
    return outcome.removed || !isAtItsEnd(outcome.stored.object) ? outcome : await removeMarked(registry, resource, outcome.stored)
  } catch (error) {
    // Somebody else finished the deletion between our look and our write.
    if (isNotFound(error) && lastSeen?.object.metadata.deletionTimestamp) return { stored: lastSeen, removed: true }
    throw error
  }
}

/** No grace is left, and nothing holds the object. */
function isAtItsEnd({ metadata }: KubernetesObject): boolean {
  return metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0 && !metadata.finalizers?.length
}

/** Takes away an object whose grace was ended by the same request; watchers have seen it marked. */
async function removeMarked<T extends KubernetesObject>(
  registry: Registry,
  resource: Resource<T>,
  marked: Stored<T>,
): Promise<DeleteOutcome<T>> {
  const { namespace, name = '', uid } = marked.object.metadata
  const outcome = await resource.store.update(namespace, name, (current) =>
    current.object.metadata.uid === uid && isAtItsEnd(current.object) ? remove : current.object,
  )
  if (outcome.removed) await tellHooks(registry, resource.kind, marked.object)
  return outcome.removed ? { stored: marked, removed: true } : outcome
}

async function tellHooks<T extends KubernetesObject>(registry: Registry, kind: Kind<T>, object: T | undefined): Promise<void> {
  if (!object) return
  for (const hook of registry.hooks) if (hook.kind === (kind as unknown)) await hook.afterDelete?.(object)
}

function checkPreconditions<T extends KubernetesObject>(resource: Resource<T>, object: T, { preconditions }: DeleteOptions): void {
  if (!preconditions) return
  const { uid = '', resourceVersion = '', name = '' } = object.metadata
  // The Kind stands here where other conflicts name the plural.
  const subject = { group: resource.kind.group, resource: resource.kind.kind }
  if (preconditions.uid !== undefined && preconditions.uid !== uid) {
    throw errors.conflict(
      subject,
      name,
      `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    )
  }
  if (preconditions.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion) {
    throw errors.conflict(
      subject,
      name,
      `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    )
  }
}

/** The state of an object after one DELETE: gone, marked, or as it was. */
export function afterDelete<T extends KubernetesObject>(kind: Kind<T>, current: T, options: DeleteOptions, now: number): T | Remove {
  if (isNamespace(kind)) return terminateNamespace(current, options, now)
  if (kind.strategy.beginDeletion && !current.metadata.deletionTimestamp) {
    const marked = deepCopy(current)
    kind.strategy.beginDeletion(marked, new Date(now))
    return marked
  }
  const grace = gracefulDeletion(kind, current, options, now)
  if (grace === 'pending') return current
  const finalizers = finalizersForDeletion(kind as unknown as Kind, current.metadata, options)
  const object = deepCopy(current)
  if (finalizers.length > 0) object.metadata.finalizers = [...finalizers]
  else delete object.metadata.finalizers
  if (grace) {
    Object.assign(object.metadata, grace.metadata)
    return object
  }
  if (finalizers.length === 0) return remove
  return markDeleted(object, now) || finalizers !== (current.metadata.finalizers ?? finalizers) ? object : current
}

interface Grace {
  readonly seconds: number
  readonly metadata: { deletionTimestamp: string; deletionGracePeriodSeconds: number; generation?: number }
}

/** What grace does to the metadata; `pending` when the object is being deleted already and nothing gets shorter. */
function gracefulDeletion<T extends KubernetesObject>(
  kind: Kind<T>,
  object: T,
  options: DeleteOptions,
  now: number,
): Grace | 'pending' | undefined {
  const graceOf = kind.strategy.gracePeriod
  if (!graceOf) return undefined
  const { deletionTimestamp, deletionGracePeriodSeconds, generation } = object.metadata
  const requested = options.gracePeriodSeconds === undefined ? undefined : options.gracePeriodSeconds < 0 ? 1 : options.gracePeriodSeconds
  if (deletionTimestamp) {
    if (!deletionGracePeriodSeconds) return undefined
    if (requested === undefined || requested >= deletionGracePeriodSeconds) return 'pending'
    const moved = (parseTime(deletionTimestamp) ?? now) + (requested - deletionGracePeriodSeconds) * 1000
    const late = moved < now
    const seconds = late && requested !== 0 ? 1 : requested
    return { seconds, metadata: { deletionTimestamp: formatTime(new Date(late ? now : moved)), deletionGracePeriodSeconds: seconds } }
  }
  const seconds = graceOf(object, requested)
  return {
    seconds,
    metadata: {
      deletionTimestamp: formatTime(new Date(now + seconds * 1000)),
      deletionGracePeriodSeconds: seconds,
      ...(generation && { generation: generation + 1 }),
    },
  }
}

/** Marks an object that waits for its finalizers only. False when it is marked already. */
function markDeleted({ metadata }: KubernetesObject, now: number): boolean {
  const marked = metadata.deletionTimestamp
  if (!marked && metadata.generation) metadata.generation++
  if (marked && (parseTime(marked) ?? 0) <= now && metadata.deletionGracePeriodSeconds === 0) return false
  if (!marked || (parseTime(marked) ?? 0) > now) metadata.deletionTimestamp = formatTime(new Date(now))
  metadata.deletionGracePeriodSeconds = 0
  return true
}
