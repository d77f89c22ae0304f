import { Deployment, Pod, PodDisruptionBudget, ReplicaSet, ReplicationController, StatefulSet } from '@treeline/api'
import {
  type Cache,
  type ControllerDefinition,
  defineController,
  ignored,
  keyOf,
  on,
  type ReconcileContext,
  type ReconcileResult,
} from '@treeline/client'
import { formatTime, isConflict, type LabelSelector, parseTime } from '@treeline/machinery'
import { objectKey } from '../ownership/object-key.js'
import { compiledSelector } from '../ownership/selectors.js'
import { messageOf } from '../pods/pod-control.js'
import { isPodFinished, podCondition } from '../pods/pod-state.js'
import { budgetStatus, deletionTimeout, failedStatus, followDisrupted } from './budget-status.js'
import { expectedPods, ScaleReader } from './expected-pods.js'

/** Says how many pods of each budget may be disrupted, and takes back the mark of a disruption that did not come. */
export function disruptionControllers(): ControllerDefinition[] {
  return [budgetController(), staleDisruptionController()]
}

/** An empty selector selects all pods of the namespace, none selects nothing. */
const selectorOf = ({ spec }: PodDisruptionBudget): LabelSelector => compiledSelector(spec?.selector)

function budgetController(): ControllerDefinition {
  const scales = new ScaleReader()
  return defineController({
    name: 'disruption-controller',
    eventComponent: 'controllermanager',
    watches: [
      on(PodDisruptionBudget),
      on(Pod, (pod, old, cache) => [...new Set([...budgetsOf(pod, cache), ...(old ? budgetsOf(old, cache) : [])])]),
      on(Deployment, (deployment, old, cache) =>
        old && old.spec?.replicas !== deployment.spec?.replicas ? budgetsIn(deployment.metadata.namespace, cache) : [],
      ),
      on(ReplicaSet, ignored),
      on(StatefulSet, (set, old, cache) =>
        old && old.spec?.replicas !== set.spec?.replicas ? budgetsIn(set.metadata.namespace, cache) : [],
      ),
      on(ReplicationController, ignored),
    ],
    reconcile: (key, context) => reconcile(key, context, scales),
  })
}

const budgetsIn = (namespace: string | undefined, cache: Cache) => cache.list(PodDisruptionBudget, namespace).map(keyOf)

function budgetsOf(pod: Pod, cache: Cache): string[] {
  return cache
    .list(PodDisruptionBudget, pod.metadata.namespace)
    .filter((budget) => selectorOf(budget).matches(pod.metadata.labels ?? {}))
    .map(keyOf)
}

async function reconcile(key: string, context: ReconcileContext, scales: ScaleReader): Promise<ReconcileResult> {
  const { cache, client, clock, signal } = context
  const budget = cache.get(PodDisruptionBudget, key)
  if (!budget) return undefined
  try {
    return await follow(context, budget, scales)
  } catch (error) {
    if (isConflict(error) || signal.aborted) throw error
    const status = failedStatus(budget, messageOf(error), clock.now())
    await client.updateStatus(PodDisruptionBudget, { ...budget, status }, { signal })
    throw error
  }
}

async function follow(context: ReconcileContext, budget: PodDisruptionBudget, scales: ScaleReader): Promise<ReconcileResult> {
  const { cache, client, clock, events, signal } = context
  const selector = selectorOf(budget)
  const pods = cache.list(Pod, budget.metadata.namespace).filter((pod) => selector.matches(pod.metadata.labels ?? {}))
  if (pods.length === 0) events.event(budget, 'Normal', 'NoPods', 'No matching pods found')
  const expected = await expectedPods(context, budget, pods, scales).catch((error: unknown) => {
    const message = `Failed to calculate the number of expected pods: ${messageOf(error)}`
    events.event(budget, 'Warning', 'CalculateExpectedPodCountFailed', message)
    throw error
  })
  if (expected.unmanaged.length > 0) {
    const message =
      `Pods selected by this PodDisruptionBudget (selector: ${selector}) were found to be unmanaged. As a result, the status of the PDB ` +
      'cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ' +
      '".spec.minAvailable" field of the PDB to an integer value.'
    events.event(budget, 'Warning', 'UnmanagedPods', message)
  }
  const now = clock.now()
  const { disrupted, overdue, recheck } = followDisrupted(budget, pods, now)
  for (const pod of overdue) {
    const { namespace } = budget.metadata
    events.event(pod, 'Warning', 'NotDeleted', `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`)
  }
  const status = budgetStatus(budget, pods, expected, disrupted, now)
  if (status) await client.updateStatus(PodDisruptionBudget, { ...budget, status }, { signal })
  return recheck === undefined ? undefined : { requeueAfter: recheck }
}

/** When the mark of a disruption that did not come is to be taken off a pod, in milliseconds; undefined if there is none. */
function staleAt(pod: Pod): number | undefined {
  const condition = podCondition(pod, 'DisruptionTarget')
  if (condition?.status !== 'True' || pod.metadata.deletionTimestamp || isPodFinished(pod)) return undefined
  return (parseTime(condition.lastTransitionTime ?? '') ?? 0) + deletionTimeout
}

function staleDisruptionController(): ControllerDefinition {
  return defineController({
    name: 'disruption-controller-stale-pods',
    watches: [on(Pod, (pod, _old, _cache, type) => (type !== 'deleted' && staleAt(pod) !== undefined ? [keyOf(pod)] : []))],
    async reconcile(key, { cache, client, clock, signal }) {
      const pod = cache.get(Pod, key)
      const time = pod && staleAt(pod)
      if (!pod || time === undefined) return undefined
      if (time > clock.now()) return { requeueAfter: time - clock.now() }
      const { uid, generation } = pod.metadata
      const condition = {
        type: 'DisruptionTarget',
        status: 'False',
        lastTransitionTime: formatTime(new Date(clock.now())),
        reason: null,
        message: null,
        ...(generation !== undefined && { observedGeneration: generation }),
      }
      const body = { metadata: { uid }, status: { conditions: [condition] } }
      await client.patch(Pod, objectKey(pod), { type: 'strategic', body }, { subresource: 'status', signal })
      return undefined
    },
  })
}
