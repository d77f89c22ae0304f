import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClusterRole, ClusterRoleBinding, type Kind, type PolicyRule, Role, RoleBinding } from '@treeline/api'
import type { KubernetesObject } from '@treeline/machinery'
import type { AdmissionAttributes } from '../admission/admission.js'
import type { UserInfo } from '../authentication/authenticator.js'
import { escalationCheck } from './escalation.js'
import { roleBasedAuthorizer } from './rbac.js'
import { RoleRules, type RoleSource } from './role-rules.js'

const apiGroup = 'rbac.authorization.k8s.io'
const get: PolicyRule = { verbs: ['get'], apiGroups: [''], resources: ['pods'] }
const all: PolicyRule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }
const escalate: PolicyRule = { verbs: ['escalate', 'bind'], apiGroups: [apiGroup], resources: ['roles', 'clusterroles'] }

/** A user who has `rules` everywhere. */
function checkFor(...rules: PolicyRule[]) {
  const source: RoleSource = {
    clusterRole: (name) => ({ metadata: { name }, rules: name === 'mine' ? rules : name === 'all' ? [all] : [get] }),
    role: (namespace, name) => (name === 'gone' ? undefined : { metadata: { name, namespace }, rules: [all] }),
    clusterRoleBindings: () => [
      { metadata: { name: 'b' }, roleRef: { apiGroup, kind: 'ClusterRole', name: 'mine' }, subjects: [{ kind: 'User', name: 'ann' }] },
    ],
    roleBindings: () => [],
  }
  const roleRules = new RoleRules(source)
  const plugin = escalationCheck(roleRules, roleBasedAuthorizer(roleRules))
  return async <T extends KubernetesObject>(kind: Kind<T>, object: T, oldObject?: T, user: UserInfo = { name: 'ann', groups: ['dev'] }) => {
    const attributes: AdmissionAttributes = {
      operation: oldObject ? 'UPDATE' : 'CREATE',
      kind,
      namespace: object.metadata.namespace,
      name: object.metadata.name,
      object,
      oldObject,
      dryRun: false,
      user,
      warn: () => undefined,
    }
    await plugin.admit?.(attributes)
  }
}

const role = (...rules: PolicyRule[]): Role => ({ metadata: { namespace: 'n', name: 'r' }, rules })
const binding = (kind: 'Role' | 'ClusterRole', name: string): RoleBinding => ({
  metadata: { namespace: 'n', name: 'rb' },
  roleRef: { apiGroup, kind, name },
})

test('a role with no more than its writer has', async () => {
  await checkFor(get)(Role, role(get))
  await checkFor(all)(Role, role(get, { verbs: ['delete'], apiGroups: ['apps'], resources: ['deployments'] }))
})

test('a role with more is refused, and says what is missing', async () => {
  await assert.rejects(checkFor(get)(Role, role(get, { verbs: ['get', 'list'], apiGroups: ['', 'apps'], resources: ['secrets'] })), {
    code: 403,
    message:
      'roles.rbac.authorization.k8s.io "r" is forbidden: user "ann" (groups=["dev"]) is attempting to grant RBAC permissions not currently held:\n' +
      '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}\n' +
      '{APIGroups:["apps"], Resources:["secrets"], Verbs:["get" "list"]}',
  })
})

test('escalate and bind let it pass, as does system:masters', async () => {
  await checkFor(escalate)(Role, role(all))
  await checkFor(escalate)(RoleBinding, binding('ClusterRole', 'all'))
  await checkFor()(Role, role(all), undefined, { name: 'root', groups: ['system:masters'] })
})

test('a binding needs every rule of its role', async () => {
  await checkFor(get)(RoleBinding, binding('ClusterRole', 'view'))
  await assert.rejects(checkFor(get)(RoleBinding, binding('Role', 'big')), {
    code: 403,
    message: /^rolebindings.rbac.authorization.k8s.io "rb" is forbidden: .*\n\{APIGroups:\["\*"\], Resources:\["\*"\], Verbs:\["\*"\]\}$/,
  })
  await assert.rejects(checkFor(get)(RoleBinding, binding('Role', 'gone')), {
    code: 404,
    message: 'rolebindings.rbac.authorization.k8s.io "gone" not found',
  })
  const cluster: ClusterRoleBinding = { metadata: { name: 'crb' }, roleRef: { apiGroup, kind: 'ClusterRole', name: 'all' } }
  await assert.rejects(checkFor(get)(ClusterRoleBinding, cluster), { code: 403 })
})

test('an aggregation rule needs everything, also to be taken away', async () => {
  const aggregating: ClusterRole = { metadata: { name: 'c' }, aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } }
  const plain: ClusterRole = { metadata: { name: 'c' }, rules: [] }
  const refusal = { code: 403, message: /must have cluster-admin privileges to use the aggregationRule$/ }
  await assert.rejects(checkFor(get)(ClusterRole, aggregating), refusal)
  await assert.rejects(checkFor(get)(ClusterRole, plain, aggregating), refusal)
  await checkFor(all, { verbs: ['*'], nonResourceURLs: ['*'] })(ClusterRole, aggregating)
})

test('owners and finalizers may go without the rules', async () => {
  const before = { ...role(all), metadata: { namespace: 'n', name: 'r', finalizers: ['a/b'], ownerReferences: [] } }
  await checkFor(get)(Role, role(all), before)
  await assert.rejects(checkFor(get)(Role, { ...role(all), metadata: { ...role().metadata, labels: { a: 'b' } } }, before), { code: 403 })
})
