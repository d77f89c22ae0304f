import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Node, Pod } from '@treeline/api'
import { StatusError } from '@treeline/machinery'
import { FakeClock } from '../testing/fake-clock.js'
import { ScriptedTransport } from '../testing/scripted-transport.js'
import { settled } from '../testing/settled.js'
import { TransportError } from '../transport.js'
import { createClient } from './create-client.js'

const pod = (name: string): Pod => ({ metadata: { namespace: 'a', name } })

test('each verb asks for its path', async () => {
  const transport = new ScriptedTransport(() => ({ body: { metadata: {}, items: [] } }))
  const client = createClient(transport)
  await client.get(Pod, { namespace: 'a', name: 'p' }, { resourceVersion: '0' })
  await client.list(Pod, { labelSelector: 'app=x,y in (1,2)', limit: 5 })
  await client.list(Node)
  await client.create(Pod, pod('p'), { dryRun: true })
  await client.updateStatus(Pod, pod('p'))
  await client.patch(Pod, { namespace: 'a', name: 'p' }, { type: 'apply', body: {}, force: true }, { fieldManager: 'me' })
  await client.patch(Node, { name: 'n' }, { type: 'merge', body: {} }, { subresource: 'status' })
  await client.delete(Pod, { namespace: 'a', name: 'p' }, { gracePeriodSeconds: 0 })
  await client.deleteCollection(Pod, { namespace: 'a', fieldSelector: 'spec.nodeName=n' })
  await client.createSubresource(Pod, { namespace: 'a', name: 'p' }, 'binding', {})
  assert.deepEqual(transport.asked, [
    'GET /api/v1/namespaces/a/pods/p?resourceVersion=0',
    'GET /api/v1/pods?labelSelector=app%3Dx%2Cy%20in%20(1%2C2)&limit=5',
    'GET /api/v1/nodes',
    'POST /api/v1/namespaces/a/pods?dryRun=All',
    'PUT /api/v1/namespaces/a/pods/p/status',
    'PATCH /api/v1/namespaces/a/pods/p?force=true&fieldManager=me',
    'PATCH /api/v1/nodes/n/status',
    'DELETE /api/v1/namespaces/a/pods/p',
    'DELETE /api/v1/namespaces/a/pods?fieldSelector=spec.nodeName%3Dn',
    'POST /api/v1/namespaces/a/pods/p/binding',
  ])
  assert.equal(transport.requests[5]?.headers?.['content-type'], 'application/apply-patch+yaml')
  assert.equal(transport.requests[7]?.body, '{"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":0}')
})

test('who acts is said in headers', async () => {
  const transport = new ScriptedTransport(() => ({ body: {} }))
  await createClient(transport, { userAgent: 'one' })
    .as('two/1')
    .impersonate({ user: 'u', groups: ['g', 'h'] })
    .get(Node, { name: 'n' })
  assert.deepEqual(transport.requests[0]?.headers, {
    'user-agent': 'two/1',
    'impersonate-user': 'u',
    'impersonate-group': ['g', 'h'],
    accept: 'application/json',
  })
})

test('items of a list say what they are', async () => {
  const transport = new ScriptedTransport(() => ({
    body: { metadata: { resourceVersion: '7', continue: 'c' }, items: [{ metadata: { name: 'p' } }] },
  }))
  assert.deepEqual(await createClient(transport).list(Pod), {
    items: [{ metadata: { name: 'p' }, apiVersion: 'v1', kind: 'Pod' }],
    resourceVersion: '7',
    continue: 'c',
  })
})

test('a failed Status becomes a StatusError with all it says', async () => {
  const status = {
    kind: 'Status',
    status: 'Failure',
    code: 409,
    reason: 'Conflict',
    message: 'no',
    details: { name: 'p', retryAfterSeconds: 2 },
  }
  const transport = new ScriptedTransport(() => ({ status: 409, body: status }))
  await assert.rejects(createClient(transport).get(Pod, { namespace: 'a', name: 'p' }), (error: unknown) => {
    assert.ok(error instanceof StatusError)
    assert.deepEqual([error.code, error.reason, error.message, error.details], [409, 'Conflict', 'no', { name: 'p', retryAfterSeconds: 2 }])
    return true
  })
})

test('an error that is no Status keeps its text', async () => {
  const transport = new ScriptedTransport(() => ({ status: 502, body: 'bad gateway' }))
  await assert.rejects(createClient(transport).get(Node, { name: 'n' }), {
    name: 'StatusError',
    code: 502,
    reason: '',
    message: 'bad gateway',
  })
})

test('a busy server is asked again when it says so, and not after the signal aborts', async () => {
  const clock = new FakeClock()
  const transport = new ScriptedTransport((_, count) =>
    count === 1 ? { status: 429, headers: { 'retry-after': '3' } } : { body: { metadata: { name: 'n' } } },
  )
  const got = createClient(transport, { clock }).get(Node, { name: 'n' })
  await settled(() => clock.nextTimer !== undefined)
  assert.equal(clock.nextTimer, clock.now() + 3000)
  clock.advance(3000)
  assert.equal((await got).metadata.name, 'n')

  const abort = new AbortController()
  const busy = new ScriptedTransport(() => ({ status: 503, headers: { 'retry-after': '3' } }))
  const waiting = createClient(busy, { clock }).get(Node, { name: 'n' }, { signal: abort.signal })
  await settled(() => busy.requests.length === 1 && clock.nextTimer !== undefined)
  abort.abort()
  await assert.rejects(waiting, TransportError)
})
