import type { Kind } from '../../kind.js'
import { CSIDriver } from './kinds/csi-driver.js'
import { CSINode } from './kinds/csi-node.js'
import { CSIStorageCapacity } from './kinds/csi-storage-capacity.js'
import { StorageClass } from './kinds/storage-class.js'
import { VolumeAttachment } from './kinds/volume-attachment.js'
import { VolumeAttributesClass } from './kinds/volume-attributes-class.js'

export * from './kinds/csi-driver.js'
export * from './kinds/csi-node.js'
export * from './kinds/csi-storage-capacity.js'
export * from './kinds/storage-class.js'
export * from './kinds/volume-attachment.js'
export * from './kinds/volume-attributes-class.js'
export type * from './types.js'

/** In discovery's order. */
export const storageV1Kinds: readonly Kind[] = [
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  StorageClass,
  VolumeAttachment,
  VolumeAttributesClass,
]
