import { Pod, ReplicaSet } from '@treeline/api'
import {
  type Clock,
  type ControllerDefinition,
  defineController,
  ignored,
  on,
  type ReconcileContext,
  type ReconcileResult,
} from '@treeline/client'
import { Expectations } from '../expectations/expectations.js'
import { observing } from '../expectations/observe.js'
import { claim } from '../ownership/claim.js'
import { controllerIndex } from '../ownership/controller-ref.js'
import { onOwned } from '../ownership/owned-watch.js'
import { isPodActive, isPodReady, isPodTerminating, nextAvailability } from '../pods/pod-state.js'
import { manageReplicas } from './manage-replicas.js'
import { replicaStatus, writeReplicaStatus } from './replica-status.js'
import type { ReplicatingObject, Replicator } from './replicator.js'

/** Keeps as many pods as each object of a kind asks for. */
export function replicatorController<T extends ReplicatingObject>(
  name: string,
  replicator: Replicator<T>,
  clock: Pick<Clock, 'now'>,
): ControllerDefinition {
  const { kind, selectorOf } = replicator
  const expectations = new Expectations(clock)

  async function reconcile(key: string, context: ReconcileContext): Promise<ReconcileResult> {
    const owner = context.cache.get(kind, key)
    if (!owner) return undefined
    const uid = owner.metadata.uid ?? ''
    const upToDate = expectations.satisfied(uid)
    const pods = await claim(context, { owner, ownerKind: kind, kind: Pod, selector: selectorOf(owner), adoptable: isPodActive })
    const active = pods.filter(isPodActive)
    const terminating = replicator.countsTerminating ? pods.filter(isPodTerminating).length : undefined
    const mayManage = upToDate && !owner.metadata.deletionTimestamp
    const failure = mayManage ? await manageReplicas(context, replicator, owner, active, expectations) : undefined
    const now = context.clock.now()
    await writeReplicaStatus(context, replicator, owner, replicaStatus(owner, active, terminating, failure, now))
    if (failure !== undefined) throw failure
    const requeueAfter = nextAvailability(active, owner.spec?.minReadySeconds ?? 0, now)
    return requeueAfter === undefined ? undefined : { requeueAfter }
  }

  return defineController({
    name,
    workers: 5,
    watches: [
      on(kind, undefined, {
        indexes: controllerIndex,
        observe: ({ type, object }) => {
          if (type === 'deleted') expectations.forget(object.metadata.uid ?? '')
        },
      }),
      onOwned(Pod, kind, {
        selectorOf,
        observe: observing(expectations, kind),
        later: (ownerKey, { object, old }, cache) => {
          if (!old || isPodReady(old) || !isPodReady(object)) return undefined
          const seconds = cache.get(kind, ownerKey)?.spec?.minReadySeconds ?? 0
          return seconds > 0 ? { key: ownerKey, after: seconds * 1000 } : undefined
        },
      }),
      on(ReplicaSet, ignored, { indexes: controllerIndex }),
    ],
    reconcile,
  })
}
