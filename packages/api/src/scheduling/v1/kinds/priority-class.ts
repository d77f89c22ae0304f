import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type PriorityClass = TypeOf<'scheduling.v1.PriorityClass'>
export type PriorityClassList = ListOf<PriorityClass>

export const PriorityClass: Kind<PriorityClass> = defineKind('scheduling.v1.PriorityClass', {
  plural: 'priorityclasses',
  shortNames: ['pc'],
  scope: 'Cluster',
})
