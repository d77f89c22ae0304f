import { Pod, type PodTemplateSpec, type StatefulSet } from '@treeline/api'
import type { ReconcileContext } from '@treeline/client'
import { isAlreadyExists, isNotFound } from '@treeline/machinery'
import { slowStart } from '../expectations/slow-start.js'
import { objectKey } from '../ownership/object-key.js'
import { messageOf } from '../pods/pod-control.js'
import { isPodAvailable, isPodFinished } from '../pods/pod-state.js'
import { retryOnConflict } from '../retry-on-conflict.js'
import { createClaims, hasStaleClaim, ownClaims } from './claims.js'
import { firstOrdinal, isInRange, ordinalOf, wantedReplicas } from './ordinals.js'
import { isItself, restored, revisionLabel, statefulPod } from './stateful-pod.js'
import { isRunningAndReady, isUnavailable } from './stateful-status.js'

/** A revision by name, and its template. */
export interface NamedTemplate {
  readonly name: string
  readonly template: PodTemplateSpec
}

export interface PodSync {
  readonly set: StatefulSet
  readonly pods: readonly Pod[]
  readonly current: NamedTemplate
  readonly update: NamedTemplate
}

/** One pod's turn: go on to the next, or wait until something changes. */
type Step = 'next' | 'wait'

/**
 * Brings the pods of a set closer to what it says: missing ones are made from the lowest ordinal up, those beyond the
 * range go from the highest down, then those of another revision go from the highest down. With the policy OrderedReady
 * each waits for the one before. True if it deleted a pod in order to update it.
 */
export async function syncPods(context: ReconcileContext, sync: PodSync): Promise<boolean> {
  const { set, pods } = sync
  const ordered = set.spec?.podManagementPolicy !== 'Parallel'
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(pod), pod]))
  const first = firstOrdinal(set)
  const ordinals = Array.from({ length: wantedReplicas(set) }, (_, index) => first + index)
  const condemned = pods.filter((pod) => !isInRange(set, ordinalOf(pod))).sort((a, b) => ordinalOf(b) - ordinalOf(a))
  const all = ordered ? oneByOne : allAtOnce
  if ((await all(ordinals, (ordinal) => syncReplica(context, sync, ordered, ordinal, byOrdinal.get(ordinal)))) === 'wait') return false
  await all(condemned, async (pod) => {
    await ownClaims(context, set, pod)
    return 'next'
  })
  const now = context.clock.now()
  const minReadySeconds = set.spec?.minReadySeconds ?? 0
  const lowestFirst = [...ordinals.flatMap((ordinal) => byOrdinal.get(ordinal) ?? []), ...[...condemned].reverse()]
  const unhealthy = lowestFirst.find((pod) => isUnavailable(pod, minReadySeconds, now))
  const step = await all(condemned, (pod) => condemn(context, set, ordered, pod, unhealthy))
  if (step === 'wait') return false
  return (set.spec?.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate' && rollOne(context, sync, ordinals, byOrdinal)
}

async function syncReplica(
  context: ReconcileContext,
  sync: PodSync,
  ordered: boolean,
  ordinal: number,
  pod: Pod | undefined,
): Promise<Step> {
  const { set } = sync
  if (!pod) return createReplica(context, sync, ordered, ordinal)
  if (isPodFinished(pod)) {
    if (!pod.metadata.deletionTimestamp) await deletePod(context, set, pod)
    return 'wait'
  }
  if (pod.status?.phase === 'Pending') {
    await createClaims(context, set, pod)
    await ownClaims(context, set, pod)
  }
  if (ordered) {
    const available = isPodAvailable(pod, set.spec?.minReadySeconds ?? 0, context.clock.now())
    if (pod.metadata.deletionTimestamp || !isRunningAndReady(pod) || !available) return 'wait'
  }
  await ownClaims(context, set, pod)
  if (!isItself(set, pod)) await restore(context, set, pod)
  return 'next'
}

async function createReplica(
  context: ReconcileContext,
  { set, current, update }: PodSync,
  ordered: boolean,
  ordinal: number,
): Promise<Step> {
  const { name, template } = ordinal < firstUpdated(set) ? current : update
  const pod = statefulPod(set, template, name, ordinal)
  if (hasStaleClaim(context, set, pod)) return 'wait'
  try {
    await createClaims(context, set, pod)
    const created = await context.client.create(Pod, pod, { signal: context.signal })
    await ownClaims(context, set, created)
  } catch (error) {
    if (isAlreadyExists(error)) throw error
    tell(context, set, 'Create', pod, error)
    throw error
  }
  tell(context, set, 'Create', pod)
  return ordered ? 'wait' : 'next'
}

/** Pods below this ordinal are of the revision that was, those from it on of the one that is to be. */
function firstUpdated(set: StatefulSet): number {
  const strategy = set.spec?.updateStrategy
  if ((strategy?.type ?? 'RollingUpdate') !== 'RollingUpdate') return Number.NEGATIVE_INFINITY
  const kept = strategy?.rollingUpdate ? (strategy.rollingUpdate.partition ?? 0) : (set.status?.currentReplicas ?? 0)
  return firstOrdinal(set) + kept
}

async function condemn(context: ReconcileContext, set: StatefulSet, ordered: boolean, pod: Pod, unhealthy: Pod | undefined): Promise<Step> {
  if (pod.metadata.deletionTimestamp) return ordered ? 'wait' : 'next'
  const available = isRunningAndReady(pod) && isPodAvailable(pod, set.spec?.minReadySeconds ?? 0, context.clock.now())
  if (ordered && !available && pod !== unhealthy) return 'wait'
  await deletePod(context, set, pod)
  return ordered ? 'wait' : 'next'
}

/** Deletes the highest pod of another revision, if all above it are well. */
async function rollOne(
  context: ReconcileContext,
  { set, update }: PodSync,
  ordinals: readonly number[],
  byOrdinal: ReadonlyMap<number, Pod>,
): Promise<boolean> {
  const partition = set.spec?.updateStrategy?.rollingUpdate?.partition ?? 0
  const now = context.clock.now()
  for (const ordinal of ordinals.slice(partition).reverse()) {
    const pod = byOrdinal.get(ordinal)
    if (!pod) return false
    if (pod.metadata.labels?.[revisionLabel] !== update.name && !pod.metadata.deletionTimestamp) {
      await deletePod(context, set, pod)
      return true
    }
    if (isUnavailable(pod, set.spec?.minReadySeconds ?? 0, now)) return false
  }
  return false
}

async function restore(context: ReconcileContext, set: StatefulSet, pod: Pod): Promise<void> {
  const { client, signal } = context
  try {
    await createClaims(context, set, pod)
    await retryOnConflict(
      pod,
      () => client.get(Pod, objectKey(pod), { signal }),
      (current) => client.update(Pod, restored(set, current), { signal }),
      5,
    )
  } catch (error) {
    tell(context, set, 'Update', pod, error)
    throw error
  }
  tell(context, set, 'Update', pod)
}

async function deletePod(context: ReconcileContext, set: StatefulSet, pod: Pod): Promise<void> {
  const { client, signal } = context
  try {
    await client.delete(Pod, objectKey(pod), { preconditions: { uid: pod.metadata.uid }, signal })
  } catch (error) {
    if (isNotFound(error)) return
    tell(context, set, 'Delete', pod, error)
    throw error
  }
  tell(context, set, 'Delete', pod)
}

function tell({ events }: ReconcileContext, set: StatefulSet, verb: 'Create' | 'Update' | 'Delete', pod: Pod, error?: unknown): void {
  const what = `${verb} Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`
  if (error === undefined) events.event(set, 'Normal', `Successful${verb}`, `${what} successful`)
  else events.event(set, 'Warning', `Failed${verb}`, `${what} failed error: ${messageOf(error)}`)
}

async function oneByOne<T>(items: readonly T[], step: (item: T) => Promise<Step>): Promise<Step> {
  for (const item of items) if ((await step(item)) === 'wait') return 'wait'
  return 'next'
}

/** Nobody waits for anybody; the first error stops it. */
async function allAtOnce<T>(items: readonly T[], step: (item: T) => Promise<Step>): Promise<Step> {
  const { error } = await slowStart(items.length, async (index) => {
    const item = items[index]
    if (item !== undefined) await step(item)
  })
  if (error !== undefined) throw error
  return 'next'
}
