import { amountsOf, type PersistentVolumeClaim, StorageClass } from '@treeline/api'
import { Quantity } from '@treeline/machinery'
import type { ApiInternals } from '../registry/internals.js'
import type { AdmissionPlugin } from './admission.js'
import { isAbout, refused } from './refusal.js'

/** A claim may grow only when it is bound and its storage class allows it. */
export function persistentVolumeClaimResize(internals: ApiInternals): AdmissionPlugin {
  return {
    name: 'PersistentVolumeClaimResize',
    validate(attributes) {
      if (attributes.operation !== 'UPDATE' || !isAbout(attributes, 'persistentvolumeclaims')) return
      const claim = attributes.object as PersistentVolumeClaim
      const old = attributes.oldObject as PersistentVolumeClaim
      if (sizeOf(claim).cmp(sizeOf(old)) <= 0) return
      if (old.status?.phase !== 'Bound') throw refused(attributes, 'Only bound persistent volume claims can be expanded')
      const name = classOf(claim)
      const allowed = name !== '' && name === classOf(old) && internals.get(StorageClass, undefined, name)?.allowVolumeExpansion
      if (!allowed) {
        throw refused(
          attributes,
          'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
        )
      }
    },
  }
}

const sizeOf = (claim: PersistentVolumeClaim): Quantity => amountsOf(claim.spec?.resources?.requests).get('storage') ?? Quantity.zero

const classOf = ({ metadata, spec }: PersistentVolumeClaim): string =>
  metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec?.storageClassName ?? ''
