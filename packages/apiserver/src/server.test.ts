import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Transport } from '@treeline/client'
import { ask, type OpenServer, openServer } from './testing/open-server.js'

let open: OpenServer
before(async () => {
  open = await openServer()
})
after(() => open.close())

const ways: readonly (readonly [name: string, transport: () => Transport])[] = [
  ['message port', () => open.local],
  ['TLS', () => open.remote],
]

for (const [name, transport] of ways) {
  const namespace = name === 'TLS' ? 'remote' : 'local'
  const path = `/api/v1/namespaces/${namespace}/configmaps`
  const configMap = (object: string, data: object = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: object }, data })

  describe(`through a ${name}`, () => {
    test('an object is created, read, listed, replaced, patched and deleted', async () => {
      const created = await ask(transport(), 'POST', path, configMap('a', { k: 'v' }))
      assert.equal(created.status, 201)
      const { uid, resourceVersion } = created.body['metadata'] as Record<string, string>
      assert.match(uid ?? '', /^[0-9a-f-]{36}$/)

      const read = await ask(transport(), 'GET', `${path}/a`)
      assert.deepEqual(read.body, created.body)

      const listed = await ask(transport(), 'GET', path)
      const [item] = listed.body['items'] as Record<string, unknown>[]
      assert.deepEqual(Object.keys(item ?? {}), ['metadata', 'data'])

      const replaced = await ask(transport(), 'PUT', `${path}/a`, {
        ...configMap('a', { k: 'w' }),
        metadata: { name: 'a', resourceVersion },
      })
      assert.equal(replaced.status, 200)
      const stale = await ask(transport(), 'PUT', `${path}/a`, { ...configMap('a', {}), metadata: { name: 'a', resourceVersion } })
      assert.equal(stale.status, 409)
      assert.equal(stale.body['reason'], 'Conflict')

      const patched = await ask(
        transport(),
        'PATCH',
        `${path}/a`,
        { data: { k: null, l: 'x' } },
        { 'content-type': 'application/merge-patch+json' },
      )
      assert.deepEqual(patched.body['data'], { l: 'x' })

      const deleted = await ask(transport(), 'DELETE', `${path}/a`)
      assert.deepEqual(deleted.body['details'], { name: 'a', kind: 'configmaps', uid })
      assert.equal((await ask(transport(), 'GET', `${path}/a`)).status, 404)
    })

    test('a watch gets what comes after its version', async () => {
      const { body } = await ask(transport(), 'GET', path)
      const { resourceVersion } = body['metadata'] as { resourceVersion: string }
      const abort = new AbortController()
      const answer = await transport().request({
        method: 'GET',
        path: `${path}?watch=1&resourceVersion=${resourceVersion}`,
        headers: {},
        signal: abort.signal,
      })
      await ask(transport(), 'POST', path, configMap('w'))
      await ask(transport(), 'DELETE', `${path}/w`)
      let text = ''
      for await (const chunk of answer.stream()) {
        text += chunk.toString()
        if (text.split('\n').length > 2) break
      }
      abort.abort()
      assert.deepEqual(
        text
          .trim()
          .split('\n')
          .map((line) => (JSON.parse(line) as { type: string }).type),
        ['ADDED', 'DELETED'],
      )
    })

    test('a large list arrives whole', async () => {
      const data = { k: 'x'.repeat(5000) }
      for (let i = 0; i < 300; i++)
        await open.server.internals.create((await kinds()).ConfigMap, {
          metadata: { name: `l${i}`, namespace: `${namespace}-large` },
          data,
        })
      const { body } = await ask(transport(), 'GET', `/api/v1/namespaces/${namespace}-large/configmaps`)
      assert.equal((body['items'] as unknown[]).length, 300)
    })

    test('a body beyond 3 MiB is refused', async () => {
      const { status, body } = await ask(transport(), 'POST', path, configMap('big', { k: 'x'.repeat(3 * 1024 * 1024) }))
      assert.equal(status, 413)
      assert.equal(body['message'], 'Request entity too large: limit is 3145728')
    })

    test('what is not served is not found', async () => {
      assert.equal((await ask(transport(), 'GET', '/api/v1/nothing')).body['reason'], 'NotFound')
      assert.equal((await ask(transport(), 'GET', '/apis/nothing.example/v1/x')).text, '404 page not found\n')
      assert.equal((await ask(transport(), 'POST', '/api/v1/configmaps', {})).body['code'], 405)
      assert.equal((await ask(transport(), 'GET', `${path}/a%25b`)).body['message'], 'Name parameter invalid: "a%b": may not contain \'%\'')
    })
  })
}

const kinds = () => import('@treeline/api')

test('the answer has the form that is asked for', async () => {
  await ask(open.local, 'POST', '/api/v1/namespaces/forms/configmaps', { metadata: { name: 'a' }, data: { x: 'y' } })
  const get = (accept: string) => ask(open.local, 'GET', '/api/v1/namespaces/forms/configmaps/a', undefined, { accept })
  assert.match((await get('application/yaml')).text, /^apiVersion: v1\ndata:\n {2}x: "?y"?\n/)
  const table = await get('application/json;as=Table;g=meta.k8s.io;v=v1,application/json')
  assert.equal(table.body['kind'], 'Table')
  assert.equal((table.body['rows'] as { cells: unknown[] }[])[0]?.cells[0], 'a')
  const partial = await get('application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1')
  assert.deepEqual(Object.keys(partial.body), ['kind', 'apiVersion', 'metadata'])
  assert.equal((await get('text/html')).status, 406)
})

test('unknown and repeated fields are warned of, refused or ignored', async () => {
  const post = (validation: string) =>
    ask(
      open.local,
      'POST',
      `/api/v1/namespaces/strict/configmaps?dryRun=All&fieldValidation=${validation}`,
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","foo":1},"data":{"a":"1","a":"2"}}',
    )
  assert.equal((await post('Warn')).headers['warning'], '299 - "unknown field \\"metadata.foo\\"", 299 - "duplicate field \\"data.a\\""')
  assert.equal((await post('Ignore')).headers['warning'], undefined)
  const strict = await post('Strict')
  assert.equal(strict.status, 400)
  assert.match(String(strict.body['message']), /strict decoding error: unknown field "metadata.foo", duplicate field "data.a"$/)
})

test('finalizers hold a deleted object until the last one is gone', async () => {
  const path = '/api/v1/namespaces/held/configmaps'
  await ask(open.local, 'POST', path, { metadata: { name: 'a', finalizers: ['example.com/hold'] } })
  const held = await ask(open.local, 'DELETE', `${path}/a`)
  assert.equal((held.body['metadata'] as { deletionGracePeriodSeconds: number }).deletionGracePeriodSeconds, 0)
  const merge = { 'content-type': 'application/merge-patch+json' }
  const added = await ask(open.local, 'PATCH', `${path}/a`, { metadata: { finalizers: ['example.com/hold', 'example.com/more'] } }, merge)
  assert.equal(added.status, 422)
  assert.equal((await ask(open.local, 'PATCH', `${path}/a`, { metadata: { finalizers: null } }, merge)).status, 200)
  assert.equal((await ask(open.local, 'GET', `${path}/a`)).status, 404)
})

test('propagation policies become finalizers', async () => {
  const path = '/api/v1/namespaces/policies/configmaps'
  const policies = { Foreground: ['foregroundDeletion'], Orphan: ['orphan'] }
  for (const [propagationPolicy, finalizers] of Object.entries(policies)) {
    await ask(open.local, 'POST', path, { metadata: { name: propagationPolicy.toLowerCase() } })
    const { body } = await ask(open.local, 'DELETE', `${path}/${propagationPolicy.toLowerCase()}`, { propagationPolicy })
    assert.deepEqual((body['metadata'] as { finalizers: string[] }).finalizers, finalizers)
  }
})

test('a dry run changes nothing', async () => {
  const path = '/api/v1/namespaces/dry/configmaps'
  assert.equal((await ask(open.local, 'POST', `${path}?dryRun=All`, { metadata: { name: 'a' } })).status, 201)
  assert.equal((await ask(open.local, 'GET', `${path}/a`)).status, 404)
  await ask(open.local, 'POST', path, { metadata: { name: 'a' } })
  await ask(open.local, 'DELETE', `${path}/a?dryRun=All`)
  assert.equal((await ask(open.local, 'GET', `${path}/a`)).status, 200)
})

test('a write that changes nothing keeps its version', async () => {
  const path = '/api/v1/namespaces/same/configmaps'
  const created = await ask(open.local, 'POST', path, { metadata: { name: 'a' }, data: { k: 'v' } })
  const again = await ask(open.local, 'PUT', `${path}/a`, created.body)
  assert.deepEqual(again.body['metadata'], created.body['metadata'])
})

test('generated names are told apart', async () => {
  const names = await Promise.all(
    Array.from({ length: 20 }, () =>
      ask(open.local, 'POST', '/api/v1/namespaces/generated/configmaps', { metadata: { generateName: 'g-' } }),
    ),
  )
  assert.equal(new Set(names.map(({ body }) => (body['metadata'] as { name: string }).name)).size, 20)
})

test('apply creates, conflicts and takes over', async () => {
  const path = '/api/v1/namespaces/apply/configmaps/a'
  const apply = (query: string, data: object) =>
    ask(
      open.local,
      'PATCH',
      `${path}?${query}`,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data },
      { 'content-type': 'application/apply-patch+yaml' },
    )
  assert.equal((await apply('fieldManager=one', { k: '1' })).status, 201)
  const conflict = await apply('fieldManager=two', { k: '2' })
  assert.equal(conflict.body['message'], 'Apply failed with 1 conflict: conflict with "one": .data.k')
  assert.deepEqual((await apply('fieldManager=two&force=true', { k: '2' })).body['data'], { k: '2' })
  assert.deepEqual((await apply('fieldManager=one', {})).body['data'], { k: '2' })
  assert.equal((await apply('', {})).status, 422)
})

test('replicas are read and written through the scale subresource', async () => {
  const path = '/apis/apps/v1/namespaces/scaled/deployments'
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } }
  const spec = { replicas: 2, selector: { matchLabels: { a: 'b' } }, template }
  assert.equal((await ask(open.local, 'POST', path, { metadata: { name: 'd' }, spec })).status, 201)
  const scale = await ask(open.local, 'GET', `${path}/d/scale`)
  assert.deepEqual(scale.body['spec'], { replicas: 2 })
  assert.deepEqual(scale.body['status'], { replicas: 0, selector: 'a=b' })
  const merge = { 'content-type': 'application/merge-patch+json' }
  await ask(open.local, 'PATCH', `${path}/d/scale`, { spec: { replicas: 5 } }, merge)
  const { body } = await ask(open.local, 'GET', `${path}/d`)
  assert.equal((body['spec'] as { replicas: number }).replicas, 5)
  assert.equal((body['metadata'] as { generation: number }).generation, 2)
})

test('status has its own door', async () => {
  const path = '/api/v1/namespaces'
  await ask(open.local, 'POST', path, { metadata: { name: 'door' }, status: { phase: 'Terminating' } })
  const merge = { 'content-type': 'application/merge-patch+json' }
  const { body } = await ask(
    open.local,
    'PATCH',
    `${path}/door/status`,
    { metadata: { labels: { a: 'b' } }, status: { conditions: [] } },
    merge,
  )
  assert.deepEqual(body['status'], { phase: 'Active' })
})
