import type { TypeTable } from '../../declaration/type-table.js'

export const storageClassTypes = {
  StorageClass: {
    $: { object: true, about: 'A sort of storage, and who makes volumes of it.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    provisioner: ['string!', 2, { about: 'Who makes its volumes.' }],
    parameters: ['string{}', 3, { about: 'What it tells them.' }],
    reclaimPolicy: ['core.v1.PersistentVolumeReclaimPolicy?', 4, { about: 'What becomes of a volume when its claim is gone.' }],
    mountOptions: ['string[]', 5, { about: 'Options volumes are mounted with.' }],
    allowVolumeExpansion: ['boolean?', 6, { about: 'Whether volumes may grow.' }],
    volumeBindingMode: ['VolumeBindingMode?', 7, { about: 'When a volume is made: at once, or for the first pod.' }],
    allowedTopologies: ['core.v1.TopologySelectorTerm[]', 8],
  },
  VolumeAttachment: {
    $: { object: true, about: 'That a volume is to be attached to a node, and whether it is.' },
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
    $: { object: true, about: 'Attributes of volumes that may be changed while they are in use.' },
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
