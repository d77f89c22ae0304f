import type { ReconcileContext, ResourceKind } from '@treeline/client'
import { isInvalid, isNotFound, type KubernetesObject, type LabelSelector } from '@treeline/machinery'
import { controllerOf, controllerReference, orphans } from './controller-ref.js'
import { objectKey } from './object-key.js'

export interface ClaimOptions<Owner extends KubernetesObject, T extends KubernetesObject> {
  readonly owner: Owner
  readonly ownerKind: ResourceKind<Owner>
  readonly kind: ResourceKind<T>
  readonly selector: LabelSelector
  /** Objects the owner may have or take: by default those of the `controller` index. */
  readonly candidates?: readonly T[]
  /** What does not fulfil this is neither adopted nor released. */
  readonly adoptable?: (object: T) => boolean
  /** Has to hold beside the selector. */
  readonly belongs?: (object: T) => boolean
  /** Finalizers put on what is adopted, and taken off what is released. */
  readonly finalizers?: readonly string[]
}

type Context = Pick<ReconcileContext, 'cache' | 'client' | 'signal'>

/**
 * The objects that are the owner's. Orphans that match are adopted (after a live look at the owner), owned ones that no
 * longer match are released; both by patches bound to the uid. The answer holds those adopted, as the cache has them.
 */
export async function claim<Owner extends KubernetesObject, T extends KubernetesObject>(
  context: Context,
  options: ClaimOptions<Owner, T>,
): Promise<T[]> {
  const { owner, kind, selector } = options
  const { uid = '', namespace, deletionTimestamp } = owner.metadata
  const candidates = options.candidates ?? [
    ...context.cache.byIndex(kind, 'controller', uid),
    ...context.cache.byIndex(kind, 'controller', orphans(namespace)),
  ]
  const claimed: T[] = []
  const adopt = adopter(context, options)
  for (const object of candidates) {
    const controller = controllerOf(object)
    if (controller && controller.uid !== uid) continue
    const matches = selector.matches(object.metadata.labels ?? {}) && (options.belongs?.(object) ?? true)
    if (controller && matches) {
      claimed.push(object)
      continue
    }
    if (deletionTimestamp || (options.adoptable && !options.adoptable(object))) continue
    if (controller) await release(context, options, object, options.finalizers)
    else if (matches && !object.metadata.deletionTimestamp && (await adopt(object))) claimed.push(object)
  }
  return claimed
}

/** Adopts one object after another, looking at the live owner once. False: the object is gone. */
function adopter<Owner extends KubernetesObject, T extends KubernetesObject>(
  { client, signal }: Context,
  { owner, ownerKind, kind, finalizers }: ClaimOptions<Owner, T>,
): (object: T) => Promise<boolean> {
  let mayAdopt: Promise<void> | undefined
  const check = async () => {
    const { namespace, name = '', uid } = owner.metadata
    const live = await client.get(ownerKind, { namespace, name }, { signal })
    if (live.metadata.uid !== uid)
      throw new Error(`original ${ownerKind.kind} ${namespace}/${name} is gone: got uid ${live.metadata.uid}, wanted ${uid}`)
    if (live.metadata.deletionTimestamp) throw new Error(`${namespace}/${name} has just been deleted at ${live.metadata.deletionTimestamp}`)
  }
  return async (object) => {
    mayAdopt ??= check()
    await mayAdopt
    const metadata = {
      uid: object.metadata.uid,
      ownerReferences: [controllerReference(ownerKind, owner)],
      ...(finalizers && { finalizers }),
    }
    return patched(() => client.patch(kind, objectKey(object), { type: 'strategic', body: { metadata } }, { signal }))
  }
}

/** Takes the owner's reference off an object. One that is gone, or is another by now, is left alone. */
export async function release<Owner extends KubernetesObject, T extends KubernetesObject>(
  { client, signal }: Pick<Context, 'client' | 'signal'>,
  { owner, kind }: Pick<ClaimOptions<Owner, T>, 'owner' | 'kind'>,
  object: T,
  removedFinalizers?: readonly string[],
): Promise<void> {
  const metadata = {
    uid: object.metadata.uid,
    ownerReferences: [{ $patch: 'delete', uid: owner.metadata.uid }],
    ...(removedFinalizers && { '$deleteFromPrimitiveList/finalizers': removedFinalizers }),
  }
  await patched(() => client.patch(kind, objectKey(object), { type: 'strategic', body: { metadata } }, { signal }))
}

/** False when the object is gone, or no longer the one meant. */
async function patched(patch: () => Promise<unknown>): Promise<boolean> {
  try {
    await patch()
    return true
  } catch (error) {
    if (isNotFound(error) || isInvalid(error)) return false
    throw error
  }
}
