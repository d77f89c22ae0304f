import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type LimitRange = TypeOf<'core.v1.LimitRange'>
export type LimitRangeList = ListOf<LimitRange>

export const LimitRange: Kind<LimitRange> = defineKind('core.v1.LimitRange', {
  plural: 'limitranges',
  shortNames: ['limits'],
})
