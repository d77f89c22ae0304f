import { subjectAccessReviewTypes } from './subject-access-review.js'

/** Every declared type of authorization.v1. */
export const authorizationV1Types = { ...subjectAccessReviewTypes } as const
