import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRequestInfo, type RequestInfo } from './request-info.js'

const cases: readonly (readonly [request: string, expected: Partial<RequestInfo>])[] = [
  ['GET /', { isResource: false, verb: 'get', path: '/' }],
  ['POST /api/v1', { isResource: false, verb: 'post' }],
  ['GET /apis/apps/v1', { isResource: false, verb: 'get' }],
  ['GET /api/v1/pods', { isResource: true, verb: 'list', resource: 'pods', namespace: '', collection: true }],
  ['GET /api/v1/pods?watch=1', { verb: 'watch' }],
  ['GET /api/v1/pods?watch=false', { verb: 'list' }],
  ['GET /api/v1/namespaces/n/pods/p', { verb: 'get', namespace: 'n', resource: 'pods', name: 'p', collection: false }],
  ['HEAD /api/v1/namespaces/n/pods/p', { verb: 'get' }],
  ['POST /api/v1/namespaces/n/pods/p/binding', { verb: 'create', name: 'p', subresource: 'binding' }],
  ['DELETE /api/v1/namespaces/n/pods', { verb: 'deletecollection', resource: 'pods' }],
  ['GET /api/v1/namespaces/n', { resource: 'namespaces', name: 'n', namespace: 'n' }],
  ['PUT /api/v1/namespaces/n/finalize', { resource: 'namespaces', name: 'n', subresource: 'finalize' }],
  ['GET /api/v1/namespaces/status/pods', { resource: 'pods', namespace: 'status' }],
  ['PATCH /apis/apps/v1/namespaces/n/deployments/d/scale', { group: 'apps', version: 'v1', verb: 'patch', subresource: 'scale' }],
  ['GET /api/v1/watch/namespaces/n/pods/p', { verb: 'watch', watchPath: true, namespace: 'n', name: 'p', subresource: '' }],
  ['GET /api/v1/namespaces/n/services/s/proxy/a/b/', { subresource: 'proxy', rest: 'a/b/' }],
  ['GET /api/v1/nodes?fieldSelector=metadata.name%3Da', { verb: 'list', name: 'a', collection: true, fieldSelector: 'metadata.name=a' }],
  ['GET /api/v1/nodes?fieldSelector=metadata.name%3Da%2Fb', { name: '' }],
  ['GET /api/v1/nodes?labelSelector=a%3Db&limit=5', { labelSelector: 'a=b' }],
  ['POST /api/v1/nodes?labelSelector=a%3Db', { labelSelector: '' }],
  ['GET /api/v1/nodes/a%25b', { name: 'a%b' }],
]

test('a request is known by its method and target', () => {
  for (const [request, expected] of cases) {
    const [method = '', target = ''] = request.split(' ')
    const info = parseRequestInfo(method, target)
    for (const [field, value] of Object.entries(expected)) assert.equal(info[field as keyof RequestInfo], value, `${request}: ${field}`)
  }
})

test('a path with a broken escape is refused', () => {
  assert.throws(() => parseRequestInfo('GET', '/api/v1/pods/%zz'), { code: 400 })
})
