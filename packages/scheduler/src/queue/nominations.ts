import type { PodInfo } from '../pods/pod-info.js'

/** Pods that were promised a node while their victims leave it. */
export class Nominations {
  readonly #nodeOf = new Map<string, string>()
  readonly #byNode = new Map<string, Map<string, PodInfo>>()

  set(pod: PodInfo, nodeName: string | undefined): void {
    this.delete(pod.uid)
    if (!nodeName) return
    this.#nodeOf.set(pod.uid, nodeName)
    const pods = this.#byNode.get(nodeName) ?? new Map<string, PodInfo>()
    pods.set(pod.uid, pod)
    this.#byNode.set(nodeName, pods)
  }

  delete(uid: string): void {
    const nodeName = this.#nodeOf.get(uid)
    if (nodeName === undefined) return
    this.#nodeOf.delete(uid)
    const pods = this.#byNode.get(nodeName)
    pods?.delete(uid)
    if (pods?.size === 0) this.#byNode.delete(nodeName)
  }

  /** Pods nominated to a node that are at least as important as this one, itself left out. */
  atLeastAsImportant(nodeName: string, pod: PodInfo): readonly PodInfo[] {
    const pods = this.#byNode.get(nodeName)
    if (!pods) return []
    return [...pods.values()].filter((other) => other.uid !== pod.uid && other.priority >= pod.priority)
  }

  lessImportant(nodeName: string, pod: PodInfo): readonly PodInfo[] {
    return [...(this.#byNode.get(nodeName)?.values() ?? [])].filter((other) => other.uid !== pod.uid && other.priority < pod.priority)
  }
}
