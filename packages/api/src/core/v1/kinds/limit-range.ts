import { randomUUID } from 'node:crypto'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type LimitRange = TypeOf<'core.v1.LimitRange'>
export type LimitRangeList = ListOf<LimitRange>

/** Bounds and defaults of what each pod, container or claim of a namespace may ask for. */
export const LimitRange: Kind<LimitRange> = defineKind('core.v1.LimitRange', {
  plural: 'limitranges',
  shortNames: ['limits'],
  strategy: {
    allowCreateOnUpdate: true,
    prepareForCreate({ metadata }) {
      metadata.name ||= randomUUID()
    },
  },
})
