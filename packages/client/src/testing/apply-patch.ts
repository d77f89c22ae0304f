import type { Kind } from '@treeline/api'
import { applyJsonPatch, applyMergePatch, applyStrategicMergePatch, errors, type KubernetesObject } from '@treeline/machinery'
import type { Patch, ResourceKind } from '../client.js'

/** What a patch makes of an object. An apply is taken as a merge; a patch of another uid or version is a conflict. */
export function patched<T extends KubernetesObject>(kind: ResourceKind<T>, object: T, patch: Patch): T {
  const { uid, resourceVersion, name = '' } = object.metadata
  const wanted = patch.type === 'json' ? undefined : (patch.body as Partial<KubernetesObject>).metadata
  if ((wanted?.uid ?? uid) !== uid || (wanted?.resourceVersion ?? resourceVersion) !== resourceVersion) {
    throw errors.conflict({ group: kind.group, resource: kind.plural }, name)
  }
  if (patch.type === 'json') return applyJsonPatch(object, patch.body) as T
  if (patch.type === 'strategic' && 'schema' in kind)
    return applyStrategicMergePatch((kind as unknown as Kind<T>).schema, object, patch.body) as unknown as T
  return applyMergePatch(object, patch.body) as T
}
