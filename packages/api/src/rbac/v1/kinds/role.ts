import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type Role = TypeOf<'rbac.v1.Role'>
export type RoleList = ListOf<Role>

/** What may be done in a namespace. */
export const Role: Kind<Role> = defineKind('rbac.v1.Role', {
  plural: 'roles',
  strategy: { nameRule: 'path-segment', allowCreateOnUpdate: true },
})
