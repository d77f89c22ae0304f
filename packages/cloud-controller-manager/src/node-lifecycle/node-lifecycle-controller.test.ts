import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ControllerFixture } from '@treeline/client/testing'
import type { InstanceDescription } from '@treeline/cloud-provider'
import { contextOf, metadataOf, nodeOf } from '../fixture.test-support.js'
import { nodeLifecycleController } from './node-lifecycle-controller.js'

const notReady = { conditions: [{ type: 'Ready' as const, status: 'False' as const }] }
const gone: InstanceDescription = { existence: 'gone' }
const there = (shutdown: boolean): InstanceDescription => ({ existence: 'exists', shutdown, metadata: metadataOf('i') })

function fixtureOf(names: readonly string[], answers: Readonly<Record<string, InstanceDescription>>, more = {}) {
  const objects = names.map((name) => nodeOf(name, { status: notReady, ...more }))
  return new ControllerFixture(nodeLifecycleController({ monitorPeriod: 5_000 }), { objects, extra: contextOf(answers) })
}

const deletions = (fixture: ReturnType<typeof fixtureOf>) =>
  fixture
    .takeWrites()
    .filter(({ verb }) => verb === 'delete')
    .map(({ key }) => key)

test('a node is deleted only after its absence was confirmed over half a minute', async () => {
  const fixture = fixtureOf(['a', 'b', 'c', 'd', 'e'], { a: gone, b: there(false), c: there(false), d: there(false), e: there(false) })
  await fixture.settle({ wait: 20_000 })
  assert.deepEqual(deletions(fixture), [])
  await fixture.settle({ wait: 20_000 })
  assert.deepEqual(deletions(fixture), ['a'])
  assert.deepEqual(
    fixture.events.map(({ reason, message }) => [reason, message]),
    [['DeletingNode', 'Deleting node a because it does not exist in the cloud provider']],
  )
})

test('an outage deletes nothing: unknown is not gone', async () => {
  const fixture = fixtureOf(['a', 'b'], {})
  await fixture.settle({ wait: 30 * 60_000, rounds: 5000 })
  assert.deepEqual(fixture.takeWrites(), [])
})

test('too many nodes gone at once are taken for a mistake of the cloud', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  const fixture = fixtureOf(names, Object.fromEntries(names.map((name) => [name, gone])))
  await fixture.settle({ wait: 120_000 })
  assert.deepEqual(deletions(fixture), [])
  assert.ok(fixture.events.every(({ reason }) => reason === 'NodeDeletionSuspended'))
})

test('a young node is not deleted, an eventually consistent cloud may not know it yet', async () => {
  const fixture = fixtureOf(['a'], { a: gone }, { metadata: { creationTimestamp: '2026-01-01T00:00:00Z' } })
  await fixture.settle({ wait: 100_000 })
  assert.deepEqual(deletions(fixture), [])
  await fixture.settle({ wait: 60_000 })
  assert.deepEqual(deletions(fixture), ['a'])
})

test('a stopped instance taints its node, and a ready node loses the taint', async () => {
  const stopped = fixtureOf(['a'], { a: there(true) })
  await stopped.reconcile('all nodes')
  assert.deepEqual(
    stopped.takeWrites().map(({ patch }) => (patch!.body as { spec: object }).spec),
    [{ taints: [{ key: 'node.cloudprovider.kubernetes.io/shutdown', effect: 'NoSchedule' }] }],
  )
  const node = nodeOf('a', { spec: { taints: [{ key: 'node.cloudprovider.kubernetes.io/shutdown', effect: 'NoSchedule' }] } })
  const ready = new ControllerFixture(nodeLifecycleController({ monitorPeriod: 5_000 }), { objects: [node], extra: contextOf({}) })
  await ready.reconcile('all nodes')
  assert.deepEqual(
    ready.takeWrites().map(({ patch }) => (patch!.body as { spec: object }).spec),
    [{ taints: null }],
  )
})
