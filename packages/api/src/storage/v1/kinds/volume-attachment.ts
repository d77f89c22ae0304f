import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type VolumeAttachment = TypeOf<'storage.v1.VolumeAttachment'>
export type VolumeAttachmentList = ListOf<VolumeAttachment>

export const VolumeAttachment: Kind<VolumeAttachment> = defineKind('storage.v1.VolumeAttachment', {
  plural: 'volumeattachments',
  scope: 'Cluster',
  subresources: [statusSubresource],
})
