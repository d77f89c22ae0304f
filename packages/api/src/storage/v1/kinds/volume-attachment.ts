import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import { restoreMetadata } from '../../../declaration/status-rules.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type VolumeAttachment = TypeOf<'storage.v1.VolumeAttachment'>
export type VolumeAttachmentList = ListOf<VolumeAttachment>

/** That a volume is to be attached to a node, and whether it is. */
export const VolumeAttachment: Kind<VolumeAttachment> = defineKind('storage.v1.VolumeAttachment', {
  plural: 'volumeattachments',
  scope: 'Cluster',
  subresources: [statusSubresource],
  columns: [
    nameColumn,
    { ...column('Attacher', 'string', 'The driver that attaches.', ({ spec }) => spec.attacher), format: 'name' },
    column('PV', 'string', 'The volume.', ({ spec }) => spec.source.persistentVolumeName ?? ''),
    column('Node', 'string', 'The node.', ({ spec }) => spec.nodeName),
    column('Attached', 'boolean', 'Whether it is attached.', ({ status }) => status?.attached ?? false),
    ageColumn,
  ],
  strategy: {
    allowUnconditionalUpdate: false,
    returnDeletedObject: true,
    prepareForStatusUpdate: (attachment, old) => restoreMetadata(attachment, old),
    resetFields: { '': ['status'], status: ['metadata', 'spec'] },
  },
})
