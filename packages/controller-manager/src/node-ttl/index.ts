import { Node } from '@treeline/api'
import { type ControllerDefinition, defineController, on } from '@treeline/client'
import { isNotFound } from '@treeline/machinery'

const annotation = 'node.alpha.kubernetes.io/ttl'

/** Seconds that node agents may keep secrets and config maps, by cluster size. The bounds overlap so that it does not swing. */
const steps: readonly { readonly min: number; readonly max: number; readonly ttl: number }[] = [
  { min: 0, max: 100, ttl: 0 },
  { min: 90, max: 500, ttl: 15 },
  { min: 450, max: 1000, ttl: 30 },
  { min: 900, max: 2000, ttl: 60 },
  { min: 1800, max: Number.POSITIVE_INFINITY, ttl: 300 },
]

/** The step for a number of nodes, coming from another one. */
export function nextStep(step: number, nodes: number): number {
  let next = step
  while (nodes > (steps[next]?.max ?? 0)) next++
  while (nodes < (steps[next]?.min ?? 0)) next--
  return next
}

/** Tells nodes how long they may keep secrets and config maps: the more nodes there are, the longer. */
export function nodeTtlController(): ControllerDefinition {
  let step = 0
  return defineController({
    name: 'ttl-controller',
    workers: 5,
    watches: [
      on(Node, (node, _old, cache, type) => {
        const before = step
        const nodes = cache.list(Node)
        step = nextStep(step, nodes.length)
        if (step !== before) return nodes.map(({ metadata }) => metadata.name ?? '')
        return type === 'deleted' ? [] : [node.metadata.name ?? '']
      }),
    ],
    async reconcile(key, { cache, client, signal }) {
      const node = cache.get(Node, key)
      const ttl = String(steps[step]?.ttl ?? 0)
      if (!node || node.metadata.annotations?.[annotation] === ttl) return undefined
      try {
        await client.patch(
          Node,
          { name: key },
          { type: 'strategic', body: { metadata: { annotations: { [annotation]: ttl } } } },
          { signal },
        )
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
      return undefined
    },
  })
}
