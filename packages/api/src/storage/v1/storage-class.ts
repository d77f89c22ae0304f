import type { TypeTable } from '../../declaration/type-table.js'

export const storageClassTypes = {
  StorageClass: {
    $: { object: true },
    metadata: ['meta.v1.ObjectMeta', 1],
    provisioner: ['string!', 2],
    parameters: ['string{}', 3],
    reclaimPolicy: ['core.v1.PersistentVolumeReclaimPolicy?', 4],
    mountOptions: ['string[]', 5],
    allowVolumeExpansion: ['boolean?', 6],
    volumeBindingMode: ['VolumeBindingMode?', 7],
    allowedTopologies: ['core.v1.TopologySelectorTerm[]', 8],
  },
  VolumeAttachment: {
    $: { object: true },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['VolumeAttachmentSpec!', 2],
    status: ['VolumeAttachmentStatus', 3],
  },
  VolumeAttachmentSource: {
    persistentVolumeName: ['string?', 1],
    inlineVolumeSpec: ['core.v1.PersistentVolumeSpec?', 2],
  },
  VolumeAttachmentSpec: {
    attacher: ['string!', 1],
    source: ['VolumeAttachmentSource!', 2],
    nodeName: ['string!', 3],
  },
  VolumeAttachmentStatus: {
    attached: ['boolean!', 1],
    attachmentMetadata: ['string{}', 2],
    attachError: ['VolumeError?', 3],
    detachError: ['VolumeError?', 4],
  },
  VolumeAttributesClass: {
    $: { object: true },
    metadata: ['meta.v1.ObjectMeta', 1],
    driverName: ['string!', 2],
    parameters: ['string{}', 3],
  },
  VolumeError: {
    time: ['Time', 1],
    message: ['string', 2],
    errorCode: ['int32?', 3],
  },
  VolumeBindingMode: ['Immediate', 'WaitForFirstConsumer'],
} as const satisfies TypeTable
