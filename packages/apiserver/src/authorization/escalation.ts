import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding } from '@treeline/api'
import { deepEqual, errors, type KubernetesObject, quote } from '@treeline/machinery'
import type { AdmissionAttributes, AdmissionPlugin } from '../admission/admission.js'
import type { UserInfo } from '../authentication/authenticator.js'
import { mastersGroup } from '../authentication/identities.js'
import type { Authorizer } from './authorizer.js'
import type { RoleRules } from './role-rules.js'
import { compactRules, quotedList, ruleText, uncoveredRules } from './rule-coverage.js'

const group = 'rbac.authorization.k8s.io'
const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
]

/**
 * Nobody grants what he does not have: writing a role needs all of its rules, writing a binding all rules of its role,
 * unless the verb `escalate` or `bind` allows it. Has to run behind every other mutating plug-in.
 */
export function escalationCheck(roleRules: RoleRules, authorizer: Authorizer): AdmissionPlugin {
  const checks: Readonly<Record<string, (attributes: AdmissionAttributes) => Promise<void>>> = {
    roles: (attributes) => checkRole(attributes, roleRules, authorizer),
    clusterroles: (attributes) => checkRole(attributes, roleRules, authorizer),
    rolebindings: (attributes) => checkBinding(attributes, roleRules, authorizer),
    clusterrolebindings: (attributes) => checkBinding(attributes, roleRules, authorizer),
  }
  return {
    name: 'PrivilegeEscalation',
    async admit(attributes) {
      if (attributes.kind.group !== group || !attributes.object || attributes.user.groups.includes(mastersGroup)) return
      if (attributes.oldObject && changesOnlyOwnership(attributes.object, attributes.oldObject)) return
      await checks[attributes.kind.plural]?.(attributes)
    },
  }
}

async function checkRole(attributes: AdmissionAttributes, roleRules: RoleRules, authorizer: Authorizer): Promise<void> {
  const { user, kind, namespace, name, object, oldObject } = attributes
  const escalate = { user, verb: 'escalate', group, version: '*', resource: kind.plural, name: name ?? '', namespace: namespace ?? '' }
  if ((await authorizer.authorize(escalate)).decision === 'Allow') return
  const role = object as Role | ClusterRole
  refuseMissing(attributes, roleRules, role.rules ?? [])
  if ((gathersRules(role) || gathersRules(oldObject as ClusterRole | undefined)) && missing(user, '', roleRules, everything).length > 0) {
    const message = 'must have cluster-admin privileges to use the aggregationRule'
    throw errors.forbidden({ group, resource: kind.plural }, role.metadata.name ?? '', message)
  }
}

async function checkBinding(attributes: AdmissionAttributes, roleRules: RoleRules, authorizer: Authorizer): Promise<void> {
  const { user, kind, object, namespace = '' } = attributes
  const { roleRef } = object as RoleBinding | ClusterRoleBinding
  const resource = roleRef?.kind === 'Role' ? 'roles' : 'clusterroles'
  const bind = { user, verb: 'bind', group: roleRef?.apiGroup ?? '', version: '*', resource, name: roleRef?.name ?? '', namespace }
  if ((await authorizer.authorize(bind)).decision === 'Allow') return
  const rules = roleRules.rulesOf(roleRef, namespace)
  // Upstream tells of the resource that was asked for, not of the one that is missing.
  if (!rules) throw errors.notFound({ group, resource: kind.plural }, roleRef.name)
  refuseMissing(attributes, roleRules, rules)
}

function refuseMissing(attributes: AdmissionAttributes, roleRules: RoleRules, wanted: readonly PolicyRule[]): void {
  const { user, kind, namespace = '', object } = attributes
  const uncovered = missing(user, namespace, roleRules, wanted)
  if (uncovered.length === 0) return
  const lines = [...new Set(compactRules(uncovered).map(ruleText))].sort()
  throw errors.forbidden(
    { group, resource: kind.plural },
    object?.metadata.name ?? '',
    `user ${quote(user.name)} (groups=${quotedList(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${lines.join('\n')}`,
  )
}

const missing = (user: UserInfo, namespace: string, roleRules: RoleRules, wanted: readonly PolicyRule[]): PolicyRule[] =>
  uncoveredRules(
    roleRules.heldBy(user, namespace).rules.map(({ rule }) => rule),
    wanted,
  )

const gathersRules = (role: Role | ClusterRole | undefined): boolean =>
  role !== undefined && 'aggregationRule' in role && (role.aggregationRule?.clusterRoleSelectors?.length ?? 0) > 0

/** The garbage collector may take owners and finalizers off an object whose rules it does not have. */
const changesOnlyOwnership = (object: KubernetesObject, old: KubernetesObject): boolean => {
  const settled = ({ metadata, ...rest }: KubernetesObject) => {
    const { ownerReferences: _owners, finalizers: _finalizers, managedFields: _fields, ...others } = metadata
    return { ...rest, metadata: others }
  }
  return deepEqual(settled(object), settled(old))
}
