import assert from 'node:assert/strict'
import type { IncomingHttpHeaders } from 'node:http'
import { test } from 'node:test'
import type { AuthorizationAttributes, Authorizer } from '../authorization/authorizer.js'
import { impersonatedUser } from './impersonation.js'

const requester = { name: 'ann', groups: ['system:authenticated'] }

function recording(deny: (attributes: AuthorizationAttributes) => boolean = () => false) {
  const asked: string[] = []
  const authorizer: Authorizer = {
    authorize(attributes) {
      const { group, resource, subresource, namespace, name } = attributes
      asked.push([group, resource, subresource, namespace, name].map((part) => part ?? '').join('|'))
      return deny(attributes) ? { decision: 'NoOpinion', reason: 'because' } : { decision: 'Allow', reason: '' }
    },
  }
  return { asked, authorizer }
}

const cases: { headers: Record<string, string | string[]>; user: object | undefined; asked: string[] }[] = [
  { headers: {}, user: undefined, asked: [] },
  {
    headers: { 'impersonate-user': 'bob' },
    user: { name: 'bob', groups: ['system:authenticated'], extra: {} },
    asked: ['|users|||bob'],
  },
  {
    headers: {
      'impersonate-user': 'bob',
      'impersonate-group': ['a', 'b'],
      'impersonate-uid': '7',
      'impersonate-extra-example.com%2fk': 'v',
    },
    user: { name: 'bob', uid: '7', groups: ['a', 'b', 'system:authenticated'], extra: { 'example.com/k': ['v'] } },
    asked: [
      '|users|||bob',
      '|groups|||a',
      '|groups|||b',
      'authentication.k8s.io|userextras|example.com/k||v',
      'authentication.k8s.io|uids|||7',
    ],
  },
  {
    headers: { 'impersonate-user': 'system:serviceaccount:ns:sa' },
    user: {
      name: 'system:serviceaccount:ns:sa',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:ns', 'system:authenticated'],
      extra: {},
    },
    asked: ['|serviceaccounts||ns|sa'],
  },
  {
    headers: { 'impersonate-user': 'system:anonymous' },
    user: { name: 'system:anonymous', groups: ['system:unauthenticated'], extra: {} },
    asked: ['|users|||system:anonymous'],
  },
  {
    headers: { 'impersonate-user': 'bob', 'impersonate-group': 'system:unauthenticated' },
    user: { name: 'bob', groups: ['system:unauthenticated'], extra: {} },
    asked: ['|users|||bob', '|groups|||system:unauthenticated'],
  },
]

for (const { headers, user, asked } of cases) {
  test(`impersonation with ${JSON.stringify(headers)}`, async () => {
    const recorder = recording()
    assert.deepEqual(await impersonatedUser(headers as IncomingHttpHeaders, requester, recorder.authorizer), user)
    assert.deepEqual(recorder.asked, asked)
  })
}

test('groups without a user are a bad request', async () => {
  await assert.rejects(impersonatedUser({ 'impersonate-group': 'a' }, requester, recording().authorizer), {
    code: 400,
    reason: 'BadRequest',
  })
})

test('every part must be allowed', async () => {
  const refuse = recording(({ resource }) => resource === 'groups')
  await assert.rejects(impersonatedUser({ 'impersonate-user': 'bob', 'impersonate-group': 'a' }, requester, refuse.authorizer), {
    code: 403,
    message: 'groups "a" is forbidden: User "ann" cannot impersonate resource "groups" in API group "" at the cluster scope: because',
  })
})
