import { type InformerEvent, keyOf, type ResourceKind } from '@treeline/client'
import type { KubernetesObject } from '@treeline/machinery'
import { controllerOf, refersTo } from '../ownership/controller-ref.js'
import type { Expectations } from './expectations.js'

/** Lowers the expectations of an owner when its cache shows a creation, or a deletion having begun. */
export function observing<T extends KubernetesObject>(expectations: Expectations, owner: ResourceKind): (event: InformerEvent<T>) => void {
  return ({ type, object, old }) => {
    const reference = controllerOf(object)
    if (!reference || !refersTo(reference, owner)) return
    if (type === 'deleted' || object.metadata.deletionTimestamp) {
      if (!old?.metadata.deletionTimestamp) expectations.deleted(reference.uid, keyOf(object))
    } else if (type === 'added') {
      expectations.created(reference.uid)
    }
  }
}
