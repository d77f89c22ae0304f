import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type VolumeAttributesClass = TypeOf<'storage.v1.VolumeAttributesClass'>
export type VolumeAttributesClassList = ListOf<VolumeAttributesClass>

export const VolumeAttributesClass: Kind<VolumeAttributesClass> = defineKind('storage.v1.VolumeAttributesClass', {
  plural: 'volumeattributesclasses',
  shortNames: ['vac'],
  scope: 'Cluster',
})
