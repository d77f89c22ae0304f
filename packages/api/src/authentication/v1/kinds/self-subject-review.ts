import { defineKind } from '../../../declaration/define-kind.js'
import type { TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type SelfSubjectReview = TypeOf<'authentication.v1.SelfSubjectReview'>

/** Asks who is asking. */
export const SelfSubjectReview: Kind<SelfSubjectReview> = defineKind('authentication.v1.SelfSubjectReview', {
  plural: 'selfsubjectreviews',
  scope: 'Cluster',
  stored: false,
})
