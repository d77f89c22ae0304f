import type { TypeOf } from '../../declaration/type-of.js'

export type CSIDriverSpec = TypeOf<'storage.v1.CSIDriverSpec'>
export type CSINodeDriver = TypeOf<'storage.v1.CSINodeDriver'>
export type CSINodeSpec = TypeOf<'storage.v1.CSINodeSpec'>
export type FSGroupPolicy = TypeOf<'storage.v1.FSGroupPolicy'>
export type StorageV1TokenRequest = TypeOf<'storage.v1.TokenRequest'>
export type VolumeAttachmentSource = TypeOf<'storage.v1.VolumeAttachmentSource'>
export type VolumeAttachmentSpec = TypeOf<'storage.v1.VolumeAttachmentSpec'>
export type VolumeAttachmentStatus = TypeOf<'storage.v1.VolumeAttachmentStatus'>
export type VolumeBindingMode = TypeOf<'storage.v1.VolumeBindingMode'>
export type VolumeError = TypeOf<'storage.v1.VolumeError'>
export type VolumeLifecycleMode = TypeOf<'storage.v1.VolumeLifecycleMode'>
export type VolumeNodeResources = TypeOf<'storage.v1.VolumeNodeResources'>
