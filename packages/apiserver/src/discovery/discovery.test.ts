import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, type OpenServer, openServer } from '../testing/open-server.js'
import { compareVersions } from './group-order.js'

let open: OpenServer
before(async () => {
  open = await openServer()
})
after(() => open.close())

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'

test('discovery comes whole to those who ask for it, and not twice', async () => {
  const { body, headers } = await ask(open.local, 'GET', '/apis', undefined, { accept: aggregated })
  assert.equal(headers['content-type'], 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList')
  const groups = (body['items'] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name)
  assert.ok(groups.indexOf('apps') < groups.indexOf('batch'))
  assert.equal(
    (await ask(open.local, 'GET', '/apis', undefined, { accept: aggregated, 'if-none-match': headers['etag'] ?? '' })).status,
    304,
  )
})

test('older clients get lists', async () => {
  assert.deepEqual((await ask(open.local, 'GET', '/api')).body['versions'], ['v1'])
  const resources = (await ask(open.local, 'GET', '/api/v1')).body['resources'] as { name: string; storageVersionHash?: string }[]
  assert.equal(resources.find(({ name }) => name === 'configmaps')?.storageVersionHash, 'qFsyl6wFWjQ=')
  assert.ok(resources.some(({ name }) => name === 'pods/status'))
  assert.equal((await ask(open.local, 'GET', '/apis/none.example')).text, '404 page not found\n')
})

test('versions are ordered by stability, then by age', () => {
  const versions = ['v1alpha1', 'foo', 'v1', 'v2beta1', 'v10', 'v1beta2', 'v2']
  assert.deepEqual(versions.sort(compareVersions), ['v10', 'v2', 'v1', 'v2beta1', 'v1beta2', 'v1alpha1', 'foo'])
})
