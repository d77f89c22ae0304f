import type { Indexes, ResourceKind } from '@treeline/client'
import { groupVersion, type KubernetesObject, type OwnerReference } from '@treeline/machinery'

/** The owner that controls an object, if there is one. */
export function controllerOf(object: KubernetesObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller)
}

export function isControlledBy(object: KubernetesObject, owner: KubernetesObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid
}

/** The reference an owner of `kind` puts on what it controls. */
export function controllerReference(kind: ResourceKind, owner: KubernetesObject): OwnerReference {
  const { name = '', uid = '' } = owner.metadata
  return {
    apiVersion: groupVersion(kind.group, kind.version),
    kind: kind.kind,
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  }
}

/** Whether a reference is to an object of this kind, in any version. */
export function refersTo(reference: OwnerReference, kind: ResourceKind): boolean {
  return reference.kind === kind.kind && reference.apiVersion.split('/')[0] === groupVersion(kind.group, kind.version).split('/')[0]
}

/** Index `controller`: objects by the uid of their controller; those without one under `orphans(namespace)`. */
export const controllerIndex: Indexes<KubernetesObject> = {
  controller: (object) => [controllerOf(object)?.uid ?? orphans(object.metadata.namespace)],
}

/** Index value of the objects of a namespace that nothing controls. Cannot be a uid. */
export function orphans(namespace: string | undefined): string {
  return `orphans of ${namespace ?? ''}`
}
