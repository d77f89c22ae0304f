import { Node, type Taint } from '@treeline/api'
import type { ReconcileContext } from '@treeline/client'
import { formatTime, isConflict } from '@treeline/machinery'

/** Tries with a fresh node each, when others write to it at the same time. */
const tries = 10

export interface TaintChange {
  readonly add: readonly Pick<Taint, 'key' | 'effect'>[]
  readonly remove: readonly Pick<Taint, 'key' | 'effect'>[]
}

const same = (a: Pick<Taint, 'key' | 'effect'>, b: Pick<Taint, 'key' | 'effect'>) => a.key === b.key && a.effect === b.effect

/** Adds and removes taints of a node in one write that fails if anyone else has written meanwhile; without need, no write. */
export async function changeTaints({ client, clock, signal }: ReconcileContext, node: Node, change: TaintChange): Promise<void> {
  const name = node.metadata.name ?? ''
  let current = node
  for (let attempt = 1; ; attempt++) {
    const known = current.spec?.taints ?? []
    const kept = known.filter((taint) => !change.remove.some((gone) => same(taint, gone)))
    const missing = change.add.filter((taint) => !kept.some((other) => same(taint, other)))
    if (kept.length === known.length && missing.length === 0) return
    const timeAdded = formatTime(new Date(clock.now()))
    const taints = [...kept, ...missing.map((taint) => ({ ...taint, timeAdded }))]
    const body = { metadata: { resourceVersion: current.metadata.resourceVersion }, spec: { taints: taints.length > 0 ? taints : null } }
    try {
      await client.patch(Node, { name }, { type: 'strategic', body }, { signal })
      return
    } catch (error) {
      if (!isConflict(error) || attempt >= tries) throw error
      current = await client.get(Node, { name }, { signal })
    }
  }
}
