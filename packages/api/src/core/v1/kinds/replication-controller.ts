import { defineKind, scaleSubresource, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ReplicationController = TypeOf<'core.v1.ReplicationController'>
export type ReplicationControllerList = ListOf<ReplicationController>

export const ReplicationController: Kind<ReplicationController> = defineKind('core.v1.ReplicationController', {
  plural: 'replicationcontrollers',
  shortNames: ['rc'],
  categories: ['all'],
  subresources: [scaleSubresource, statusSubresource],
  storagePrefix: 'controllers',
})
