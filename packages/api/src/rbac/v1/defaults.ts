import type { DefaultsTable } from '../../declaration/defaults.js'

const group = 'rbac.authorization.k8s.io'

export const rbacDefaults: DefaultsTable = {
  'rbac.v1.RoleRef': { apiGroup: group },
  'rbac.v1.Subject': (subject) => {
    if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ||= group
  },
}
