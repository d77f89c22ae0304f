import type { Node, Pod } from '@treeline/api'
import type { ClusterView } from '../framework/cycle.js'
import { isTerminal, type PodInfo, podInfo } from '../pods/pod-info.js'
import { NodeInfo } from './node-info.js'
import { zoneOrder } from './zone-order.js'

/**
 * What runs where. A pod that was placed but whose binding the server has not shown yet is *assumed*: it counts on its
 * node until the watch confirms it, or binding fails and it is forgotten.
 */
export class ClusterCache {
  readonly #nodes = new Map<string, NodeInfo>()
  /** Where each pod counts, by uid. */
  readonly #placed = new Map<string, string>()
  readonly #assumed = new Set<string>()
  readonly #withAffinity = new Set<NodeInfo>()
  readonly #withRequiredAntiAffinity = new Set<NodeInfo>()
  #ordered: readonly NodeInfo[] | undefined

  setNode(node: Node): NodeInfo {
    const info = this.#nodeInfo(node.metadata.name ?? '')
    const before = info.node
    info.node = node
    if (!before || zoneOrder.zoneOf(before) !== zoneOrder.zoneOf(node)) this.#ordered = undefined
    return info
  }

  removeNode(name: string): void {
    const info = this.#nodes.get(name)
    if (!info) return
    info.node = undefined
    this.#ordered = undefined
    this.#dropWhenEmpty(info)
  }

  /** A pod as the server shows it: on a node, or not (any more). */
  setPod(pod: Pod): void {
    const uid = pod.metadata.uid ?? ''
    this.#assumed.delete(uid)
    this.#take(uid)
    const nodeName = pod.spec?.nodeName
    if (nodeName && !isTerminal(pod)) this.#put(podInfo(pod), nodeName)
  }

  removePod(uid: string): void {
    this.#assumed.delete(uid)
    this.#take(uid)
  }

  assume(pod: PodInfo, nodeName: string): void {
    if (this.#placed.has(pod.uid)) throw new Error(`pod ${pod.key} is on node ${this.#placed.get(pod.uid)} already`)
    this.#assumed.add(pod.uid)
    this.#put(pod, nodeName)
  }

  /** Undoes `assume`; without effect once the server has confirmed it. */
  forget(uid: string): void {
    if (!this.#assumed.delete(uid)) return
    this.#take(uid)
  }

  isPlaced(uid: string): boolean {
    return this.#placed.has(uid)
  }

  get podCount(): number {
    return this.#placed.size
  }

  /** The view of one cycle; valid until the cache changes. */
  view(others: Pick<ClusterView, 'namespaceLabels' | 'spreadingSelectors'>): ClusterView {
    this.#ordered ??= zoneOrder.order([...this.#nodes.values()].filter((info) => info.node !== undefined))
    return {
      nodes: this.#ordered,
      node: (name) => {
        const info = this.#nodes.get(name)
        return info?.node ? info : undefined
      },
      nodesWithAffinity: this.#withAffinity,
      nodesWithRequiredAntiAffinity: this.#withRequiredAntiAffinity,
      ...others,
    }
  }

  #nodeInfo(name: string): NodeInfo {
    let info = this.#nodes.get(name)
    if (!info) {
      info = new NodeInfo(name)
      this.#nodes.set(name, info)
    }
    return info
  }

  #put(pod: PodInfo, nodeName: string): void {
    const info = this.#nodeInfo(nodeName)
    info.addPod(pod)
    this.#placed.set(pod.uid, nodeName)
    this.#index(info)
  }

  #take(uid: string): void {
    const nodeName = this.#placed.get(uid)
    if (nodeName === undefined) return
    this.#placed.delete(uid)
    const info = this.#nodes.get(nodeName)
    if (!info) return
    info.removePod(uid)
    this.#index(info)
    this.#dropWhenEmpty(info)
  }

  #index(info: NodeInfo): void {
    if (info.podsWithAffinity > 0) this.#withAffinity.add(info)
    else this.#withAffinity.delete(info)
    if (info.podsWithRequiredAntiAffinity > 0) this.#withRequiredAntiAffinity.add(info)
    else this.#withRequiredAntiAffinity.delete(info)
  }

  #dropWhenEmpty(info: NodeInfo): void {
    if (!info.node && info.pods.size === 0) this.#nodes.delete(info.name)
  }
}
