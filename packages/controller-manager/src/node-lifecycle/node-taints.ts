import { Node, type Taint } from '@treeline/api'
import { type ControllerDefinition, defineController, on, type ReconcileContext } from '@treeline/client'
import { changeTaints } from '../nodes/change-taints.js'

/** Condition and status to the taint that says the same to the scheduler. */
const taintOfCondition: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: 'node.kubernetes.io/not-ready', Unknown: 'node.kubernetes.io/unreachable' },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
}
const unschedulable = 'node.kubernetes.io/unschedulable'
const owned = new Set([...Object.values(taintOfCondition).flatMap((byStatus) => Object.values(byStatus)), unschedulable])

/** Stable labels and the older ones that must say the same. */
const mirroredLabels = [
  ['kubernetes.io/os', 'beta.kubernetes.io/os'],
  ['kubernetes.io/arch', 'beta.kubernetes.io/arch'],
] as const

/** Keeps the NoSchedule taints of nodes equal to their conditions, and their older labels to the stable ones. */
export function nodeTaintsController(): ControllerDefinition {
  return defineController({
    name: 'node-lifecycle-controller-taints',
    eventComponent: 'node-controller',
    workers: 8,
    watches: [on(Node)],
    async reconcile(key, context) {
      const node = context.cache.get(Node, key)
      if (!node) return undefined
      await changeTaints(context, node, taintChange(node))
      await mirrorLabels(context, node)
      return undefined
    },
  })
}

/** The NoSchedule taints that the conditions of a node call for, as a difference to those it has. */
export function taintChange(node: Node): { add: Pick<Taint, 'key' | 'effect'>[]; remove: Pick<Taint, 'key' | 'effect'>[] } {
  const wanted = new Set<string>()
  for (const { type, status } of node.status?.conditions ?? []) {
    const taint = taintOfCondition[type]?.[status]
    if (taint) wanted.add(taint)
  }
  if (node.spec?.unschedulable) wanted.add(unschedulable)
  const effect = 'NoSchedule' as const
  const known = (node.spec?.taints ?? []).filter((taint) => taint.effect === effect && owned.has(taint.key)).map(({ key }) => key)
  return {
    add: [...wanted].filter((key) => !known.includes(key)).map((key) => ({ key, effect })),
    remove: known.filter((key) => !wanted.has(key)).map((key) => ({ key, effect })),
  }
}

async function mirrorLabels({ client, signal }: ReconcileContext, node: Node): Promise<void> {
  const { labels, name = '' } = node.metadata
  if (!labels) return
  const missing = mirroredLabels.flatMap(([stable, older]) => {
    const value = labels[stable]
    return value !== undefined && labels[older] !== value ? [[older, value] as const] : []
  })
  if (missing.length === 0) return
  await client.patch(Node, { name }, { type: 'strategic', body: { metadata: { labels: Object.fromEntries(missing) } } }, { signal })
}
