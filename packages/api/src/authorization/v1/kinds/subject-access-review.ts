import { defineKind } from '../../../declaration/define-kind.js'
import type { TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type SubjectAccessReview = TypeOf<'authorization.v1.SubjectAccessReview'>

/** Asks whether somebody may do something. */
export const SubjectAccessReview: Kind<SubjectAccessReview> = defineKind('authorization.v1.SubjectAccessReview', {
  plural: 'subjectaccessreviews',
  scope: 'Cluster',
  stored: false,
})
