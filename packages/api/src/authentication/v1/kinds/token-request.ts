import { defineKind } from '../../../declaration/define-kind.js'
import type { TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type TokenRequest = TypeOf<'authentication.v1.TokenRequest'>

/** Asks for a token of a service account. */
export const TokenRequest: Kind<TokenRequest> = defineKind('authentication.v1.TokenRequest', {
  plural: 'scales',
  stored: false,
})
