import { defineKind, scaleSubresource, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type StatefulSet = TypeOf<'apps.v1.StatefulSet'>
export type StatefulSetList = ListOf<StatefulSet>

export const StatefulSet: Kind<StatefulSet> = defineKind('apps.v1.StatefulSet', {
  plural: 'statefulsets',
  shortNames: ['sts'],
  categories: ['all'],
  subresources: [scaleSubresource, statusSubresource],
})
