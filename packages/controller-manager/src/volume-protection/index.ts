import { PersistentVolume, PersistentVolumeClaim, Pod } from '@treeline/api'
import { type ControllerDefinition, defineController, keyOf, on, type ReconcileContext, type ResourceKind } from '@treeline/client'
import { isNotFound, type KubernetesObject } from '@treeline/machinery'
import { isPodFinished } from '../pods/pod-state.js'
import { claimNamesOf, podClaimIndex, usesClaim } from './claim-users.js'

const claimFinalizer = 'kubernetes.io/pvc-protection'
const volumeFinalizer = 'kubernetes.io/pv-protection'

/** Keeps claims that pods use, and volumes that are bound, from being deleted under them. */
export function volumeProtectionControllers(): { readonly claims: ControllerDefinition; readonly volumes: ControllerDefinition } {
  return { claims: claimProtection(), volumes: volumeProtection() }
}

function claimProtection(): ControllerDefinition {
  return defineController({
    name: 'persistentvolumeclaim-protection-controller',
    watches: [
      on(PersistentVolumeClaim, (claim, _old, _cache, type) =>
        type !== 'deleted' && needsLook(claim, claimFinalizer) ? [keyOf(claim)] : [],
      ),
      on(
        Pod,
        (pod, old, _cache, type) => {
          const ended = type === 'deleted' || isPodFinished(pod)
          const replaced = old && old.metadata.uid !== pod.metadata.uid
          return ended || replaced || !pod.spec?.nodeName ? claimNamesOf(pod).map((name) => `${pod.metadata.namespace}/${name}`) : []
        },
        { indexes: podClaimIndex },
      ),
    ],
    async reconcile(key, context) {
      const claim = context.cache.get(PersistentVolumeClaim, key)
      if (!claim || !needsLook(claim, claimFinalizer)) return undefined
      if (!claim.metadata.deletionTimestamp) await setFinalizer(context, PersistentVolumeClaim, claim, claimFinalizer, true)
      else if (!(await isUsed(key, context, claim))) await setFinalizer(context, PersistentVolumeClaim, claim, claimFinalizer, false)
      return undefined
    },
  })
}

/** The cache may be behind: that nobody uses the claim is believed of the server only. */
async function isUsed(key: string, { cache, client, signal }: ReconcileContext, claim: PersistentVolumeClaim): Promise<boolean> {
  if (cache.byIndex(Pod, 'claim', key).some((pod) => usesClaim(pod, claim))) return true
  const { items } = await client.list(Pod, { namespace: claim.metadata.namespace, signal })
  return items.some((pod) => usesClaim(pod, claim))
}

function volumeProtection(): ControllerDefinition {
  return defineController({
    name: 'persistentvolume-protection-controller',
    watches: [
      on(PersistentVolume, (volume, _old, _cache, type) =>
        type !== 'deleted' && needsLook(volume, volumeFinalizer) ? [keyOf(volume)] : [],
      ),
    ],
    async reconcile(key, context) {
      const volume = context.cache.get(PersistentVolume, key)
      if (!volume || !needsLook(volume, volumeFinalizer)) return undefined
      if (!volume.metadata.deletionTimestamp) await setFinalizer(context, PersistentVolume, volume, volumeFinalizer, true)
      else if (volume.status?.phase !== 'Bound') await setFinalizer(context, PersistentVolume, volume, volumeFinalizer, false)
      return undefined
    },
  })
}

/** It has no finalizer though it stays, or has one though it is to go. */
function needsLook({ metadata }: KubernetesObject, finalizer: string): boolean {
  return (metadata.finalizers?.includes(finalizer) ?? false) === (metadata.deletionTimestamp !== undefined)
}

async function setFinalizer<T extends KubernetesObject>(
  { client, signal }: ReconcileContext,
  kind: ResourceKind<T>,
  object: T,
  finalizer: string,
  wanted: boolean,
): Promise<void> {
  const others = (object.metadata.finalizers ?? []).filter((other) => other !== finalizer)
  const finalizers = wanted ? [...others, finalizer] : others
  try {
    await client.update(kind, { ...object, metadata: { ...object.metadata, finalizers } }, { signal })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
