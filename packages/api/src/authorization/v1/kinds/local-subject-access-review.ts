import { defineKind } from '../../../declaration/define-kind.js'
import type { TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type LocalSubjectAccessReview = TypeOf<'authorization.v1.LocalSubjectAccessReview'>

/** Asks whether somebody may do something in a namespace. */
export const LocalSubjectAccessReview: Kind<LocalSubjectAccessReview> = defineKind('authorization.v1.LocalSubjectAccessReview', {
  plural: 'localsubjectaccessreviews',
  stored: false,
})
