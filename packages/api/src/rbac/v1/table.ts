import { roleTypes } from './role.js'

/** Every declared type of rbac.v1. */
export const rbacV1Types = { ...roleTypes } as const
