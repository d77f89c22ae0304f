import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ClusterRole = TypeOf<'rbac.v1.ClusterRole'>
export type ClusterRoleList = ListOf<ClusterRole>

/** What may be done in the cluster, or in any namespace. */
export const ClusterRole: Kind<ClusterRole> = defineKind('rbac.v1.ClusterRole', {
  plural: 'clusterroles',
  scope: 'Cluster',
  strategy: { nameRule: 'path-segment', allowCreateOnUpdate: true },
})
