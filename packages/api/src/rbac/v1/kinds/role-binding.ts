import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'
import { bindingColumns } from '../binding-columns.js'

export type RoleBinding = TypeOf<'rbac.v1.RoleBinding'>
export type RoleBindingList = ListOf<RoleBinding>

/** Gives a role, of either sort, to users within a namespace. */
export const RoleBinding: Kind<RoleBinding> = defineKind('rbac.v1.RoleBinding', {
  plural: 'rolebindings',
  columns: bindingColumns,
  strategy: { nameRule: 'path-segment', allowCreateOnUpdate: true },
})
