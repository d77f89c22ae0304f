import type { TypeOf } from '../../declaration/type-of.js'

export type FieldSelectorAttributes = TypeOf<'authorization.v1.FieldSelectorAttributes'>
export type LabelSelectorAttributes = TypeOf<'authorization.v1.LabelSelectorAttributes'>
export type NonResourceAttributes = TypeOf<'authorization.v1.NonResourceAttributes'>
export type NonResourceRule = TypeOf<'authorization.v1.NonResourceRule'>
export type ResourceAttributes = TypeOf<'authorization.v1.ResourceAttributes'>
export type ResourceRule = TypeOf<'authorization.v1.ResourceRule'>
export type SelfSubjectAccessReviewSpec = TypeOf<'authorization.v1.SelfSubjectAccessReviewSpec'>
export type SelfSubjectRulesReviewSpec = TypeOf<'authorization.v1.SelfSubjectRulesReviewSpec'>
export type SubjectAccessReviewSpec = TypeOf<'authorization.v1.SubjectAccessReviewSpec'>
export type SubjectAccessReviewStatus = TypeOf<'authorization.v1.SubjectAccessReviewStatus'>
export type SubjectRulesReviewStatus = TypeOf<'authorization.v1.SubjectRulesReviewStatus'>
