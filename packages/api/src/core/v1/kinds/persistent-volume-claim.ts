import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type PersistentVolumeClaim = TypeOf<'core.v1.PersistentVolumeClaim'>
export type PersistentVolumeClaimList = ListOf<PersistentVolumeClaim>

export const PersistentVolumeClaim: Kind<PersistentVolumeClaim> = defineKind('core.v1.PersistentVolumeClaim', {
  plural: 'persistentvolumeclaims',
  shortNames: ['pvc'],
  subresources: [statusSubresource],
})
