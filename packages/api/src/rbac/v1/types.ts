import type { ListOf, TypeOf } from '../../declaration/type-of.js'

export type AggregationRule = TypeOf<'rbac.v1.AggregationRule'>
export type ClusterRole = TypeOf<'rbac.v1.ClusterRole'>
export type ClusterRoleBinding = TypeOf<'rbac.v1.ClusterRoleBinding'>
export type ClusterRoleBindingList = ListOf<ClusterRoleBinding>
export type ClusterRoleList = ListOf<ClusterRole>
export type PolicyRule = TypeOf<'rbac.v1.PolicyRule'>
export type Role = TypeOf<'rbac.v1.Role'>
export type RoleBinding = TypeOf<'rbac.v1.RoleBinding'>
export type RoleBindingList = ListOf<RoleBinding>
export type RoleList = ListOf<Role>
export type RoleRef = TypeOf<'rbac.v1.RoleRef'>
export type Subject = TypeOf<'rbac.v1.Subject'>
