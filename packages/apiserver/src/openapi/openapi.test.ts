import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, type OpenServer, openServer } from '../testing/open-server.js'

let open: OpenServer
before(async () => {
  open = await openServer()
})
after(() => open.close())

interface Document {
  paths: Record<string, Record<string, { parameters?: { name: string }[]; 'x-kubernetes-group-version-kind'?: { kind: string } }>>
  components: { schemas: Record<string, { properties?: Record<string, Record<string, unknown>> }> }
}

test('the index leads to documents that stay the same under their hash', async () => {
  const index = await ask(open.local, 'GET', '/openapi/v3')
  const { serverRelativeURL } = (index.body['paths'] as Record<string, { serverRelativeURL: string }>)['apis/apps/v1'] ?? {
    serverRelativeURL: '',
  }
  const document = await ask(open.local, 'GET', serverRelativeURL)
  assert.equal(document.headers['cache-control'], 'public, immutable')
  const unchanged = await ask(open.local, 'GET', serverRelativeURL, undefined, { 'if-none-match': document.headers['etag'] ?? '' })
  assert.equal(unchanged.status, 304)
  const moved = await ask(open.local, 'GET', '/openapi/v3/apis/apps/v1?hash=OLD')
  assert.equal(moved.status, 301)
  assert.equal(moved.headers['location'], serverRelativeURL)
})

test('kubectl finds fieldValidation at PATCH, and how lists merge', async () => {
  const document = (await ask(open.local, 'GET', '/openapi/v3/apis/apps/v1')).body as unknown as Document
  const patch = document.paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}']?.['patch']
  assert.equal(patch?.['x-kubernetes-group-version-kind']?.kind, 'Deployment')
  assert.deepEqual(
    patch?.parameters?.map(({ name }) => name),
    ['dryRun', 'fieldManager', 'fieldValidation', 'force'],
  )
  const containers = document.components.schemas['io.k8s.api.core.v1.PodSpec']?.properties?.['containers']
  assert.equal(containers?.['x-kubernetes-patch-merge-key'], 'name')
  assert.equal(containers?.['x-kubernetes-patch-strategy'], 'merge')
})

test('every reference of every document leads to a definition', async () => {
  const index = await ask(open.local, 'GET', '/openapi/v3')
  for (const { serverRelativeURL } of Object.values(index.body['paths'] as Record<string, { serverRelativeURL: string }>)) {
    const { text, body } = await ask(open.local, 'GET', serverRelativeURL)
    const { schemas } = (body as unknown as Document).components
    for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g))
      assert.ok(schemas[name], `${serverRelativeURL}: ${name}`)
  }
  const { text, body } = await ask(open.local, 'GET', '/openapi/v2')
  const definitions = body['definitions'] as Record<string, unknown>
  for (const [, name = ''] of text.matchAll(/"#\/definitions\/([^"]+)"/g)) assert.ok(definitions[name], name)
})
