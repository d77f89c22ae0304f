import type { PersistentVolume, Pod, ResourceSlice, VolumeAttachment } from '@treeline/api'
import { persistentVolumeSecrets, podReferences, type ReferencedResource } from './pod-references.js'

/** The newest objects beside pods that relate something to a node. */
export interface NodeObjects {
  persistentVolume(name: string): PersistentVolume | undefined
  /** The volume a claim is bound to. */
  volumeOfClaim(namespace: string, name: string): PersistentVolume | undefined
  volumeAttachment(name: string): VolumeAttachment | undefined
  resourceSlice(name: string): ResourceSlice | undefined
}

/** Resources for which access of a node depends on what runs on it. */
export type RelatedResource = ReferencedResource | 'pods' | 'persistentvolumes' | 'volumeattachments' | 'resourceslices'

interface NodePods {
  /** Pods of the node, by key. */
  readonly pods: Map<string, readonly string[]>
  /** How many pods of the node name a thing. */
  readonly references: Map<string, number>
}

/**
 * What is related to which node: the pods bound to it, and what those name. Fed with every change of a pod; answers
 * are look-ups.
 */
export class NodeRelations {
  private readonly nodes = new Map<string, NodePods>()
  private readonly nodeOfPod = new Map<string, string>()

  constructor(private readonly objects: NodeObjects) {}

  /** A pod was added or changed. What a bound pod names never changes, so only the first sight of it costs anything. */
  setPod(pod: Pod): void {
    const nodeName = pod.spec?.nodeName ?? ''
    const key = podKey(pod)
    const known = this.nodeOfPod.get(key)
    if (nodeName === '' || (known === nodeName && !mayNameMore(pod))) return
    this.removePod(pod)
    const references = isMirror(pod)
      ? []
      : podReferences(pod).map(({ resource, name }) => referenceKey(resource, pod.metadata.namespace, name))
    const node = this.nodes.get(nodeName) ?? { pods: new Map(), references: new Map() }
    this.nodes.set(nodeName, node)
    this.nodeOfPod.set(key, nodeName)
    node.pods.set(key, references)
    for (const reference of references) node.references.set(reference, (node.references.get(reference) ?? 0) + 1)
  }

  removePod(pod: Pod): void {
    const key = podKey(pod)
    const nodeName = this.nodeOfPod.get(key)
    const node = nodeName === undefined ? undefined : this.nodes.get(nodeName)
    if (nodeName === undefined || !node) return
    for (const reference of node.pods.get(key) ?? []) {
      const count = (node.references.get(reference) ?? 1) - 1
      if (count > 0) node.references.set(reference, count)
      else node.references.delete(reference)
    }
    node.pods.delete(key)
    this.nodeOfPod.delete(key)
    if (node.pods.size === 0) this.nodes.delete(nodeName)
  }

  clear(): void {
    this.nodes.clear()
    this.nodeOfPod.clear()
  }

  /** Whether the node has to do with the object. */
  isRelated(nodeName: string, resource: RelatedResource, namespace: string, name: string): boolean {
    switch (resource) {
      case 'volumeattachments':
        return this.objects.volumeAttachment(name)?.spec.nodeName === nodeName
      case 'resourceslices':
        return this.objects.resourceSlice(name)?.spec.nodeName === nodeName
      case 'pods':
        return this.nodes.get(nodeName)?.pods.has(`${namespace}/${name}`) ?? false
      case 'persistentvolumes':
        return this.usesVolume(nodeName, this.objects.persistentVolume(name))
      case 'secrets':
        return this.isNamed(nodeName, resource, namespace, name) || this.isVolumeSecret(nodeName, namespace, name)
      default:
        return this.isNamed(nodeName, resource, namespace, name)
    }
  }

  private isNamed(nodeName: string, resource: ReferencedResource, namespace: string, name: string): boolean {
    return this.nodes.get(nodeName)?.references.has(referenceKey(resource, namespace, name)) ?? false
  }

  private usesVolume(nodeName: string, volume: PersistentVolume | undefined): boolean {
    const claim = volume?.spec?.claimRef
    return claim !== undefined && this.isNamed(nodeName, 'persistentvolumeclaims', claim.namespace ?? '', claim.name ?? '')
  }

  private isVolumeSecret(nodeName: string, namespace: string, name: string): boolean {
    for (const reference of this.nodes.get(nodeName)?.references.keys() ?? []) {
      const [resource, claimNamespace = '', claimName = ''] = reference.split('/')
      if (resource !== 'persistentvolumeclaims') continue
      const volume = this.objects.volumeOfClaim(claimNamespace, claimName)
      if (volume && persistentVolumeSecrets(volume).some((secret) => secret.namespace === namespace && secret.name === name)) return true
    }
    return false
  }
}

const podKey = (pod: Pod): string => `${pod.metadata.namespace}/${pod.metadata.name}`

const referenceKey = (resource: ReferencedResource, namespace: string | undefined, name: string): string =>
  `${resource}/${namespace}/${name}`

/** Claims made for a pod and ephemeral containers come after binding. */
const mayNameMore = (pod: Pod): boolean =>
  (pod.spec?.ephemeralContainers?.length ?? 0) > 0 ||
  (pod.status?.resourceClaimStatuses?.length ?? 0) > 0 ||
  pod.status?.extendedResourceClaimStatus !== undefined

/** A node can create mirror pods; they must not open anything to it. */
const isMirror = (pod: Pod): boolean => pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined
