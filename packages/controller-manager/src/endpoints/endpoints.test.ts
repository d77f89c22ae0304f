import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Endpoints, Service } from '@treeline/api'
import { ControllerFixture, FakeClock } from '@treeline/client/testing'
import fc from 'fast-check'
import { pod, service, world } from '../testing/objects.js'
import { endpointsController } from './index.js'
import { type AddressAtPort, packSubsets, truncateSubsets, unpackSubsets } from './subsets.js'

const plain = { noNullPrototype: true } as const
const target = fc.record({ uid: fc.nat(3).map(String) }, plain)
const port = fc.record({ name: fc.constantFrom('a', 'b'), port: fc.constantFrom(1, 2), protocol: fc.constant('TCP' as const) }, plain)
const address = fc.record({ ip: fc.nat(8).map((last) => `10.0.0.${last}`), targetRef: target }, plain)
const entry = fc.record({ address, ready: fc.boolean(), port }, plain)

test('packing loses nothing, and does not depend on order', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 20 }), (entries: AddressAtPort[]) => {
      const packed = packSubsets(entries)
      assert.deepEqual(packSubsets([...entries].reverse()), packed)
      assert.deepEqual(packSubsets(unpackSubsets(packed)), packed)
      const texts = (list: readonly AddressAtPort[]) =>
        new Set(list.map(({ address, port }) => JSON.stringify([address.ip, address.targetRef?.uid, port?.name, port?.port])))
      assert.deepEqual(texts(unpackSubsets(packed)), texts(entries))
    }),
  )
})

test('at most 1,000 addresses are listed, ready ones first', () => {
  const many = Array.from(
    { length: 1500 },
    (_, index): AddressAtPort => ({ address: { ip: `10.0.${index >> 8}.${index & 255}` }, ready: index < 900, port: { port: 80 } }),
  )
  const subsets = packSubsets(many)
  assert.equal(truncateSubsets(subsets), true)
  assert.deepEqual([subsets[0]?.addresses?.length, subsets[0]?.notReadyAddresses?.length], [900, 100])
})

test('Endpoints of a service follow its pods, and go with it; those of others stay', async () => {
  const clock = new FakeClock('2026-01-01T01:00:00Z')
  const own: Endpoints = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { namespace: 'a', name: 'by-hand', uid: 'x' },
    subsets: [{ addresses: [{ ip: '1.2.3.4' }] }],
  }
  const objects = [
    service('web'),
    pod('p', { ready: true, node: 'n', ip: '10.0.0.1' }),
    pod('q', { ready: false, node: 'n', ip: '10.0.0.2' }),
    own,
  ]
  const fixture = new ControllerFixture(endpointsController(clock), { objects, clock })
  await fixture.settle()
  const endpoints = () => world(fixture, Endpoints)
  const target = (name: string) => ({ kind: 'Pod', namespace: 'a', name, uid: `uid of ${name}` })
  assert.deepEqual(endpoints()[1]?.subsets, [
    {
      addresses: [{ ip: '10.0.0.1', nodeName: 'n', targetRef: target('p') }],
      notReadyAddresses: [{ ip: '10.0.0.2', nodeName: 'n', targetRef: target('q') }],
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    },
  ])
  assert.deepEqual(endpoints()[1]?.metadata.labels, { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' })
  fixture.client.drop(world(fixture, Service)[0]!)
  await fixture.settle()
  assert.deepEqual(
    endpoints().map(({ metadata }) => metadata.name),
    ['by-hand'],
  )
})
