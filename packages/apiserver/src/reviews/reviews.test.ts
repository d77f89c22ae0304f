import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { UserInfo } from '../authentication/authenticator.js'
import { startTestCluster, type TestCluster } from '../testing/test-cluster.js'

let cluster: TestCluster
const ann: UserInfo = { name: 'ann', uid: '7', groups: ['dev', 'system:authenticated'], extra: { 'example.com/k': ['v'] } }
before(async () => {
  cluster = await startTestCluster({ tokens: new Map([['good', ann]]) })
  const { ask } = cluster
  await ask('POST /apis/rbac.authorization.k8s.io/v1/namespaces/default/roles', {
    metadata: { name: 'r' },
    rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: ['one'] }],
  })
  await ask('POST /apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings', {
    metadata: { name: 'rb' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
    subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'dev' }],
  })
})
after(() => cluster.close())

const authorization = '/apis/authorization.k8s.io/v1'
const pods = { verb: 'get', resource: 'pods', namespace: 'default', name: 'one' }

test('SelfSubjectAccessReview', async () => {
  const ask = (spec: object) => cluster.ask(`POST ${authorization}/selfsubjectaccessreviews`, { spec }, { user: ann })
  const allowed = await ask({ resourceAttributes: pods })
  assert.deepEqual(
    [allowed.code, allowed.body.status],
    [201, { allowed: true, reason: 'RBAC: allowed by RoleBinding "rb/default" of Role "r" to Group "dev"' }],
  )
  assert.equal(allowed.body.metadata.managedFields[0].manager, 'test')
  assert.deepEqual((await ask({ resourceAttributes: { ...pods, name: 'two' } })).body.status, { allowed: false })
  assert.deepEqual((await ask({ nonResourceAttributes: { path: '/healthz', verb: 'get' } })).body.status.allowed, true)
})

test('SubjectAccessReview asks for another user, and wants one question', async () => {
  const ask = (spec: object, metadata: object = {}) => cluster.ask(`POST ${authorization}/subjectaccessreviews`, { metadata, spec })
  assert.equal((await ask({ groups: ['dev'], resourceAttributes: pods })).body.status.allowed, true)
  assert.equal((await ask({ user: 'bob', resourceAttributes: pods })).body.status.allowed, false)
  assert.equal(
    (await ask({ user: 'bob', groups: ['system:masters'], nonResourceAttributes: { path: '/x', verb: 'put' } })).body.status.allowed,
    true,
  )
  const problems = async (spec: object, metadata?: object) => {
    const { code, body } = await ask(spec, metadata)
    return [code, body.details?.causes?.map(({ field }: { field: string }) => field)]
  }
  assert.deepEqual(await problems({}), [422, ['spec.resourceAttributes', 'spec.user']])
  assert.deepEqual(await problems({ user: 'x', resourceAttributes: pods, nonResourceAttributes: {} }), [
    422,
    ['spec.nonResourceAttributes'],
  ])
  assert.deepEqual(await problems({ user: 'x', resourceAttributes: pods }, { name: 'x' }), [422, ['metadata']])
  assert.deepEqual(await problems({ user: 'x', resourceAttributes: { ...pods, fieldSelector: {} } }), [
    422,
    ['spec.resourceAttributes.fieldSelector.requirements'],
  ])
  assert.deepEqual(
    await problems({ user: 'x', resourceAttributes: { ...pods, labelSelector: { requirements: [{ key: '', operator: 'In' }] } } }),
    [422, ['spec.resourceAttributes.labelSelector.requirements[0].key', 'spec.resourceAttributes.labelSelector.requirements[0].values']],
  )
})

test('selectors reach the node authorizer', async () => {
  const node = { user: 'system:node:n1', groups: ['system:nodes'] }
  const list = (fieldSelector?: object) =>
    cluster.ask(`POST ${authorization}/subjectaccessreviews`, {
      spec: { ...node, resourceAttributes: { verb: 'list', resource: 'pods', ...(fieldSelector ? { fieldSelector } : {}) } },
    })
  assert.equal((await list()).body.status.allowed, false)
  assert.equal((await list({ rawSelector: 'spec.nodeName=n1' })).body.status.allowed, true)
  assert.equal((await list({ requirements: [{ key: 'spec.nodeName', operator: 'In', values: ['n1'] }] })).body.status.allowed, true)
  assert.equal((await list({ requirements: [{ key: 'spec.nodeName', operator: 'In', values: ['n2'] }] })).body.status.allowed, false)
})

test('LocalSubjectAccessReview keeps to its namespace', async () => {
  const ask = (namespace: string, metadata: object = {}) =>
    cluster.ask(`POST ${authorization}/namespaces/default/localsubjectaccessreviews`, {
      metadata,
      spec: { groups: ['dev'], resourceAttributes: { ...pods, namespace } },
    })
  assert.deepEqual([(await ask('default')).code, (await ask('default')).body.status.allowed], [201, true])
  assert.match((await ask('other')).body.message, /must match metadata.namespace/)
  assert.equal((await ask('other', { namespace: 'other' })).code, 400)
})

test('SelfSubjectRulesReview lists what the user has', async () => {
  const ask = (spec: object, user = ann) => cluster.ask(`POST ${authorization}/selfsubjectrulesreviews`, { spec }, { user })
  const { body } = await ask({ namespace: 'default' })
  assert.ok(body.status.resourceRules.some(({ resourceNames }: { resourceNames?: string[] }) => resourceNames?.[0] === 'one'))
  assert.ok(body.status.nonResourceRules.length > 0)
  assert.deepEqual([body.spec, body.status.incomplete], [{}, false])
  assert.deepEqual([(await ask({})).code, (await ask({})).body.message], [400, 'no namespace on request'])
  const node = await ask({ namespace: 'default' }, { name: 'system:node:n1', groups: ['system:nodes', 'system:authenticated'] })
  assert.deepEqual(
    [node.body.status.incomplete, node.body.status.evaluationError],
    [true, 'node authorizer does not support user rule resolution'],
  )
})

test('TokenReview and SelfSubjectReview', async () => {
  const review = (spec: object) => cluster.ask('POST /apis/authentication.k8s.io/v1/tokenreviews', { spec })
  const user = { username: 'ann', uid: '7', groups: ['dev', 'system:authenticated'], extra: { 'example.com/k': ['v'] } }
  assert.deepEqual((await review({ token: 'good' })).body.status, {
    authenticated: true,
    user,
    audiences: ['https://kubernetes.default.svc'],
  })
  assert.deepEqual((await review({ token: 'bad' })).body.status, { user: {}, error: 'invalid bearer token' })
  assert.deepEqual([(await review({})).code, (await review({})).body.message], [400, 'token is required for TokenReview in authentication'])
  const self = await cluster.ask('POST /apis/authentication.k8s.io/v1/selfsubjectreviews', {}, { user: ann })
  assert.deepEqual([self.code, self.body.status.userInfo, self.body.spec], [201, user, undefined])
})

test('a token for a service account, bound or not, is good until what it is bound to goes', async () => {
  const { ask, server } = cluster
  await ask('POST /api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'sa' } })
  await ask('POST /api/v1/namespaces/default/pods', {
    metadata: { name: 'p' },
    spec: { serviceAccountName: 'sa', nodeName: 'n9', containers: [{ name: 'c', image: 'i' }] },
  })
  const uid = (await ask('GET /api/v1/namespaces/default/pods/p')).body.metadata.uid
  const request = (spec: object, metadata?: object) =>
    ask('POST /api/v1/namespaces/default/serviceaccounts/sa/token', { ...(metadata ? { metadata } : {}), spec })
  const pod = { kind: 'Pod', apiVersion: 'v1', name: 'p' }
  const { code, body } = await request({ boundObjectRef: { ...pod, uid }, expirationSeconds: 3607 })
  assert.equal(code, 201)
  const claims = JSON.parse(Buffer.from(body.status.token.split('.')[1], 'base64url').toString())
  assert.deepEqual(
    [claims.exp - claims.iat, claims['kubernetes.io'].warnafter - claims.iat, claims['kubernetes.io'].node],
    [31536000, 3607, { name: 'n9' }],
  )
  assert.equal(Date.parse(body.status.expirationTimestamp) / 1000 - claims.iat, 3607)
  const whose = async () =>
    (await ask('POST /apis/authentication.k8s.io/v1/tokenreviews', { spec: { token: body.status.token } })).body.status
  assert.equal((await whose()).user.username, 'system:serviceaccount:default:sa')
  const other = await ask('POST /apis/authentication.k8s.io/v1/tokenreviews', { spec: { token: body.status.token, audiences: ['vault'] } })
  assert.equal(
    other.body.status.error,
    '[invalid bearer token, token audiences ["https://kubernetes.default.svc"] is invalid for the target audiences ["vault"]]',
  )
  await server.internals.delete((await import('@treeline/api')).Pod, 'default', 'p', { gracePeriodSeconds: 0 })
  assert.deepEqual(await whose(), { user: {}, error: '[invalid bearer token, service account token has been invalidated]' })
  const refusals: [object, number, RegExp][] = [
    [{ expirationSeconds: 10 }, 422, /may not specify a duration less than 10 minutes/],
    [{ boundObjectRef: pod }, 404, /pods "p" not found/],
    [{ boundObjectRef: { kind: 'Foo', apiVersion: 'v1', name: 'x' } }, 400, /cannot bind token to object of type \/v1, Kind=Foo/],
  ]
  for (const [spec, expected, message] of refusals) {
    const answer = await request(spec)
    assert.deepEqual([answer.code, message.test(answer.body.message)], [expected, true], answer.body.message)
  }
  assert.equal((await request({}, { uid: 'x' })).code, 409)
  assert.equal((await request({}, { name: 'x' })).code, 422)
})
