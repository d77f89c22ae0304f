import { defineKind } from '../../../declaration/define-kind.js'
import type { TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type SelfSubjectRulesReview = TypeOf<'authorization.v1.SelfSubjectRulesReview'>

/** Asks what who asks may do in a namespace. */
export const SelfSubjectRulesReview: Kind<SelfSubjectRulesReview> = defineKind('authorization.v1.SelfSubjectRulesReview', {
  plural: 'selfsubjectrulesreviews',
  scope: 'Cluster',
  stored: false,
})
