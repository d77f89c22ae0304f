import type { Kind } from '@treeline/api'
import { deepCopy, formatTime, type KubernetesObject } from '@treeline/machinery'
import { type Remove, remove } from '../resource-store/resource-store.js'
import type { DeleteOptions } from './delete-options.js'

interface NamespaceLike extends KubernetesObject {
  spec?: { finalizers?: string[] }
  status?: { phase?: string }
}

const orphanFinalizer = 'orphan'

export function isNamespace(kind: Pick<Kind, 'group' | 'plural'>): boolean {
  return kind.group === '' && kind.plural === 'namespaces'
}

/** A namespace lives on as `Terminating` until its contents and both lists of finalizers are empty. */
export function terminateNamespace<T extends KubernetesObject>(current: T, options: DeleteOptions, now: number): T | Remove {
  const namespace = current as NamespaceLike
  if (!namespace.metadata.deletionTimestamp) {
    const next = deepCopy(namespace)
    next.metadata.deletionTimestamp = formatTime(new Date(now))
    next.status = { ...next.status, phase: 'Terminating' }
    const others = (next.metadata.finalizers ?? []).filter((finalizer) => finalizer !== orphanFinalizer)
    const orphans = options.orphanDependents === true || options.propagationPolicy === 'Orphan'
    const finalizers = orphans ? [...others, orphanFinalizer] : (next.metadata.finalizers ?? [])
    if (finalizers.length > 0) next.metadata.finalizers = finalizers
    return hasEnded(next) ? remove : (next as unknown as T)
  }
  return hasEnded(namespace) ? remove : current
}

/** Nothing holds the namespace any more. */
export function hasEnded(object: KubernetesObject): boolean {
  const { metadata, spec } = object as NamespaceLike
  return (spec?.finalizers?.length ?? 0) === 0 && (metadata.finalizers?.length ?? 0) === 0
}
