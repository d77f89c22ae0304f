import type { ListOf, TypeOf } from '../../declaration/type-of.js'

export type CSIDriver = TypeOf<'storage.v1.CSIDriver'>
export type CSIDriverList = ListOf<CSIDriver>
export type CSIDriverSpec = TypeOf<'storage.v1.CSIDriverSpec'>
export type CSINode = TypeOf<'storage.v1.CSINode'>
export type CSINodeDriver = TypeOf<'storage.v1.CSINodeDriver'>
export type CSINodeList = ListOf<CSINode>
export type CSINodeSpec = TypeOf<'storage.v1.CSINodeSpec'>
export type CSIStorageCapacity = TypeOf<'storage.v1.CSIStorageCapacity'>
export type CSIStorageCapacityList = ListOf<CSIStorageCapacity>
export type FSGroupPolicy = TypeOf<'storage.v1.FSGroupPolicy'>
export type StorageClass = TypeOf<'storage.v1.StorageClass'>
export type StorageClassList = ListOf<StorageClass>
export type StorageV1TokenRequest = TypeOf<'storage.v1.TokenRequest'>
export type VolumeAttachment = TypeOf<'storage.v1.VolumeAttachment'>
export type VolumeAttachmentList = ListOf<VolumeAttachment>
export type VolumeAttachmentSource = TypeOf<'storage.v1.VolumeAttachmentSource'>
export type VolumeAttachmentSpec = TypeOf<'storage.v1.VolumeAttachmentSpec'>
export type VolumeAttachmentStatus = TypeOf<'storage.v1.VolumeAttachmentStatus'>
export type VolumeAttributesClass = TypeOf<'storage.v1.VolumeAttributesClass'>
export type VolumeAttributesClassList = ListOf<VolumeAttributesClass>
export type VolumeBindingMode = TypeOf<'storage.v1.VolumeBindingMode'>
export type VolumeError = TypeOf<'storage.v1.VolumeError'>
export type VolumeLifecycleMode = TypeOf<'storage.v1.VolumeLifecycleMode'>
export type VolumeNodeResources = TypeOf<'storage.v1.VolumeNodeResources'>
