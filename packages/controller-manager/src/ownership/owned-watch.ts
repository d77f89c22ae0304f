import { type Cache, type Indexes, type InformerEvent, on, type ResourceKind, type WatchDeclaration } from '@treeline/client'
import { deepEqual, type KubernetesObject, type LabelSelector } from '@treeline/machinery'
import { controllerIndex, controllerOf, refersTo } from './controller-ref.js'

export interface OwnedWatchOptions<Owner extends KubernetesObject, T extends KubernetesObject> {
  /** What an owner selects, for those that take in orphans. */
  readonly selectorOf?: (owner: Owner) => LabelSelector
  readonly observe?: (event: InformerEvent<T>) => void
  readonly indexes?: Indexes<T>
  /** More keys for an event of an object this kind controls: an owner to look at again later, for one. */
  readonly later?: (ownerKey: string, event: { object: T; old: T | undefined }, cache: Cache) => { key: string; after: number } | undefined
}

/**
 * Watches what objects of `owner` control. An event enqueues the controller named in the object, and the former one when
 * it changed; an orphan enqueues every owner of its namespace that selects it.
 */
export function onOwned<Owner extends KubernetesObject, T extends KubernetesObject>(
  kind: ResourceKind<T>,
  owner: ResourceKind<Owner>,
  options: OwnedWatchOptions<Owner, T> = {},
): WatchDeclaration {
  const { selectorOf, later } = options
  return on<T>(
    kind,
    (object, old, cache, type) => {
      const keys: (string | { key: string; after: number })[] = []
      const own = ownerKey(object, owner)
      const former = old && ownerKey(old, owner)
      if (former !== undefined && former !== own) keys.push(former)
      if (own !== undefined) {
        keys.push(own)
        const delayed = later?.(own, { object, old }, cache)
        if (delayed) keys.push(delayed)
      } else if (selectorOf && type !== 'deleted' && !object.metadata.deletionTimestamp && !controllerOf(object)) {
        const changed = !old || controllerOf(old) !== undefined || !deepEqual(old.metadata.labels, object.metadata.labels)
        if (changed) keys.push(...selecting(object, cache.list(owner, object.metadata.namespace), selectorOf))
      }
      return keys
    },
    { indexes: { ...(controllerIndex as Indexes<T>), ...options.indexes }, observe: options.observe },
  )
}

function ownerKey(object: KubernetesObject, owner: ResourceKind): string | undefined {
  const reference = controllerOf(object)
  if (!reference || !refersTo(reference, owner)) return undefined
  return `${object.metadata.namespace}/${reference.name}`
}

function selecting<Owner extends KubernetesObject>(
  object: KubernetesObject,
  owners: readonly Owner[],
  selectorOf: (owner: Owner) => LabelSelector,
): string[] {
  const labels = object.metadata.labels
  if (!labels) return []
  return owners
    .filter((owner) => {
      const selector = selectorOf(owner)
      return !selector.empty && selector.matches(labels)
    })
    .map((owner) => `${owner.metadata.namespace}/${owner.metadata.name}`)
}
