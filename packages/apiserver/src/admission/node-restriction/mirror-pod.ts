import type { Node, Pod } from '@treeline/api'
import { podReferences } from '../../authorization/pod-references.js'

const annotation = 'kubernetes.io/config.mirror'

/** Why a node may not create this pod; it may only show what it runs by itself, and that must not open anything to it. */
export function mirrorPodProblem(pod: Pod, nodeName: string, node: Node | undefined): string | undefined {
  const self = `node "${nodeName}"`
  if (pod.metadata.annotations?.[annotation] === undefined) {
    return `pod does not have "${annotation}" annotation, ${self} can only create mirror pods`
  }
  if (pod.spec?.nodeName !== nodeName) return `${self} can only create pods with spec.nodeName set to itself`
  return ownerProblem(pod, nodeName, node) ?? referenceProblem(pod, self)
}

function ownerProblem(pod: Pod, nodeName: string, node: Node | undefined): string | undefined {
  const self = `node "${nodeName}"`
  const [owner, ...others] = pod.metadata.ownerReferences ?? []
  if (others.length > 0) return `${self} can only create pods with a single owner reference set to itself`
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== nodeName) {
    return `${self} can only create pods with an owner reference set to itself`
  }
  if (!owner.controller) return `${self} can only create pods with a controller owner reference set to itself`
  if (owner.blockOwnerDeletion) return `${self} must not set blockOwnerDeletion on an owner reference`
  if (owner.uid !== node?.metadata.uid) return `node ${nodeName} UID mismatch: expected ${owner.uid} got ${node?.metadata.uid ?? ''}`
  return undefined
}

function referenceProblem(pod: Pod, self: string): string | undefined {
  const reference = podReferences(pod)[0]?.resource ?? unreferencedVolume(pod)
  return reference === undefined ? undefined : `${self} can not create pods that reference ${reference}`
}

/** Volumes that reach API objects without naming one. */
const unreferencedVolume = (pod: Pod): string | undefined => {
  for (const { projected, csi } of pod.spec?.volumes ?? []) {
    if (csi) return 'csidrivers (via CSI volumes)'
    for (const source of projected?.sources ?? []) {
      if (source.serviceAccountToken) return 'serviceaccounts (via projected volumes)'
      if (source.clusterTrustBundle) return 'clustertrustbundles'
      if (source.podCertificate) return 'podcertificates'
    }
  }
  return undefined
}
