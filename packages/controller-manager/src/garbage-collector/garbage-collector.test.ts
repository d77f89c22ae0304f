import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigMap, Namespace, ReplicaSet } from '@treeline/api'
import type { DiscoveredResource } from '@treeline/client'
import { RecordingClient } from '@treeline/client/testing'
import type { KubernetesObject, OwnerReference } from '@treeline/machinery'
import { type Examination, examine, NotYet } from './examine.js'
import { AbsentOwners, type GraphNode, OwnerGraph } from './owner-graph.js'
import { ResourceMapper } from './resource-mapper.js'

const resources: DiscoveredResource[] = [ConfigMap, ReplicaSet, Namespace].map(({ group, version, kind, plural, scope }) => ({
  group,
  version,
  kind,
  plural,
  scope,
  verbs: ['list', 'watch', 'delete'],
  subresources: [],
}))

const reference = (name: string, extra: Partial<OwnerReference> = {}): OwnerReference => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name,
  uid: `uid of ${name}`,
  ...extra,
})
const map = (name: string, owners: OwnerReference[] = [], extra: Partial<KubernetesObject['metadata']> = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'a', name, uid: `uid of ${name}`, ...(owners.length > 0 && { ownerReferences: owners }), ...extra },
})

/** A graph over a world, seen as far as `see` says. */
function setup(...objects: KubernetesObject[]) {
  const client = new RecordingClient(objects)
  const queue: string[] = []
  const orphans: string[] = []
  const invalid: string[] = []
  const absent = new AbsentOwners()
  const enqueue = (uid: string) => {
    if (!queue.includes(uid)) queue.push(uid)
  }
  const invalidReference = (node: GraphNode, { name }: OwnerReference) => void invalid.push(`${node.identity.name} -> ${name}`)
  const graph = new OwnerGraph({ examine: enqueue, orphan: (uid) => orphans.push(uid), invalidReference }, absent)
  const seen = new Map<string, KubernetesObject>()
  const see = (...names: string[]) => {
    for (const name of names) {
      const object = client.all().find(({ metadata }) => metadata.name === name)
      const uid = `uid of ${name}`
      const old = seen.get(uid)
      if (object) {
        const resource = resources.find(({ kind }) => kind === object.kind)!
        seen.set(uid, structuredClone(object))
        graph.observe(resource, structuredClone(object), old)
      } else {
        seen.delete(uid)
        graph.removed(uid)
      }
    }
  }
  const examination: Examination = {
    graph,
    absent,
    client,
    signal: new AbortController().signal,
    mapper: () => new ResourceMapper(resources),
    seen: ({ uid }) => seen.get(uid),
    complete: () => true,
    examineLater: enqueue,
    invalidReference,
  }
  const work = async () => {
    for (let uid = queue.shift(); uid !== undefined; uid = queue.shift()) {
      const node = graph.get(uid)
      if (node) await examine(examination, node)
    }
  }
  const writes = () =>
    client.actions
      .splice(0)
      .filter(({ verb }) => verb !== 'get')
      .map(({ verb, key, options }) => [verb, key, options?.propagationPolicy].filter(Boolean).join(' '))
  const gets = () => client.actions.filter(({ verb }) => verb === 'get').map(({ key }) => key)
  return { client, graph, queue, orphans, invalid, see, work, writes, gets }
}

test('what has lost its owner is deleted, after a look at the server and bound to what was seen', async () => {
  const { see, work, client } = setup(map('child', [reference('owner')]))
  see('child')
  await work()
  assert.deepEqual(
    client.actions.map(({ verb, key }) => `${verb} ${key}`),
    ['get a/owner', 'delete a/child'],
  )
  assert.deepEqual(client.actions[1]?.options, {
    propagationPolicy: 'Background',
    preconditions: { uid: 'uid of child', resourceVersion: '101' },
  })
})

test('what has an owner stays, without asking the server', async () => {
  const { see, work, client, queue } = setup(map('owner'), map('child', [reference('owner')]))
  see('owner', 'child')
  assert.deepEqual(queue, [])
  await work()
  assert.deepEqual(client.actions, [])
})

test('an owner that was not seen yet, but is there, is waited for', async () => {
  const { see, work } = setup(map('owner'), map('child', [reference('owner')]))
  see('child')
  await assert.rejects(work(), NotYet)
})

test('an owner of the same name with another uid is none', async () => {
  const { see, work, writes } = setup(map('owner', [], { uid: 'another' }), map('child', [reference('owner')]))
  see('child')
  await work()
  assert.deepEqual(writes(), ['delete a/child' + ' Background'])
})

test('the removal of an owner takes its dependents, one absent owner is looked for once', async () => {
  const { see, work, writes, gets, client } = setup(map('owner'), ...['x', 'y', 'z'].map((name) => map(name, [reference('owner')])))
  see('owner', 'x', 'y', 'z')
  client.drop(map('owner'))
  see('owner')
  await work()
  assert.deepEqual(gets(), [])
  assert.deepEqual(writes(), ['delete a/x Background', 'delete a/y Background', 'delete a/z Background'])
})

test('with one owner left only the useless reference goes', async () => {
  const { see, work, client } = setup(map('owner'), map('child', [reference('owner'), reference('gone')]))
  see('owner', 'child')
  await work()
  assert.deepEqual(
    client.writes.map(({ verb, patch }) => [verb, patch?.body]),
    [['patch', { metadata: { uid: 'uid of child', ownerReferences: [{ $patch: 'delete', uid: 'uid of gone' }] } }]],
  )
})

test('foreground: dependents that block go first, then the finalizer', async () => {
  const deleting = { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['foregroundDeletion'] }
  const { see, work, writes, client } = setup(
    map('owner', [], deleting),
    map('blocks', [reference('owner', { blockOwnerDeletion: true })]),
    map('does-not', [reference('owner')]),
  )
  see('blocks', 'does-not', 'owner')
  await work()
  assert.deepEqual(writes().sort(), ['delete a/blocks Background', 'delete a/does-not Background'])
  see('does-not')
  await work()
  assert.deepEqual(writes(), ['delete a/blocks Background'])
  see('blocks')
  await work()
  assert.deepEqual(writes(), ['patch a/owner'])
  assert.equal(client.all().length, 0)
})

test('a dependent that has dependents of its own goes by foreground too', async () => {
  const deleting = { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['foregroundDeletion'] }
  const { see, work, writes } = setup(
    map('owner', [], deleting),
    map('child', [reference('owner', { blockOwnerDeletion: true })]),
    map('grandchild', [reference('child')]),
  )
  see('child', 'grandchild', 'owner')
  await work()
  assert.deepEqual(writes(), ['delete a/child Foreground'])
})

test('owners that wait for each other are let out of the circle', async () => {
  const deleting = { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['foregroundDeletion'] }
  const { see, work, client } = setup(
    map('one', [reference('two', { blockOwnerDeletion: true })], deleting),
    map('two', [reference('one', { blockOwnerDeletion: true })]),
  )
  see('one', 'two')
  await work()
  const [first, second] = client.writes
  assert.deepEqual(first?.patch?.body, {
    metadata: { uid: 'uid of two', ownerReferences: [{ uid: 'uid of one', blockOwnerDeletion: false }] },
  })
  assert.equal(second?.options?.propagationPolicy, 'Foreground')
})

test('the finalizer orphan asks for the dependents to be freed', () => {
  const { see, orphans } = setup(
    map('owner', [], { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['orphan'] }),
    map('child', [reference('owner')]),
  )
  see('child', 'owner')
  assert.deepEqual(orphans, ['uid of owner'])
})

test('an owner in another namespace is none, and that is told', async () => {
  const { see, work, writes, invalid } = setup(map('owner', [], { namespace: 'b' }), map('child', [reference('owner')]))
  see('owner', 'child')
  assert.deepEqual(invalid, ['child -> owner'])
  await work()
  assert.deepEqual(writes(), ['delete a/child Background'])
})

test('a reference of a cluster-scoped object to a namespaced one is told and does no harm', async () => {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n', uid: 'uid of n', ownerReferences: [reference('owner')] } }
  const { see, work, writes, invalid } = setup(map('owner'), namespace)
  see('owner', 'n')
  await work()
  assert.deepEqual(writes(), [])
  assert.ok(invalid.length > 0)
})

test('an owner added in the meantime saves an object: what was seen is no longer what is there', async () => {
  const { see, work, writes, client, queue } = setup(map('owner'), map('child', [reference('gone')]))
  see('owner', 'child')
  client.put(map('child', [reference('gone'), reference('owner')]))
  await assert.rejects(work(), NotYet)
  assert.equal(client.all().length, 2)
  see('child')
  queue.push('uid of child')
  await work()
  assert.deepEqual(writes().at(-1), 'patch a/child')
})

test('an object that has changed in other ways is deleted as it is now', async () => {
  const { see, work, client } = setup(map('child', [reference('gone')]))
  see('child')
  client.put(map('child', [reference('gone')], { labels: { changed: 'yes' } }))
  await work()
  assert.equal(client.all().length, 0)
})

test('two dependents that disagree on where their owner is: only the wrong one goes', async () => {
  const { see, work, client } = setup(
    map('owner'),
    map('right', [reference('owner')]),
    map('wrong', [reference('other', { uid: 'uid of owner' })]),
  )
  see('wrong', 'right')
  await work().catch((error: unknown) => assert.ok(error instanceof NotYet))
  see('owner')
  await work()
  assert.deepEqual(
    client
      .all()
      .map(({ metadata }) => metadata.name)
      .sort(),
    ['owner', 'right'],
  )
})
