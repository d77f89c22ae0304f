import type { PersistentVolumeClaim, Pod, Volume } from '@treeline/api'
import type { Indexes } from '@treeline/client'
import { isControlledBy } from '../ownership/controller-ref.js'
import { isPodFinished } from '../pods/pod-state.js'

/** Name of the claim made for a generic ephemeral volume. */
export function ephemeralClaimName(pod: Pod, volume: Volume): string {
  return `${pod.metadata.name}-${volume.name}`
}

/** The claims a pod names, or has made for it. */
export function claimNamesOf(pod: Pod): string[] {
  return (pod.spec?.volumes ?? []).flatMap((volume) => {
    if (volume.persistentVolumeClaim) return [volume.persistentVolumeClaim.claimName]
    return volume.ephemeral ? [ephemeralClaimName(pod, volume)] : []
  })
}

/** Index `claim`: pods by `namespace/name` of their claims. */
export const podClaimIndex: Indexes<Pod> = { claim: (pod) => claimNamesOf(pod).map((name) => `${pod.metadata.namespace}/${name}`) }

/** A pod uses a claim from the moment it has a node; one made for it only as long as it has not ended. */
export function usesClaim(pod: Pod, claim: PersistentVolumeClaim): boolean {
  if (!pod.spec?.nodeName) return false
  return (pod.spec.volumes ?? []).some(
    (volume) =>
      volume.persistentVolumeClaim?.claimName === claim.metadata.name ||
      (volume.ephemeral !== undefined &&
        !isPodFinished(pod) &&
        ephemeralClaimName(pod, volume) === claim.metadata.name &&
        isControlledBy(claim, pod)),
  )
}
