import { defineKind } from '../../../declaration/define-kind.js'
import type { TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type Eviction = TypeOf<'policy.v1.Eviction'>

/** Asks a pod to leave, as far as its disruption budgets allow. */
export const Eviction: Kind<Eviction> = defineKind('policy.v1.Eviction', {
  plural: 'evictions',
  stored: false,
})
