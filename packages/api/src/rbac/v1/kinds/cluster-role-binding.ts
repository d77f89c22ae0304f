import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'
import { bindingColumns } from '../binding-columns.js'

export type ClusterRoleBinding = TypeOf<'rbac.v1.ClusterRoleBinding'>
export type ClusterRoleBindingList = ListOf<ClusterRoleBinding>

/** Gives a cluster role to users everywhere. */
export const ClusterRoleBinding: Kind<ClusterRoleBinding> = defineKind('rbac.v1.ClusterRoleBinding', {
  plural: 'clusterrolebindings',
  scope: 'Cluster',
  columns: bindingColumns,
  strategy: { nameRule: 'path-segment', allowCreateOnUpdate: true },
})
