import { ControllerRevision, DaemonSet, Node, Pod } from '@treeline/api'
import {
  type Cache,
  type Clock,
  type ControllerDefinition,
  defineController,
  ignored,
  keyOf,
  on,
  type ReconcileContext,
  type ReconcileResult,
} from '@treeline/client'
import { deepEqual, isNotFound } from '@treeline/machinery'
import { Expectations } from '../expectations/expectations.js'
import { observing } from '../expectations/observe.js'
import { slowStart } from '../expectations/slow-start.js'
import { podNodeIndex } from '../nodes/node-state.js'
import { claim } from '../ownership/claim.js'
import { controllerIndex, isControlledBy } from '../ownership/controller-ref.js'
import { onOwned } from '../ownership/owned-watch.js'
import { compiledSelector } from '../ownership/selectors.js'
import { createPod, deletePod, isNamespaceTerminating } from '../pods/pod-control.js'
import { isPodFinished, isPodReady } from '../pods/pod-state.js'
import { syncRevisions, truncateRevisions } from '../revisions/revision-history.js'
import { type DaemonPlan, type DaemonView, planDaemons, planRollout } from './daemon-plan.js'
import { daemonPod, hashLabel, nodeOfPod } from './daemon-pod.js'
import { daemonCounts, writeDaemonStatus } from './daemon-status.js'
import { FailedBackoff } from './failed-backoff.js'
import { fitOf } from './node-fit.js'

/** Pods created, and deleted, in one pass. */
const burst = 250

const revisionRules = { kind: DaemonSet, hashLabel }

/** Keeps one pod of a set on every node that suits it. */
export function daemonSetController(clock: Pick<Clock, 'now'>): ControllerDefinition {
  const expectations = new Expectations(clock)
  const backoff = new FailedBackoff()
  return defineController({
    name: 'daemonset-controller',
    workers: 2,
    watches: [
      on(DaemonSet, undefined, {
        observe: ({ type, object }) => {
          if (type === 'deleted') expectations.forget(object.metadata.uid ?? '')
        },
      }),
      onOwned(Pod, DaemonSet, {
        selectorOf: ({ spec }) => compiledSelector(spec?.selector),
        observe: observing(expectations, DaemonSet),
        indexes: podNodeIndex,
        later: (ownerKey, { object, old }, cache) => {
          const seconds = cache.get(DaemonSet, ownerKey)?.spec?.minReadySeconds ?? 0
          return seconds > 0 && old && !isPodReady(old) && isPodReady(object) ? { key: ownerKey, after: seconds * 1000 } : undefined
        },
      }),
      on(ControllerRevision, ignored, { indexes: controllerIndex }),
      on(Node, (node, old, cache, type) => {
        const same = old && deepEqual(old.metadata.labels, node.metadata.labels) && deepEqual(old.spec?.taints, node.spec?.taints)
        return type === 'deleted' || same ? [] : setsConcerned(node, cache)
      }),
    ],
    reconcile: (key, context) => reconcile(key, context, expectations, backoff),
  })
}

/** Sets that have, or have not, what they should on this node. */
function setsConcerned(node: Node, cache: Cache): string[] {
  const pods = cache.byIndex(Pod, 'node', node.metadata.name ?? '')
  return cache
    .list(DaemonSet)
    .filter((set) => {
      const { run, stay } = fitOf(set, node)
      const scheduled = pods.some((pod) => isControlledBy(pod, set))
      return scheduled ? !stay || (set.status?.numberMisscheduled ?? 0) > 0 : run
    })
    .map(keyOf)
}

async function reconcile(
  key: string,
  context: ReconcileContext,
  expectations: Expectations,
  backoff: FailedBackoff,
): Promise<ReconcileResult> {
  const { cache, clock, events } = context
  const set = cache.get(DaemonSet, key)
  if (!set) return undefined
  const selector = compiledSelector(set.spec?.selector)
  if (selector.empty) {
    events.event(set, 'Warning', 'SelectingAll', 'This daemon set is selecting all pods. A non-empty selector is required.')
    return undefined
  }
  if (set.metadata.deletionTimestamp) return undefined
  const uid = set.metadata.uid ?? ''
  const history = await syncRevisions(context, revisionRules, set)
  const hash = history.current.metadata.labels?.[hashLabel] ?? ''
  const upToDate = expectations.satisfied(uid)
  const pods = await claim(context, { owner: set, ownerKind: DaemonSet, kind: Pod, selector })
  const view: DaemonView = { set, nodes: cache.list(Node), podsByNode: groupByNode(pods), hash, now: clock.now() }
  const counts = daemonCounts(view)
  if (!upToDate) {
    await writeDaemonStatus(context, set, counts, history.collisionCount, false)
    return undefined
  }
  const waits: number[] = []
  const plan = planDaemons(view, (node, pod) => endOf(context, set, backoff, waits, node, pod))
  let failure: unknown
  try {
    await carryOut(context, view, plan, expectations)
    const settled = plan.create.length + plan.delete.length === 0
    const rolls = (set.spec?.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate'
    if (settled && rolls) await carryOut(context, view, planRollout(view), expectations)
  } catch (error) {
    failure = error
  }
  await writeDaemonStatus(context, set, counts, history.collisionCount, true)
  if (failure !== undefined) throw failure
  const hashes = new Set(pods.map((pod) => pod.metadata.labels?.[hashLabel]))
  const used = history.all.filter((revision) => revision === history.current || hashes.has(revision.metadata.labels?.[hashLabel]))
  await truncateRevisions(context, set, history.all, new Set([history.current, ...used].map(({ metadata }) => metadata.name ?? '')))
  if (counts.numberReady !== counts.numberAvailable) waits.push((set.spec?.minReadySeconds ?? 0) * 1000)
  return waits.length > 0 ? { requeueAfter: Math.min(...waits) } : undefined
}

/** Pods by the node they are on or meant for, without those that have ended and are going. */
function groupByNode(pods: readonly Pod[]): Map<string, Pod[]> {
  const byNode = new Map<string, Pod[]>()
  for (const pod of pods) {
    const node = nodeOfPod(pod)
    if (node === undefined || (isPodFinished(pod) && pod.metadata.deletionTimestamp)) continue
    byNode.set(node, [...(byNode.get(node) ?? []), pod])
  }
  return byNode
}

/** Says of an ended pod that it will be replaced; a failed one only after a pause. */
function endOf(
  { events, clock }: ReconcileContext,
  set: DaemonSet,
  backoff: FailedBackoff,
  waits: number[],
  node: string,
  pod: Pod,
): 'delete' | 'leave' {
  const about = `daemon pod ${pod.metadata.namespace}/${pod.metadata.name} on node ${node}`
  if (pod.status?.phase === 'Succeeded') {
    events.event(set, 'Normal', 'SucceededDaemonPod', `Found succeeded ${about}, will try to delete it`)
    return 'delete'
  }
  const key = `${set.metadata.uid}/${set.status?.observedGeneration ?? 0}/${node}`
  const left = backoff.left(key, clock.now())
  if (left > 0) {
    waits.push(left)
    return 'leave'
  }
  backoff.count(key, clock.now())
  events.event(set, 'Warning', 'FailedDaemonPod', `Found failed ${about}, will try to kill it`)
  return 'delete'
}

async function carryOut(context: ReconcileContext, { set, hash }: DaemonView, plan: DaemonPlan, expectations: Expectations): Promise<void> {
  const nodes = plan.create.slice(0, burst)
  const doomed = plan.delete.slice(0, burst)
  if (nodes.length + doomed.length === 0) return
  const uid = set.metadata.uid ?? ''
  expectations.expect(uid, nodes.length, doomed.map(keyOf))
  const { succeeded, error } = await slowStart(nodes.length, async (index) => {
    try {
      await createPod(context, daemonPod(set, nodes[index] ?? '', hash), set)
    } catch (failure) {
      if (!isNamespaceTerminating(failure)) throw failure
    }
  })
  expectations.created(uid, nodes.length - succeeded)
  const results = await Promise.allSettled(
    doomed.map(async (pod) => {
      try {
        await deletePod(context, pod, set)
      } catch (failure) {
        expectations.deleted(uid, keyOf(pod))
        if (!isNotFound(failure)) throw failure
      }
    }),
  )
  const failure = error ?? results.find((result) => result.status === 'rejected')?.reason
  if (failure !== undefined) throw failure
}
