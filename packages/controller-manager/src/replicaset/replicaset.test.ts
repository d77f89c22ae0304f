import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pod, ReplicaSet } from '@treeline/api'
import { ControllerFixture, FakeClock } from '@treeline/client/testing'
import { errors, StatusError } from '@treeline/machinery'
import { change, pod, replicaSet, world } from '../testing/objects.js'
import { replicaSetController } from './index.js'

function setup(...objects: (ReplicaSet | Pod)[]) {
  const clock = new FakeClock('2026-01-01T01:00:00Z')
  const fixture = new ControllerFixture(replicaSetController(clock), { objects, clock })
  return { fixture, clock, pods: () => world(fixture, Pod), set: () => world(fixture, ReplicaSet)[0]! }
}

test('missing pods are made from the template, each told of', async () => {
  const { fixture, pods, set } = setup(replicaSet('web'))
  await fixture.settle()
  assert.equal(pods().length, 3)
  const [first] = pods()
  assert.match(first?.metadata.name ?? '', /^web-[a-z0-9]{5}$/)
  assert.deepEqual(first?.metadata.ownerReferences, [
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'uid of web', controller: true, blockOwnerDeletion: true },
  ])
  assert.deepEqual(set().status?.replicas, 3)
  assert.deepEqual(
    fixture.events.map(({ reason }) => reason),
    ['SuccessfulCreate', 'SuccessfulCreate', 'SuccessfulCreate'],
  )
})

test('as long as the cache does not show its own creations it makes no more', async () => {
  const { fixture, pods } = setup(replicaSet('web'))
  await fixture.reconcile('a/web')
  await fixture.reconcile('a/web')
  assert.equal(pods().length, 3)
  fixture.sync()
  await fixture.reconcile('a/web')
  assert.equal(pods().length, 3)
})

test('what the cache never shows is given up after five minutes', async () => {
  const { fixture, clock, pods } = setup(replicaSet('web', { replicas: 1 }))
  await fixture.reconcile('a/web')
  fixture.client.drop(pods()[0]!)
  clock.advance(299_000)
  await fixture.reconcile('a/web')
  assert.equal(pods().length, 0)
  clock.advance(2000)
  await fixture.reconcile('a/web')
  assert.equal(pods().length, 1)
})

test('creation begins slowly and stops at the first failure, which the status tells', async () => {
  const { fixture, set } = setup(replicaSet('web', { replicas: 20 }))
  const quota = errors.forbidden({ group: '', resource: 'pods' }, 'x', 'exceeded quota')
  fixture.client.fail({ verb: 'create', kind: 'Pod', error: quota })
  await assert.rejects(fixture.reconcile('a/web'), /exceeded quota/)
  assert.equal(fixture.client.actions.filter(({ verb }) => verb === 'create').length, 1)
  const [condition] = set().status?.conditions ?? []
  assert.deepEqual([condition?.type, condition?.reason, condition?.message], ['ReplicaFailure', 'FailedCreate', quota.message])
  assert.equal(fixture.events[0]?.message, `Error creating: ${quota.message}`)
})

test('in a namespace that goes away nothing is made and nothing failed', async () => {
  const { fixture } = setup(replicaSet('web'))
  const terminating = new StatusError({
    code: 403,
    reason: 'Forbidden',
    message: 'no',
    details: { causes: [{ reason: 'NamespaceTerminating' }] },
  })
  fixture.client.fail({ verb: 'create', kind: 'Pod', error: terminating })
  await fixture.reconcile('a/web')
  assert.deepEqual(fixture.events, [])
})

test('a matching orphan is adopted after a live look at the owner, one that no longer matches is released', async () => {
  const set = replicaSet('web', { replicas: 1 })
  const { fixture, pods } = setup(set, pod('orphan'), pod('stray', { owner: set, labels: { app: 'other' } }))
  await fixture.reconcile('a/web')
  assert.deepEqual(
    fixture.client.actions.slice(0, 3).map(({ verb, kind, key }) => `${verb} ${kind} ${key}`),
    ['patch Pod a/stray', 'get ReplicaSet a/web', 'patch Pod a/orphan'],
  )
  assert.deepEqual(fixture.client.actions[0]?.patch?.body, {
    metadata: { uid: 'uid of stray', ownerReferences: [{ $patch: 'delete', uid: 'uid of web' }] },
  })
  assert.equal(pods().length, 2)
})

test('an owner that was made anew does not adopt', async () => {
  const set = replicaSet('web', { replicas: 1 })
  const { fixture } = setup(set, pod('orphan'))
  fixture.client.put({ ...set, metadata: { ...set.metadata, uid: 'another' } })
  await assert.rejects(fixture.reconcile('a/web'), /is gone: got uid another, wanted uid of web/)
})

test('pods too many are deleted, those of least use first, each once', async () => {
  const set = replicaSet('web', { replicas: 1 })
  const { fixture, pods } = setup(
    set,
    pod('ready', { owner: set, ready: true, node: 'n' }),
    pod('running', { owner: set, ready: false, node: 'n' }),
    pod('pending', { owner: set, node: 'n' }),
    pod('ended', { owner: set, phase: 'Failed' }),
  )
  await fixture.reconcile('a/web')
  await fixture.reconcile('a/web')
  assert.deepEqual(
    pods().map(({ metadata }) => metadata.name),
    ['ended', 'ready'],
  )
  assert.equal(fixture.client.actions.filter(({ verb }) => verb === 'delete').length, 2)
})

test('availability is looked at again when it is due', async () => {
  const set = replicaSet('web', { replicas: 1, minReadySeconds: 30 })
  const { fixture, set: current } = setup(set, pod('p', { owner: set, ready: '2026-01-01T00:59:50Z' }))
  assert.deepEqual(await fixture.reconcile('a/web'), { requeueAfter: 20_000 })
  assert.deepEqual([current().status?.readyReplicas, current().status?.availableReplicas], [1, 0])
  await fixture.settle({ wait: 20_000 })
  assert.equal(current().status?.availableReplicas, 1)
})

test('a pod being deleted does not count, and its replacement is made at once', async () => {
  const set = replicaSet('web', { replicas: 1 })
  const { fixture, pods, set: current } = setup(set, pod('p', { owner: set, ready: true }))
  await fixture.settle()
  change(fixture, pods()[0]!, (copy) => (copy.metadata.deletionTimestamp = '2026-01-01T01:00:00Z'))
  await fixture.settle()
  assert.equal(pods().length, 2)
  assert.deepEqual([current().status?.replicas, current().status?.terminatingReplicas], [1, 1])
})
