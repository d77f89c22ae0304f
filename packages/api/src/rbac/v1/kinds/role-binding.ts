import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type RoleBinding = TypeOf<'rbac.v1.RoleBinding'>
export type RoleBindingList = ListOf<RoleBinding>

export const RoleBinding: Kind<RoleBinding> = defineKind('rbac.v1.RoleBinding', {
  plural: 'rolebindings',
})
