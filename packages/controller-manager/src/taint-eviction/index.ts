import { Node, Pod, type Taint } from '@treeline/api'
import {
  type Clock,
  type ControllerDefinition,
  defineController,
  keyOf,
  on,
  type ReconcileContext,
  type ReconcileResult,
} from '@treeline/client'
import { deepEqual, isNotFound, parseTime } from '@treeline/machinery'
import { podNodeIndex } from '../nodes/node-state.js'
import { stayWith } from '../nodes/tolerations.js'
import { objectKey } from '../ownership/object-key.js'
import { markDisrupted } from '../pods/disruption-target.js'
import { isPodFinished } from '../pods/pod-state.js'

const noExecute = (node: Node): Taint[] => (node.spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute')
const reasons = { reason: 'DeletionByTaintManager', message: 'Taint manager: deleting due to NoExecute taint' }

/** Deletes pods from nodes with a NoExecute taint they do not bear with, or no longer do. */
export function taintEvictionController(clock: Pick<Clock, 'now'>): ControllerDefinition {
  /** Pods that will have to go, and since when they are known to. */
  const leaving = new Map<string, { readonly uid: string; readonly since: number }>()

  async function reconcile(key: string, context: ReconcileContext): Promise<ReconcileResult> {
    const { cache, events } = context
    const pod = cache.get(Pod, key)
    const node = pod?.spec?.nodeName ? cache.get(Node, pod.spec.nodeName) : undefined
    const planned = leaving.get(key)
    const about = { apiVersion: 'v1', kind: 'Pod', namespace: pod?.metadata.namespace, name: pod?.metadata.name }
    if (!pod || pod.metadata.uid !== planned?.uid) leaving.delete(key)
    if (!pod || isPodFinished(pod) || pod.metadata.deletionTimestamp) return undefined
    const taints = node ? noExecute(node) : []
    const stay = stayWith(taints, pod.spec?.tolerations ?? [])
    if (stay.kind === 'forever') {
      if (leaving.delete(key)) events.event(about, 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`)
      return undefined
    }
    if (stay.kind === 'limited') {
      const since = leaving.get(key)?.since ?? tainted(taints, clock.now())
      leaving.set(key, { uid: pod.metadata.uid ?? '', since })
      const left = since + stay.seconds * 1000 - clock.now()
      if (left > 0) return { requeueAfter: left }
    }
    leaving.delete(key)
    events.event(about, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${key}`)
    await evict(context, pod)
    return undefined
  }

  return defineController({
    name: 'taint-eviction-controller',
    workers: 8,
    backoff: { base: 10, cap: 60_000 },
    watches: [
      on(
        Pod,
        (pod, old, cache, type) => {
          const node = cache.get(Node, pod.spec?.nodeName ?? '')
          if (type === 'deleted') return leaving.has(keyOf(pod)) ? [keyOf(pod)] : []
          const same = old && old.spec?.nodeName === pod.spec?.nodeName && deepEqual(old.spec?.tolerations, pod.spec?.tolerations)
          return node && !same && noExecute(node).length > 0 ? [keyOf(pod)] : []
        },
        { indexes: podNodeIndex },
      ),
      on(Node, (node, old, cache, type) => {
        const before = old ? noExecute(old) : []
        if (type === 'deleted' || deepEqual(before, noExecute(node))) return []
        return cache.byIndex(Pod, 'node', node.metadata.name ?? '').map(keyOf)
      }),
    ],
    reconcile,
  })
}

/** When the last of the taints came; a process that starts anew goes on counting where the one before it was. */
function tainted(taints: readonly Taint[], now: number): number {
  const times = taints.map(({ timeAdded }) => parseTime(timeAdded ?? '') ?? now)
  return Math.min(now, Math.max(...times))
}

async function evict(context: ReconcileContext, pod: Pod): Promise<void> {
  try {
    await markDisrupted(context, pod, reasons)
    await context.client.delete(Pod, objectKey(pod), { preconditions: { uid: pod.metadata.uid }, signal: context.signal })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
