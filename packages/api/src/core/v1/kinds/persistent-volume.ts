import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type PersistentVolume = TypeOf<'core.v1.PersistentVolume'>
export type PersistentVolumeList = ListOf<PersistentVolume>

export const PersistentVolume: Kind<PersistentVolume> = defineKind('core.v1.PersistentVolume', {
  plural: 'persistentvolumes',
  shortNames: ['pv'],
  scope: 'Cluster',
  subresources: [statusSubresource],
})
