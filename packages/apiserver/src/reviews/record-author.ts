import type { Kind } from '@treeline/api'
import { groupVersion, type KubernetesObject, recordUpdate } from '@treeline/machinery'
import type { SubresourceCall } from '../registry/subresource-handler.js'

/** Notes in a request that is answered, not stored, who stated which field; upstream does so as for stored objects. */
export function recordAuthor<T extends KubernetesObject>(call: SubresourceCall, kind: Kind<T>, object: T, subresource?: string): void {
  recordUpdate({
    schema: kind.schema,
    apiVersion: groupVersion(kind.group, kind.version),
    after: object,
    manager: call.fieldManager,
    now: new Date(),
  })
  if (subresource === undefined) return
  for (const entry of object.metadata.managedFields ?? []) entry.subresource = subresource
}
