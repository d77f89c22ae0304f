import { CSIDriver, PersistentVolume, PersistentVolumeClaim, type Pod, type Volume } from '@treeline/api'
import type { Authorizer } from '../../authorization/authorizer.js'
import { claimOf } from '../../authorization/pod-references.js'
import type { ApiInternals } from '../../registry/internals.js'
import type { AdmissionAttributes } from '../admission.js'
import { refused } from '../refusal.js'

/** A kubelet gets tokens only for audiences its pod asks for, or that it was allowed expressly. Throws Forbidden. */
export async function mayRequestAudience(
  attributes: AdmissionAttributes,
  pod: Pod,
  audiences: readonly string[],
  internals: ApiInternals,
  authorizer: Authorizer,
): Promise<void> {
  if (audiences.length > 1) throw refused(attributes, 'node may only request 0 or 1 audiences')
  const audience = audiences[0] ?? ''
  await internals.store(CSIDriver).ready
  if (pod.spec?.volumes?.some((volume) => asksFor(volume, audience, pod, internals))) return
  const { user, namespace, name } = attributes
  const verb = 'request-serviceaccounts-token-audience'
  const { decision } = await authorizer.authorize({ user, verb, group: '', version: 'v1', resource: audience, namespace, name })
  if (decision === 'Allow') return
  throw refused(
    attributes,
    `audience "${audience}" not found in pod spec volume, ${user.name} is not authorized to request tokens for this audience`,
  )
}

const asksFor = (volume: Volume, audience: string, pod: Pod, internals: ApiInternals): boolean => {
  const projected = volume.projected?.sources?.some(
    ({ serviceAccountToken }) => serviceAccountToken && (serviceAccountToken.audience ?? '') === audience,
  )
  if (projected) return true
  const driver = driverOf(volume, pod, internals)
  const requests = driver === undefined ? [] : (internals.get(CSIDriver, undefined, driver)?.spec.tokenRequests ?? [])
  return requests.some((request) => (request.audience ?? '') === audience)
}

/** The CSI driver that mounts a volume of the pod. */
const driverOf = (volume: Volume, pod: Pod, internals: ApiInternals): string | undefined => {
  const { namespace, name = '' } = pod.metadata
  const claimName = claimOf(volume, name)
  if (claimName === undefined) return volume.csi?.driver
  const claim = internals.get(PersistentVolumeClaim, namespace, claimName)
  const volumeName = claim?.spec?.volumeName
  return volumeName ? internals.get(PersistentVolume, undefined, volumeName)?.spec?.csi?.driver : undefined
}
