import { stateKey } from '../framework/cycle.js'
import type { SchedulerPlugin } from '../framework/plugin.js'
import type { PodInfo } from '../pods/pod-info.js'

/** How many nodes have each image of the pod. */
const spreadKey = stateKey<ReadonlyMap<string, number>>('ImageLocality')

const mebibyte = 1024 * 1024
const floor = 23 * mebibyte
const ceilingPerContainer = 1000 * mebibyte

/** Prefers nodes that have the pod's images, weighted by how many nodes do. */
export const imageLocality: SchedulerPlugin = {
  name: 'ImageLocality',
  preScore(cycle, nodes) {
    if (!nodes.some((node) => node.images.size > 0)) return 'skip'
    const spread = new Map<string, number>()
    for (const { image } of containersOf(cycle.pod)) {
      const name = normalisedName(image ?? '')
      spread.set(
        name,
        cycle.cluster.nodes.reduce((count, node) => count + (node.images.has(name) ? 1 : 0), 0),
      )
    }
    cycle.write(spreadKey, spread)
    return undefined
  },
  score(cycle, node) {
    if (node.images.size === 0) return 0
    const spread = cycle.read(spreadKey)
    const containers = containersOf(cycle.pod)
    let sum = 0
    for (const { image } of containers) {
      const name = normalisedName(image ?? '')
      const size = node.images.get(name)
      if (size !== undefined) sum += Math.trunc((size * (spread?.get(name) ?? 0)) / cycle.cluster.nodes.length)
    }
    const ceiling = ceilingPerContainer * containers.length
    const clamped = Math.min(Math.max(sum, floor), ceiling)
    return Math.trunc((100 * (clamped - floor)) / (ceiling - floor))
  },
}

function containersOf({ pod }: PodInfo) {
  return [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])]
}

function normalisedName(image: string): string {
  return image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image
}
