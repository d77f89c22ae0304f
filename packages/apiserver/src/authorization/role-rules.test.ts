import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, Subject } from '@treeline/api'
import { firstDecision, masters } from './authorization.js'
import type { Authorizer } from './authorizer.js'
import { roleBasedAuthorizer } from './rbac.js'
import { RoleRules, type RoleSource } from './role-rules.js'

const apiGroup = 'rbac.authorization.k8s.io'
const read: PolicyRule = { verbs: ['get'], apiGroups: [''], resources: ['pods'] }

class Roles implements RoleSource {
  readonly clusterRoles = new Map<string, ClusterRole>([['reader', { metadata: { name: 'reader' }, rules: [read] }]])
  readonly roles = new Map<string, Role>()
  readonly clusterBindings: ClusterRoleBinding[] = []
  readonly bindings: RoleBinding[] = []
  clusterRole(name: string) {
    return this.clusterRoles.get(name)
  }
  role(namespace: string, name: string) {
    return this.roles.get(`${namespace}/${name}`)
  }
  clusterRoleBindings() {
    return this.clusterBindings
  }
  roleBindings(namespace: string) {
    return this.bindings.filter(({ metadata }) => metadata.namespace === namespace)
  }
  bind(subject: Subject, role: { kind: 'Role' | 'ClusterRole'; name: string }, namespace?: string) {
    const binding = { metadata: { name: 'b', namespace }, roleRef: { apiGroup, ...role }, subjects: [subject] }
    if (namespace === undefined) this.clusterBindings.push(binding)
    else this.bindings.push(binding)
  }
}

const reader = { kind: 'ClusterRole', name: 'reader' } as const
const ask = (authorizer: Authorizer, user: string, namespace: string, groups: string[] = []) =>
  authorizer.authorize({ user: { name: user, groups }, verb: 'get', group: '', resource: 'pods', namespace })

const cases: { what: string; subject: Subject; scope?: string; user: string; groups?: string[]; namespace: string; reason?: string }[] = [
  {
    what: 'a user everywhere',
    subject: { kind: 'User', name: 'ann' },
    user: 'ann',
    namespace: 'x',
    reason: 'RBAC: allowed by ClusterRoleBinding "b" of ClusterRole "reader" to User "ann"',
  },
  {
    what: 'a group',
    subject: { kind: 'Group', name: 'dev' },
    user: 'ann',
    groups: ['dev'],
    namespace: '',
    reason: 'RBAC: allowed by ClusterRoleBinding "b" of ClusterRole "reader" to Group "dev"',
  },
  { what: 'another user', subject: { kind: 'User', name: 'ann' }, user: 'bob', namespace: 'x' },
  { what: 'a user named like a group', subject: { kind: 'Group', name: 'ann' }, user: 'ann', namespace: 'x' },
  {
    what: 'in one namespace',
    subject: { kind: 'User', name: 'ann' },
    scope: 'x',
    user: 'ann',
    namespace: 'x',
    reason: 'RBAC: allowed by RoleBinding "b/x" of ClusterRole "reader" to User "ann"',
  },
  { what: 'not in another namespace', subject: { kind: 'User', name: 'ann' }, scope: 'x', user: 'ann', namespace: 'y' },
  { what: 'not for the cluster', subject: { kind: 'User', name: 'ann' }, scope: 'x', user: 'ann', namespace: '' },
  {
    what: 'a service account',
    subject: { kind: 'ServiceAccount', name: 'sa', namespace: 'n' },
    user: 'system:serviceaccount:n:sa',
    namespace: '',
    reason: 'RBAC: allowed by ClusterRoleBinding "b" of ClusterRole "reader" to ServiceAccount "sa/n"',
  },
  {
    what: "a service account of the binding's namespace",
    subject: { kind: 'ServiceAccount', name: 'sa' },
    scope: 'x',
    user: 'system:serviceaccount:x:sa',
    namespace: 'x',
    reason: 'RBAC: allowed by RoleBinding "b/x" of ClusterRole "reader" to ServiceAccount "sa/x"',
  },
  {
    what: 'a service account without namespace in a cluster binding',
    subject: { kind: 'ServiceAccount', name: 'sa' },
    user: 'system:serviceaccount::sa',
    namespace: '',
  },
]

for (const { what, subject, scope, user, groups, namespace, reason } of cases) {
  test(`a binding reaches ${what}`, async () => {
    const roles = new Roles()
    roles.bind(subject, reader, scope)
    const decision = await ask(roleBasedAuthorizer(new RoleRules(roles)), user, namespace, groups)
    assert.deepEqual(decision, { decision: reason === undefined ? 'NoOpinion' : 'Allow', reason: reason ?? '' })
  })
}

test('a binding to a role that does not exist is told in the reason', async () => {
  const roles = new Roles()
  roles.bind({ kind: 'User', name: 'ann' }, { kind: 'ClusterRole', name: 'gone' })
  roles.bind({ kind: 'User', name: 'ann' }, { kind: 'Role', name: 'lost' }, 'x')
  const authorizer = roleBasedAuthorizer(new RoleRules(roles))
  assert.deepEqual(await ask(authorizer, 'ann', 'x'), {
    decision: 'NoOpinion',
    reason: 'RBAC: [clusterrole.rbac.authorization.k8s.io "gone" not found, role.rbac.authorization.k8s.io "lost" not found]',
  })
})

test('what was found for a user is kept until a role or binding changes', async () => {
  const roles = new Roles()
  const rules = new RoleRules(roles)
  const authorizer = roleBasedAuthorizer(rules)
  const user = { name: 'ann', groups: [] }
  const decide = async (namespace: string) =>
    (await authorizer.authorize({ user, verb: 'get', group: '', resource: 'pods', namespace })).decision
  assert.equal(await decide('x'), 'NoOpinion')
  roles.bind({ kind: 'User', name: 'ann' }, reader, 'x')
  assert.equal(await decide('x'), 'NoOpinion')
  rules.changed('x')
  assert.equal(await decide('x'), 'Allow')
  roles.clusterRoles.set('reader', { metadata: { name: 'reader' }, rules: [] })
  rules.changed()
  assert.equal(await decide('x'), 'NoOpinion')
})

test('the first authorizer with an opinion decides; reasons are gathered', async () => {
  const opinion = (decision: 'Allow' | 'Deny' | 'NoOpinion', reason: string, late = false): Authorizer => ({
    authorize: () => (late ? Promise.resolve({ decision, reason }) : { decision, reason }),
  })
  const asked = { user: { name: 'u', groups: [] }, verb: 'get', path: '/' }
  for (const late of [false, true]) {
    const none = opinion('NoOpinion', 'one', late)
    assert.deepEqual(await firstDecision([none, opinion('NoOpinion', ''), opinion('NoOpinion', 'two')]).authorize(asked), {
      decision: 'NoOpinion',
      reason: 'one\ntwo',
    })
    assert.deepEqual(await firstDecision([none, opinion('Deny', 'no', late), opinion('Allow', '')]).authorize(asked), {
      decision: 'Deny',
      reason: 'no',
    })
  }
  assert.equal((await masters.authorize({ ...asked, user: { name: 'u', groups: ['system:masters'] } })).decision, 'Allow')
})
