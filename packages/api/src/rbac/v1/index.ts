import type { Kind } from '../../kind.js'
import { ClusterRole } from './kinds/cluster-role.js'
import { ClusterRoleBinding } from './kinds/cluster-role-binding.js'
import { Role } from './kinds/role.js'
import { RoleBinding } from './kinds/role-binding.js'

export * from './kinds/cluster-role.js'
export * from './kinds/cluster-role-binding.js'
export * from './kinds/role.js'
export * from './kinds/role-binding.js'
export type * from './types.js'

/** In discovery's order. */
export const rbacV1Kinds: readonly Kind[] = [ClusterRole, ClusterRoleBinding, Role, RoleBinding]
