import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ClusterRoleBinding = TypeOf<'rbac.v1.ClusterRoleBinding'>
export type ClusterRoleBindingList = ListOf<ClusterRoleBinding>

export const ClusterRoleBinding: Kind<ClusterRoleBinding> = defineKind('rbac.v1.ClusterRoleBinding', {
  plural: 'clusterrolebindings',
  scope: 'Cluster',
})
