import type { Node, Taint } from '@treeline/api'
import { type HostPort, hasAffinity, type PodInfo } from '../pods/pod-info.js'
import { addTo, noResources, type Resources, resourcesOf } from '../pods/resources.js'

/** A node and the sum of what runs on it. Sums are kept, never recounted; adding and removing a pod are exact inverses. */
export class NodeInfo {
  readonly pods = new Map<string, PodInfo>()
  readonly requested: Resources = noResources()
  readonly assumedRequested: Resources = noResources()
  allocatable: Resources = noResources()
  labels: Readonly<Record<string, string>> = {}
  taints: readonly Taint[] = []
  /** Size in bytes of each image name on the node. */
  images: ReadonlyMap<string, number> = new Map()
  podsWithAffinity = 0
  podsWithRequiredAntiAffinity = 0
  readonly #ports = new Map<string, number>()
  #node: Node | undefined

  constructor(readonly name: string) {}

  /** Undefined while only pods of it are known. */
  get node(): Node | undefined {
    return this.#node
  }

  set node(node: Node | undefined) {
    this.#node = node
    this.allocatable = resourcesOf(node?.status?.allocatable)
    this.labels = node?.metadata.labels ?? {}
    this.taints = node?.spec?.taints ?? []
    this.images = new Map(
      node?.status?.images?.flatMap((image) => (image.names ?? []).map((name) => [name, image.sizeBytes ?? 0] as const)),
    )
  }

  addPod(pod: PodInfo): void {
    this.pods.set(pod.uid, pod)
    this.#count(pod, 1)
  }

  removePod(uid: string): PodInfo | undefined {
    const pod = this.pods.get(uid)
    if (!pod) return undefined
    this.pods.delete(uid)
    this.#count(pod, -1)
    return pod
  }

  /** 0.0.0.0 clashes with every address. */
  portTaken({ ip, protocol, port }: HostPort): boolean {
    if (this.#ports.size === 0) return false
    if (ip === '0.0.0.0') {
      const suffix = `/${protocol}/${port}`
      for (const taken of this.#ports.keys()) if (taken.endsWith(suffix)) return true
      return false
    }
    return this.#ports.has(portKey(ip, protocol, port)) || this.#ports.has(portKey('0.0.0.0', protocol, port))
  }

  #count(pod: PodInfo, sign: 1 | -1): void {
    addTo(this.requested, pod.request, sign)
    addTo(this.assumedRequested, pod.assumedRequest, sign)
    if (hasAffinity(pod)) this.podsWithAffinity += sign
    if (pod.requiredAntiAffinity.length > 0) this.podsWithRequiredAntiAffinity += sign
    for (const { ip, protocol, port } of pod.hostPorts) {
      const key = portKey(ip, protocol, port)
      const count = (this.#ports.get(key) ?? 0) + sign
      if (count > 0) this.#ports.set(key, count)
      else this.#ports.delete(key)
    }
  }
}

function portKey(ip: string, protocol: string, port: number): string {
  return `${ip}/${protocol}/${port}`
}
