import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type CSIStorageCapacity = TypeOf<'storage.v1.CSIStorageCapacity'>
export type CSIStorageCapacityList = ListOf<CSIStorageCapacity>

export const CSIStorageCapacity: Kind<CSIStorageCapacity> = defineKind('storage.v1.CSIStorageCapacity', {
  plural: 'csistoragecapacities',
})
