import { csiTypes } from './csi.js'
import { storageClassTypes } from './storage-class.js'

/** Every declared type of storage.v1. */
export const storageV1Types = { ...csiTypes, ...storageClassTypes } as const
