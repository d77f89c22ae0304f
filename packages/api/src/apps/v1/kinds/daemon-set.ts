import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type DaemonSet = TypeOf<'apps.v1.DaemonSet'>
export type DaemonSetList = ListOf<DaemonSet>

export const DaemonSet: Kind<DaemonSet> = defineKind('apps.v1.DaemonSet', {
  plural: 'daemonsets',
  shortNames: ['ds'],
  categories: ['all'],
  subresources: [statusSubresource],
})
