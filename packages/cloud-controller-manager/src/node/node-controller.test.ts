import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Node } from '@treeline/api'
import { ControllerFixture } from '@treeline/client/testing'
import { contextOf, metadataOf, nodeOf } from '../fixture.test-support.js'
import { nodeAddresses } from './addresses.js'
import { nodeController, uninitializedTaint } from './node-controller.js'

const tainted = { taints: [{ key: uninitializedTaint, value: 'true', effect: 'NoSchedule' as const }] }
const options = { statusUpdateFrequency: 300_000, workers: 1 }

test('a new node gets providerID, labels and the end of its taint in one PUT, addresses after it, and an event', async () => {
  const metadata = { ...metadataOf('i-1'), additionalLabels: { 'example.com/rack': '7', 'foo.k8s.io/bar': 'dropped', keep: 'cloud' } }
  const node = nodeOf('a', {
    spec: tainted,
    metadata: { labels: { keep: 'own' } },
    status: { addresses: [{ type: 'Hostname', address: 'a' }] },
  })
  const fixture = new ControllerFixture(nodeController(options), {
    objects: [node],
    extra: contextOf({ a: { existence: 'exists', shutdown: false, metadata } }),
  })
  await fixture.settle()

  const writes = fixture.takeWrites()
  assert.deepEqual(
    writes.map(({ verb, subresource }) => [verb, subresource]),
    [
      ['update', undefined],
      ['patch', 'status'],
    ],
  )
  const written = writes[0]?.object as Node
  assert.equal(written.spec?.providerID, 'test:///i-1')
  assert.deepEqual(written.spec?.taints, [])
  assert.deepEqual(written.metadata.labels, {
    keep: 'own',
    'example.com/rack': '7',
    'beta.kubernetes.io/instance-type': 'small',
    'node.kubernetes.io/instance-type': 'small',
    'failure-domain.beta.kubernetes.io/zone': 'z1',
    'topology.kubernetes.io/zone': 'z1',
    'failure-domain.beta.kubernetes.io/region': 'r1',
    'topology.kubernetes.io/region': 'r1',
  })
  assert.deepEqual(writes[1]?.patch?.body, {
    status: { addresses: [{ type: 'InternalIP', address: '10.0.0.1' }, { type: 'Hostname', address: 'a' }, { $patch: 'replace' }] },
  })
  assert.deepEqual(
    fixture.events.map(({ reason, message }) => [reason, message]),
    [['Synced', 'Node synced successfully']],
  )
})

test('a node of another cloud, and one the cloud cannot tell about, keep their taint', async () => {
  const foreign = new ControllerFixture(nodeController(options), {
    objects: [nodeOf('a', { spec: tainted })],
    extra: contextOf({ a: { existence: 'foreign' } }),
  })
  await foreign.settle()
  assert.deepEqual(foreign.takeWrites(), [])

  const unknown = new ControllerFixture(nodeController(options), { objects: [nodeOf('a', { spec: tainted })], extra: contextOf({}) })
  await assert.rejects(unknown.reconcile('a'), /cannot be reached/)
  assert.deepEqual(unknown.takeWrites(), [])
})

test('a provided node IP that the cloud does not know writes nothing', async () => {
  const node = nodeOf('a', { spec: tainted, metadata: { annotations: { 'alpha.kubernetes.io/provided-node-ip': '10.9.9.9' } } })
  const fixture = new ControllerFixture(nodeController(options), {
    objects: [node],
    extra: contextOf({ a: { existence: 'exists', shutdown: false, metadata: metadataOf('i-1') } }),
  })
  await assert.rejects(
    fixture.reconcile('a'),
    /provided node ip for node "a" is not valid: failed to get node address from cloud provider that matches ip: 10\.9\.9\.9/,
  )
  assert.deepEqual(fixture.takeWrites(), [])
})

test('a stable label that drifted is repaired from its beta twin', async () => {
  const labels = { 'failure-domain.beta.kubernetes.io/zone': 'z1', 'topology.kubernetes.io/zone': 'other' }
  const fixture = new ControllerFixture(nodeController(options), {
    objects: [nodeOf('a', { metadata: { labels } })],
    extra: contextOf({ a: { existence: 'exists', shutdown: false, metadata: { ...metadataOf('i'), addresses: [] } } }),
  })
  await fixture.settle()
  assert.deepEqual(
    fixture.takeWrites().map(({ patch }) => patch?.body),
    [{ metadata: { labels: { 'topology.kubernetes.io/zone': 'z1' } } }],
  )
  assert.equal(fixture.client.all().length, 1)
})

test('a provided node IP comes first and its type is then its alone', () => {
  const cloud = [
    { type: 'InternalIP', address: '10.0.0.1' },
    { type: 'InternalIP', address: '10.0.0.2' },
    { type: 'ExternalIP', address: '1.2.3.4' },
    { type: 'Hostname', address: 'a' },
  ] as const
  assert.deepEqual(nodeAddresses(cloud, '10.0.0.2'), [cloud[1], cloud[2], cloud[3]])
  assert.deepEqual(nodeAddresses(cloud, undefined), cloud)
  assert.throws(() => nodeAddresses(cloud, 'nonsense'), /could not parse "nonsense"/)
  assert.throws(() => nodeAddresses(cloud, '10.0.0.1,10.0.0.2'), /dual-stack pair/)
})
