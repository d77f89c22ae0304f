import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type Role = TypeOf<'rbac.v1.Role'>
export type RoleList = ListOf<Role>

export const Role: Kind<Role> = defineKind('rbac.v1.Role', {
  plural: 'roles',
})
