import type { TypeOf } from '../../declaration/type-of.js'

export type AggregationRule = TypeOf<'rbac.v1.AggregationRule'>
export type PolicyRule = TypeOf<'rbac.v1.PolicyRule'>
export type RoleRef = TypeOf<'rbac.v1.RoleRef'>
export type Subject = TypeOf<'rbac.v1.Subject'>
