import type { ObjectKey } from '@treeline/client'
import type { KubernetesObject } from '@treeline/machinery'

/** Namespace and name of an object, as the client takes them. */
export function objectKey(object: KubernetesObject): ObjectKey {
  const { namespace, name = '' } = object.metadata
  return { ...(namespace !== undefined && { namespace }), name }
}
