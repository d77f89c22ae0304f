import type { TypeOf } from '../../declaration/type-of.js'

export type BoundObjectReference = TypeOf<'authentication.v1.BoundObjectReference'>
export type SelfSubjectReviewStatus = TypeOf<'authentication.v1.SelfSubjectReviewStatus'>
export type TokenRequestSpec = TypeOf<'authentication.v1.TokenRequestSpec'>
export type TokenRequestStatus = TypeOf<'authentication.v1.TokenRequestStatus'>
export type TokenReviewSpec = TypeOf<'authentication.v1.TokenReviewSpec'>
export type TokenReviewStatus = TypeOf<'authentication.v1.TokenReviewStatus'>
export type UserInfo = TypeOf<'authentication.v1.UserInfo'>
