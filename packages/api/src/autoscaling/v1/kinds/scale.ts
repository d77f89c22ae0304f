import { defineKind } from '../../../declaration/define-kind.js'
import type { TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type Scale = TypeOf<'autoscaling.v1.Scale'>

export const Scale: Kind<Scale> = defineKind('autoscaling.v1.Scale', {
  plural: 'scales',
  stored: false,
})
