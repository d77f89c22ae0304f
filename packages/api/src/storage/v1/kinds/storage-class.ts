import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type StorageClass = TypeOf<'storage.v1.StorageClass'>
export type StorageClassList = ListOf<StorageClass>

export const StorageClass: Kind<StorageClass> = defineKind('storage.v1.StorageClass', {
  plural: 'storageclasses',
  shortNames: ['sc'],
  scope: 'Cluster',
})
