import { PersistentVolumeClaim, Pod, type Volume } from '@treeline/api'
import { type ControllerDefinition, defineController, keyOf, on, type ReconcileContext } from '@treeline/client'
import { isAlreadyExists } from '@treeline/machinery'
import { controllerReference, isControlledBy } from '../ownership/controller-ref.js'
import { ephemeralClaimName, podClaimIndex } from '../volume-protection/claim-users.js'

/** Makes the claims of generic ephemeral volumes; they go with their pods. */
export function ephemeralVolumeController(): ControllerDefinition {
  return defineController({
    name: 'ephemeral-volume-controller',
    eventComponent: 'ephemeral_volume',
    workers: 5,
    watches: [
      on(
        Pod,
        (pod, _old, _cache, type) => {
          const wants = type !== 'deleted' && !pod.metadata.deletionTimestamp && pod.spec?.volumes?.some(({ ephemeral }) => ephemeral)
          return wants ? [keyOf(pod)] : []
        },
        { indexes: podClaimIndex },
      ),
      on(PersistentVolumeClaim, (claim, _old, cache, type) =>
        type === 'deleted' ? cache.byIndex(Pod, 'claim', keyOf(claim)).map(keyOf) : [],
      ),
    ],
    async reconcile(key, context) {
      const pod = context.cache.get(Pod, key)
      if (!pod || pod.metadata.deletionTimestamp) return undefined
      for (const volume of pod.spec?.volumes ?? []) if (volume.ephemeral) await ensureClaim(context, pod, volume)
      return undefined
    },
  })
}

async function ensureClaim({ cache, client, events, signal }: ReconcileContext, pod: Pod, volume: Volume): Promise<void> {
  const { namespace } = pod.metadata
  const name = ephemeralClaimName(pod, volume)
  const existing = cache.get(PersistentVolumeClaim, `${namespace}/${name}`)
  if (existing && isControlledBy(existing, pod)) return
  if (existing) {
    const problem = `PVC ${namespace}/${name} was not created for pod ${namespace}/${pod.metadata.name} (pod is not owner)`
    events.event(pod, 'Warning', 'FailedBinding', `ephemeral volume ${volume.name}: ${problem}`)
    throw new Error(problem)
  }
  const template = volume.ephemeral?.volumeClaimTemplate
  const claim: PersistentVolumeClaim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      namespace,
      labels: { ...template?.metadata?.labels },
      annotations: { ...template?.metadata?.annotations },
      ownerReferences: [controllerReference(Pod, pod)],
    },
    spec: template?.spec,
  }
  try {
    await client.create(PersistentVolumeClaim, claim, { signal })
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
}
