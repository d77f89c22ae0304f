import { defineKind, scaleSubresource, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ReplicaSet = TypeOf<'apps.v1.ReplicaSet'>
export type ReplicaSetList = ListOf<ReplicaSet>

export const ReplicaSet: Kind<ReplicaSet> = defineKind('apps.v1.ReplicaSet', {
  plural: 'replicasets',
  shortNames: ['rs'],
  categories: ['all'],
  subresources: [scaleSubresource, statusSubresource],
})
