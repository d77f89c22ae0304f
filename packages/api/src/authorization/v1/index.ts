import type { Kind } from '../../kind.js'
import { LocalSubjectAccessReview } from './kinds/local-subject-access-review.js'
import { SelfSubjectAccessReview } from './kinds/self-subject-access-review.js'
import { SelfSubjectRulesReview } from './kinds/self-subject-rules-review.js'
import { SubjectAccessReview } from './kinds/subject-access-review.js'

export * from './kinds/local-subject-access-review.js'
export * from './kinds/self-subject-access-review.js'
export * from './kinds/self-subject-rules-review.js'
export * from './kinds/subject-access-review.js'
export type * from './types.js'

/** In discovery's order. */
export const authorizationV1Kinds: readonly Kind[] = [
  LocalSubjectAccessReview,
  SelfSubjectAccessReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
]
