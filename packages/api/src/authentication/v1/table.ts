import { tokenReviewTypes } from './token-review.js'

/** Every declared type of authentication.v1. */
export const authenticationV1Types = { ...tokenReviewTypes } as const
