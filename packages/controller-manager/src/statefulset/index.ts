import { ControllerRevision, PersistentVolumeClaim, Pod, StatefulSet } from '@treeline/api'
import { type ControllerDefinition, defineController, ignored, on, type ReconcileContext, type ReconcileResult } from '@treeline/client'
import { claim } from '../ownership/claim.js'
import { controllerIndex } from '../ownership/controller-ref.js'
import { onOwned } from '../ownership/owned-watch.js'
import { compiledSelector } from '../ownership/selectors.js'
import { isPodReady, nextAvailability } from '../pods/pod-state.js'
import { templateOf } from '../revisions/revision-data.js'
import { type RevisionHistory, syncRevisions, truncateRevisions } from '../revisions/revision-history.js'
import { isMember } from './ordinals.js'
import { revisionLabel } from './stateful-pod.js'
import { statefulSetStatus, writeStatefulSetStatus } from './stateful-status.js'
import { syncPods } from './sync-pods.js'

const revisionRules = { kind: StatefulSet, hashLabel: 'controller.kubernetes.io/hash' }

/** Keeps pods with names and volumes of their own, in order. */
export function statefulSetController(): ControllerDefinition {
  return defineController({
    name: 'statefulset-controller',
    workers: 5,
    watches: [
      on(StatefulSet),
      onOwned(Pod, StatefulSet, {
        selectorOf: ({ spec }) => compiledSelector(spec?.selector),
        later: (ownerKey, { object, old }, cache) => {
          const seconds = cache.get(StatefulSet, ownerKey)?.spec?.minReadySeconds ?? 0
          return seconds > 0 && isPodReady(object) && (!old || !isPodReady(old)) ? { key: ownerKey, after: seconds * 1000 } : undefined
        },
      }),
      on(ControllerRevision, ignored, { indexes: controllerIndex }),
      on(PersistentVolumeClaim, ignored),
    ],
    reconcile,
  })
}

async function reconcile(key: string, context: ReconcileContext): Promise<ReconcileResult> {
  const set = context.cache.get(StatefulSet, key)
  if (!set) return undefined
  const selector = compiledSelector(set.spec?.selector)
  const history = await syncRevisions(context, revisionRules, set)
  const belongs = (pod: Pod) => isMember(set, pod)
  const pods = await claim(context, { owner: set, ownerKind: StatefulSet, kind: Pod, selector, belongs })
  const current = currentRevision(set, history)
  const now = context.clock.now()
  const names = {
    current: current.metadata.name ?? '',
    update: history.current.metadata.name ?? '',
    collisionCount: history.collisionCount,
  }
  const status = statefulSetStatus(set, pods, names, now)
  let failure: unknown
  if (!set.metadata.deletionTimestamp) {
    try {
      const deleted = await syncPods(context, {
        set,
        pods,
        current: { name: names.current, template: templateOf(current) },
        update: { name: names.update, template: templateOf(history.current) },
      })
      if (deleted) status.currentReplicas = Math.max(0, (status.currentReplicas ?? 0) - 1)
    } catch (error) {
      failure = error
    }
  }
  await writeStatefulSetStatus(context, set, status)
  if (failure !== undefined) throw failure
  const live = new Set([names.current, names.update, ...pods.map((pod) => pod.metadata.labels?.[revisionLabel] ?? '')])
  await truncateRevisions(context, set, history.all, live)
  const requeueAfter = nextAvailability(pods, set.spec?.minReadySeconds ?? 0, now)
  return requeueAfter === undefined ? undefined : { requeueAfter }
}

/** The revision the status names; the newest one if there is none of that name. */
function currentRevision(set: StatefulSet, { all, current }: RevisionHistory): ControllerRevision {
  return all.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? current
}
