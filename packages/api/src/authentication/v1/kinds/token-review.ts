import { defineKind } from '../../../declaration/define-kind.js'
import type { TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type TokenReview = TypeOf<'authentication.v1.TokenReview'>

/** Asks whose a token is. */
export const TokenReview: Kind<TokenReview> = defineKind('authentication.v1.TokenReview', {
  plural: 'tokenreviews',
  scope: 'Cluster',
  stored: false,
})
