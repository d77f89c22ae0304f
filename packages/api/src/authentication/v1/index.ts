import type { Kind } from '../../kind.js'
import { SelfSubjectReview } from './kinds/self-subject-review.js'
import { TokenReview } from './kinds/token-review.js'

export * from './kinds/self-subject-review.js'
export * from './kinds/token-request.js'
export * from './kinds/token-review.js'
export type * from './types.js'

/** In discovery's order. */
export const authenticationV1Kinds: readonly Kind[] = [SelfSubjectReview, TokenReview]
