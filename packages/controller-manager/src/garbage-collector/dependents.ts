import type { Client, ResourceKind } from '@treeline/client'
import { isConflict, isInvalid, isNotFound, isStatusError, type KubernetesObject } from '@treeline/machinery'
import type { GraphNode } from './owner-graph.js'

interface Patching {
  readonly client: Client
  readonly signal: AbortSignal
}

/** Takes references to these owners off an object. */
export async function removeOwners(
  { client, signal }: Patching,
  resource: ResourceKind,
  node: GraphNode,
  uids: readonly string[],
): Promise<void> {
  const deletions = uids.map((uid) => ({ $patch: 'delete', uid }))
  await patchOwners({ client, signal }, resource, node, deletions, (object) =>
    (object.metadata.ownerReferences ?? []).filter(({ uid }) => !uids.includes(uid)),
  )
}

/** Makes an object hold none of its owners any more: the way out of a circle of owners that wait for each other. */
export async function unblockOwners({ client, signal }: Patching, resource: ResourceKind, node: GraphNode): Promise<void> {
  const blocking = node.owners.filter(({ blockOwnerDeletion }) => blockOwnerDeletion)
  if (blocking.length === 0) return
  const changes = blocking.map(({ uid }) => ({ uid, blockOwnerDeletion: false }))
  await patchOwners({ client, signal }, resource, node, changes, (object) =>
    (object.metadata.ownerReferences ?? []).map((reference) => ({ ...reference, blockOwnerDeletion: false })),
  )
}

/** A strategic patch, or a merge patch of the whole list where the kind does not know strategic ones. */
async function patchOwners(
  { client, signal }: Patching,
  resource: ResourceKind,
  node: GraphNode,
  ownerReferences: readonly object[],
  whole: (object: KubernetesObject) => readonly object[],
): Promise<void> {
  const { namespace, name, uid } = node.identity
  const key = { namespace, name }
  try {
    await client.patch(resource, key, { type: 'strategic', body: { metadata: { uid, ownerReferences } } }, { signal })
  } catch (error) {
    if (!isStatusError(error, 'UnsupportedMediaType')) throw error
    const live = await client.get(resource, key, { signal, metadataOnly: true })
    const { resourceVersion } = live.metadata
    const body = { metadata: { uid, resourceVersion, ownerReferences: whole(live) } }
    await client.patch(resource, key, { type: 'merge', body }, { signal })
  }
}

/** Frees the dependents of an object. Those that are gone, or are others by now, are passed over. */
export async function orphanDependents(patching: Patching, owner: GraphNode): Promise<void> {
  await Promise.all(
    [...owner.dependents].map(async (dependent) => {
      if (!dependent.resource) return
      try {
        await removeOwners(patching, dependent.resource, dependent, [owner.uid])
      } catch (error) {
        if (!isNotFound(error) && !isInvalid(error)) throw error
      }
    }),
  )
}

/** Tries to take a finalizer off before giving up for now. */
const tries = 5

/** Takes a finalizer off an object, if it is still there and has it. */
export async function removeFinalizer(
  { client, signal }: Patching,
  resource: ResourceKind,
  node: GraphNode,
  finalizer: string,
): Promise<void> {
  const { namespace, name, uid } = node.identity
  const key = { namespace, name }
  for (let attempt = 1; ; attempt++) {
    try {
      const live = await client.get(resource, key, { signal, metadataOnly: true })
      if (live.metadata.uid !== uid || !live.metadata.finalizers?.includes(finalizer)) return
      const { resourceVersion, finalizers } = live.metadata
      const body = { metadata: { uid, resourceVersion, finalizers: finalizers.filter((other) => other !== finalizer) } }
      await client.patch(resource, key, { type: 'merge', body }, { signal })
      return
    } catch (error) {
      if (isNotFound(error)) return
      if (!isConflict(error) || attempt >= tries) throw error
    }
  }
}
