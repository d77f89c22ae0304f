import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type VolumeAttributesClass = TypeOf<'storage.v1.VolumeAttributesClass'>
export type VolumeAttributesClassList = ListOf<VolumeAttributesClass>

/** Attributes of volumes that may be changed while they are in use. */
export const VolumeAttributesClass: Kind<VolumeAttributesClass> = defineKind('storage.v1.VolumeAttributesClass', {
  plural: 'volumeattributesclasses',
  shortNames: ['vac'],
  scope: 'Cluster',
  columns: [nameColumn, column('DriverName', 'string', 'The CSI driver that knows them.', ({ driverName }) => driverName), ageColumn],
  strategy: { returnDeletedObject: true },
})
