import { defineKind } from '../../../declaration/define-kind.js'
import type { TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type SelfSubjectAccessReview = TypeOf<'authorization.v1.SelfSubjectAccessReview'>

/** Asks whether who asks may do something. */
export const SelfSubjectAccessReview: Kind<SelfSubjectAccessReview> = defineKind('authorization.v1.SelfSubjectAccessReview', {
  plural: 'selfsubjectaccessreviews',
  scope: 'Cluster',
  stored: false,
})
