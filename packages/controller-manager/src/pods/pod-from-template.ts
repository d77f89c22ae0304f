import type { Pod, PodTemplateSpec } from '@treeline/api'
import { deepCopy, type KubernetesObject, maskTrailingDash, type OwnerReference, validateDnsSubdomain } from '@treeline/machinery'

/** The pod a template describes, in the namespace of its parent and with a name generated from the parent's. */
export function podFromTemplate(template: PodTemplateSpec | undefined, parent: KubernetesObject, controller?: OwnerReference): Pod {
  const { labels, annotations, finalizers } = template?.metadata ?? {}
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: parent.metadata.namespace,
      generateName: namePrefix(parent.metadata.name ?? ''),
      labels: { ...labels },
      annotations: { ...annotations },
      ...(finalizers?.length && { finalizers: [...finalizers] }),
      ...(controller && { ownerReferences: [controller] }),
    },
    spec: deepCopy(template?.spec),
  }
}

/** `{name}-`, or the bare name where that would not be a name. */
function namePrefix(name: string): string {
  const prefix = `${name}-`
  return validateDnsSubdomain(maskTrailingDash(prefix)).length === 0 ? prefix : name
}
