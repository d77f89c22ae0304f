import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EndpointSlice, type Node, type Pod, type Service } from '@treeline/api'
import { ControllerFixture, FakeClock } from '@treeline/client/testing'
import { change, node, pod, service, world } from '../testing/objects.js'
import { endpointSliceController } from './index.js'

const zoned = node('n1', { labels: { 'topology.kubernetes.io/zone': 'z1' } })

function setup(...objects: (Service | Pod | Node)[]) {
  const clock = new FakeClock('2026-01-01T01:00:00Z')
  const fixture = new ControllerFixture(endpointSliceController(clock), { objects: [zoned, ...objects], clock })
  return { fixture, clock, slices: () => world(fixture, EndpointSlice) }
}

test('an endpoint tells where its pod is and how it does', async () => {
  const { fixture, slices } = setup(
    service('web'),
    pod('p', { ready: '2026-01-01T00:30:00Z', node: 'n1', ip: '10.0.0.1' }),
    pod('other', { ready: true, node: 'n1', ip: '10.0.0.2', labels: { app: 'x' } }),
    pod('ended', { phase: 'Succeeded', node: 'n1', ip: '10.0.0.3' }),
    pod('new', {}),
  )
  await fixture.settle()
  const [slice] = slices()
  assert.deepEqual(slice?.endpoints, [
    {
      addresses: ['10.0.0.1'],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName: 'n1',
      targetRef: { kind: 'Pod', namespace: 'a', name: 'p', uid: 'uid of p' },
      zone: 'z1',
    },
  ])
  assert.deepEqual(slice?.ports, [{ name: 'http', port: 8080, protocol: 'TCP' }])
  assert.deepEqual(slice?.metadata.annotations, { 'endpoints.kubernetes.io/last-change-trigger-time': '2026-01-01T00:00:00Z' })
  assert.equal(slice?.metadata.ownerReferences?.[0]?.kind, 'Service')
})

test('a pod on its way out still serves, but is not ready', async () => {
  const terminating = pod('p', { ready: true, node: 'n1', ip: '10.0.0.1', metadata: { deletionTimestamp: '2026-01-01T01:00:30Z' } })
  const { fixture, slices } = setup(service('web'), terminating)
  await fixture.settle()
  assert.deepEqual(slices()[0]?.endpoints?.[0]?.conditions, { ready: false, serving: true, terminating: true })
})

test('ports are found by name in each pod, and pods that differ in them go to different slices', async () => {
  const container = (containerPort: number) => ({
    containers: [{ name: 'c', image: 'x', ports: [{ name: 'http', containerPort, protocol: 'TCP' as const }] }],
  })
  const named = service('web', { ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }] })
  const { fixture, slices } = setup(
    named,
    pod('p', { ready: true, node: 'n1', ip: '10.0.0.1', spec: container(1000) }),
    pod('q', { ready: true, node: 'n1', ip: '10.0.0.2', spec: container(2000) }),
  )
  await fixture.settle()
  assert.deepEqual(
    slices()
      .map(({ ports }) => ports?.[0]?.port)
      .sort(),
    [1000, 2000],
  )
})

test('as long as the cache does not show its own writes it waits', async () => {
  const { fixture, slices } = setup(service('web'), pod('p', { ready: true, node: 'n1', ip: '10.0.0.1' }))
  await fixture.reconcile('a/web')
  await fixture.reconcile('a/web')
  assert.equal(slices().length, 1)
  fixture.client.put(pod('q', { ready: true, node: 'n1', ip: '10.0.0.2' }))
  await fixture.settle()
  assert.deepEqual([slices().length, slices()[0]?.endpoints?.length], [1, 2])
})

test('its own writes do not wake it, those of others do, and are undone', async () => {
  const { fixture, slices } = setup(service('web'), pod('p', { ready: true, node: 'n1', ip: '10.0.0.1' }))
  await fixture.settle()
  fixture.takeWrites()
  fixture.sync()
  assert.deepEqual(fixture.queued, [])
  change(fixture, slices()[0]!, (copy) => (copy.endpoints = []))
  await fixture.settle()
  assert.equal(slices()[0]?.endpoints?.length, 1)
})

test('hints keep traffic in the zone, or on the node, where the service prefers that', async () => {
  const { fixture, slices } = setup(
    service('web', { trafficDistribution: 'PreferSameNode' }),
    pod('p', { ready: true, node: 'n1', ip: '10.0.0.1' }),
  )
  await fixture.settle()
  assert.deepEqual(slices()[0]?.endpoints?.[0]?.hints, { forZones: [{ name: 'z1' }], forNodes: [{ name: 'n1' }] })
})

test("a service without a selector is nobody's business here", async () => {
  const { fixture } = setup(service('web', { selector: undefined }))
  await fixture.settle()
  assert.deepEqual(fixture.takeWrites(), [])
})

test('a pod whose node is not known is left out for now', async () => {
  const { fixture, slices } = setup(service('web'), pod('p', { ready: true, node: 'unknown', ip: '10.0.0.1' }))
  await assert.rejects(fixture.reconcile('a/web'), /Node unknown Not Found/)
  assert.deepEqual(slices()[0]?.endpoints, [])
})
