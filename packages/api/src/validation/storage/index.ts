import type { ValidationsTable } from '../../declaration/validations.js'
import { csiDriverValidation, csiNodeValidation } from './csi.js'
import { storageCapacityValidation, storageClassValidation, volumeAttributesClassValidation } from './storage-class.js'
import { volumeAttachmentValidation } from './volume-attachment.js'

export const storageValidations: ValidationsTable = {
  'storage.v1.CSIDriver': csiDriverValidation,
  'storage.v1.CSINode': csiNodeValidation,
  'storage.v1.CSIStorageCapacity': storageCapacityValidation,
  'storage.v1.StorageClass': storageClassValidation,
  'storage.v1.VolumeAttachment': volumeAttachmentValidation,
  'storage.v1.VolumeAttributesClass': volumeAttributesClassValidation,
}
