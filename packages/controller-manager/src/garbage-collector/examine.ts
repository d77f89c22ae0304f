import type { Client, DeleteOptions, ResourceKind } from '@treeline/client'
import { isConflict, isNotFound, type KubernetesObject, type OwnerReference } from '@treeline/machinery'
import { removeFinalizer, removeOwners, unblockOwners } from './dependents.js'
import { type AbsentOwners, foregroundFinalizer, type GraphNode, type OwnerGraph, orphanFinalizer, pointedAt } from './owner-graph.js'
import type { ResourceMapper } from './resource-mapper.js'

export interface Examination {
  readonly graph: OwnerGraph
  readonly absent: AbsentOwners
  readonly mapper: () => ResourceMapper
  readonly client: Client
  readonly signal: AbortSignal
  /** The object of a node as last seen. */
  readonly seen: (node: GraphNode) => KubernetesObject | undefined
  /** Every dependent there is can be in the graph by now. */
  readonly complete: () => boolean
  readonly examineLater: (uid: string) => void
  readonly invalidReference: (dependent: GraphNode, reference: OwnerReference) => void
}

/** The examination could not be finished; it has to be tried again. */
export class NotYet extends Error {
  override readonly name = 'NotYet'
}

/** Decides what becomes of an object: nothing, the loss of some references, or its deletion. */
export async function examine(examination: Examination, node: GraphNode): Promise<void> {
  if (node.beingDeleted && !node.deletingDependents) return
  if (node.virtual || !node.resource) return lookForVirtual(examination, node)
  if (node.deletingDependents) return deleteAfterDependents(examination, node, node.resource)
  const seen = examination.seen(node)
  if (!seen) return
  const references = seen.metadata.ownerReferences ?? []
  if (references.length === 0) return
  const { solid, dangling, waiting } = await classify(examination, node, references)
  const { client, signal } = examination
  if (solid.length > 0) {
    const useless = [...dangling, ...waiting].map(({ uid }) => uid)
    if (useless.length > 0) await ignoreAbsent(() => removeOwners({ client, signal }, node.resource as ResourceKind, node, useless))
    return
  }
  if (waiting.length > 0 && node.dependents.size > 0) {
    const circular = [...node.dependents].some(({ deletingDependents }) => deletingDependents)
    if (circular) await ignoreAbsent(() => unblockOwners({ client, signal }, node.resource as ResourceKind, node))
    return deleteObject(examination, node, node.resource, circular ? undefined : seen, 'Foreground')
  }
  return deleteObject(examination, node, node.resource, seen, policyOf(seen))
}

/** Whether an object known only by references exists. If it does, its informer will tell; until then it is looked for again. */
async function lookForVirtual({ graph, mapper, client, signal }: Examination, node: GraphNode): Promise<void> {
  const { apiVersion, kind, namespace, name, uid } = node.identity
  const resource = mapper().resourceOf(apiVersion, kind)
  if (!resource) throw new NotYet(`no resource is known for ${apiVersion} ${kind}`)
  if (resource.scope === 'Namespaced' && namespace === '') return
  const live = await getOrUndefined(client, resource, { namespace, name }, signal)
  if (live?.metadata.uid === uid) throw new NotYet(`${kind} ${namespace}/${name} exists but was not seen yet`)
  graph.confirmedAbsent(node.identity)
}

async function deleteAfterDependents(examination: Examination, node: GraphNode, resource: ResourceKind): Promise<void> {
  const blocking = [...node.dependents].filter(({ owners }) =>
    owners.some(({ uid, blockOwnerDeletion }) => uid === node.uid && blockOwnerDeletion),
  )
  if (blocking.length > 0) {
    for (const dependent of blocking) if (!dependent.deletingDependents) examination.examineLater(dependent.uid)
    return
  }
  if (!examination.complete()) throw new NotYet('not all kinds of dependents are known yet')
  const { client, signal } = examination
  await removeFinalizer({ client, signal }, resource, node, foregroundFinalizer)
}

interface Classified {
  /** Owners that exist and stay. */
  readonly solid: OwnerReference[]
  /** Owners that do not exist. */
  readonly dangling: OwnerReference[]
  /** Owners that wait for their dependents to go. */
  readonly waiting: OwnerReference[]
}

async function classify(examination: Examination, node: GraphNode, references: readonly OwnerReference[]): Promise<Classified> {
  const classified: Classified = { solid: [], dangling: [], waiting: [] }
  for (const reference of references) classified[await stateOf(examination, node, reference)].push(reference)
  return classified
}

/**
 * What is believed of an owner. That it exists may be taken from the graph: if it is gone by now, its removal brings the
 * dependent here again. That it does not exist is only believed of the server itself.
 */
async function stateOf(examination: Examination, node: GraphNode, reference: OwnerReference): Promise<keyof Classified> {
  const { graph, absent, mapper, client, signal } = examination
  const { namespace } = node.identity
  const known = graph.get(reference.uid)
  const { apiVersion, kind, name, uid } = reference
  if (known && !known.virtual) {
    const at = known.identity
    const reachable = at.namespace === '' || at.namespace === namespace
    if (reachable && at.kind === kind && at.name === name && at.apiVersion === apiVersion)
      return known.deletingDependents ? 'waiting' : 'solid'
  }
  if (absent.has(pointedAt(reference, '')) || absent.has(pointedAt(reference, namespace))) return 'dangling'
  const resource = mapper().resourceOf(apiVersion, kind)
  if (!resource) throw new NotYet(`no resource is known for ${apiVersion} ${kind}`)
  if (resource.scope === 'Namespaced' && namespace === '') {
    examination.invalidReference(node, reference)
    return 'solid'
  }
  const at = resource.scope === 'Namespaced' ? namespace : ''
  const live = await getOrUndefined(client, resource, { namespace: at, name }, signal)
  if (live?.metadata.uid !== uid) {
    absent.add(pointedAt(reference, at))
    return 'dangling'
  }
  const { deletionTimestamp, finalizers } = live.metadata
  return deletionTimestamp && finalizers?.includes(foregroundFinalizer) ? 'waiting' : 'solid'
}

function policyOf({ metadata }: KubernetesObject): NonNullable<DeleteOptions['propagationPolicy']> {
  if (metadata.finalizers?.includes(orphanFinalizer)) return 'Orphan'
  return metadata.finalizers?.includes(foregroundFinalizer) ? 'Foreground' : 'Background'
}

/**
 * Deletes an object if it still is what was seen: the version makes sure that no owner was added meanwhile. When it has
 * changed in other ways, it is deleted as it is now.
 */
async function deleteObject(
  { client, signal }: Examination,
  node: GraphNode,
  resource: ResourceKind,
  seen: KubernetesObject | undefined,
  propagationPolicy: DeleteOptions['propagationPolicy'],
): Promise<void> {
  const { namespace, name, uid } = node.identity
  const key = { namespace, name }
  const attempt = (resourceVersion: string | undefined) =>
    client.delete(resource, key, { propagationPolicy, preconditions: { uid, ...(resourceVersion && { resourceVersion }) }, signal })
  try {
    await attempt(seen?.metadata.resourceVersion)
  } catch (error) {
    if (isNotFound(error)) return
    if (!isConflict(error) || !seen) throw error
    const live = await getOrUndefined(client, resource, key, signal)
    if (live?.metadata.uid !== uid) return
    if (!sameOwners(live, seen)) throw new NotYet(`the owners of ${node.identity.kind} ${namespace}/${name} have changed`)
    await ignoreAbsent(() => attempt(live.metadata.resourceVersion))
  }
}

function sameOwners(a: KubernetesObject, b: KubernetesObject): boolean {
  const uids = (object: KubernetesObject) => (object.metadata.ownerReferences ?? []).map(({ uid }) => uid).join()
  return uids(a) === uids(b)
}

async function getOrUndefined(
  client: Client,
  resource: ResourceKind,
  { namespace, name }: { namespace: string; name: string },
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  try {
    return await client.get(resource, { ...(namespace && { namespace }), name }, { signal, metadataOnly: true })
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

async function ignoreAbsent(run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
