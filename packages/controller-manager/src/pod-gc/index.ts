import { Node, Pod } from '@treeline/api'
import { type ControllerDefinition, defineController, ignored, on, type ReconcileContext, type ReconcileResult } from '@treeline/client'
import { isNotFound } from '@treeline/machinery'
import { hasTaint, isNodeReady, podNodeIndex } from '../nodes/node-state.js'
import { objectKey } from '../ownership/object-key.js'
import { markDisrupted } from '../pods/disruption-target.js'
import { isPodFinished } from '../pods/pod-state.js'

export interface PodGcOptions {
  /** Finished pods kept in all; 12,500 by default, 0 keeps all of them. */
  readonly terminatedPodThreshold?: number
}

const interval = 20_000
/** A node must be missing for this long before its pods are deleted, in milliseconds. */
const quarantine = 40_000
/** Pods deleted at the same time. */
const parallelism = 20
const sweepKey = 'sweep'
const nodeGone = { reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists' }

/** Deletes pods that nobody else will: too many finished ones, those of nodes that are gone, those that cannot end by themselves. */
export function podGarbageCollector({ terminatedPodThreshold = 12_500 }: PodGcOptions = {}): ControllerDefinition {
  /** Nodes that pods name and that are not there, and since when. */
  const missing = new Map<string, number>()

  async function sweep(context: ReconcileContext): Promise<ReconcileResult> {
    const { cache } = context
    const pods = cache.list(Pod)
    const doomed = new Map<Pod, typeof nodeGone | undefined>()
    if (terminatedPodThreshold > 0) for (const pod of surplus(pods, terminatedPodThreshold)) doomed.set(pod, undefined)
    for (const pod of pods) {
      if (!pod.metadata.deletionTimestamp) continue
      const { nodeName } = pod.spec ?? {}
      const node = nodeName ? cache.get(Node, nodeName) : undefined
      if (!nodeName || (node && !isNodeReady(node) && hasTaint(node, 'node.kubernetes.io/out-of-service'))) doomed.set(pod, undefined)
    }
    for (const name of await goneNodes(context, pods)) for (const pod of cache.byIndex(Pod, 'node', name)) doomed.set(pod, nodeGone)
    const next = doomed.entries()
    await Promise.all(
      Array.from({ length: parallelism }, async () => {
        for (const [pod, why] of next) await end(context, pod, why)
      }),
    )
    return { requeueAfter: interval }
  }

  /** Nodes missing for long enough, and not on the server either. */
  async function goneNodes({ cache, client, clock, signal }: ReconcileContext, pods: readonly Pod[]): Promise<string[]> {
    const named = new Set(pods.map((pod) => pod.spec?.nodeName ?? '').filter((name) => name !== '' && !cache.get(Node, name)))
    for (const name of missing.keys()) if (!named.has(name)) missing.delete(name)
    const gone: string[] = []
    for (const name of named) {
      const since = missing.get(name) ?? clock.now()
      missing.set(name, since)
      if (clock.now() - since < quarantine) continue
      try {
        await client.get(Node, { name }, { signal })
      } catch (error) {
        if (!isNotFound(error)) throw error
        gone.push(name)
      }
    }
    return gone
  }

  return defineController({
    name: 'pod-garbage-collector-controller',
    initialKeys: [sweepKey],
    backoff: { base: 1000, cap: interval },
    watches: [on(Pod, ignored, { indexes: podNodeIndex }), on(Node, ignored)],
    reconcile: (_key, context) => sweep(context),
  })
}

/** The finished pods beyond the threshold: evicted ones first, then the oldest. */
function surplus(pods: readonly Pod[], threshold: number): Pod[] {
  const finished = pods.filter(isPodFinished)
  if (finished.length <= threshold) return []
  const evicted = (pod: Pod) => Number(pod.status?.phase === 'Failed' && pod.status.reason === 'Evicted')
  const created = (pod: Pod) => Date.parse(pod.metadata.creationTimestamp ?? '')
  return finished.sort((a, b) => evicted(b) - evicted(a) || created(a) - created(b)).slice(0, finished.length - threshold)
}

/** Says that a pod has failed if it has not ended, so that its owner learns of it, and deletes it without grace. */
async function end(context: ReconcileContext, pod: Pod, why: typeof nodeGone | undefined): Promise<void> {
  try {
    if (!isPodFinished(pod)) await markDisrupted(context, pod, why, 'Failed')
    await context.client.delete(Pod, objectKey(pod), { gracePeriodSeconds: 0, signal: context.signal })
  } catch (error) {
    if (!isNotFound(error)) context.log.warn('cannot delete a pod', { pod: objectKey(pod), error: String(error) })
  }
}
