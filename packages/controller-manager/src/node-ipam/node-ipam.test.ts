import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Node } from '@treeline/api'
import { ControllerFixture } from '@treeline/client/testing'
import fc from 'fast-check'
import { node, world } from '../testing/objects.js'
import { formatCidr, parseCidr, subnetAt } from './cidr.js'
import { CidrSet } from './cidr-set.js'
import { nodeIpamController } from './index.js'

test('ranges are written as they are read', () => {
  const v4 = fc
    .tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.nat(32))
    .map(([base, prefix]) => ({ family: 4 as const, base: BigInt(base), prefix }))
  const v6 = fc
    .tuple(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), fc.nat(128))
    .map(([base, prefix]) => ({ family: 6 as const, base, prefix }))
  fc.assert(
    fc.property(fc.oneof(v4, v6), ({ family, base, prefix }) => {
      const host = BigInt((family === 6 ? 128 : 32) - prefix)
      const cidr = { family, base: (base >> host) << host, prefix }
      assert.deepEqual(parseCidr(formatCidr(cidr)), cidr)
    }),
  )
  assert.equal(formatCidr(parseCidr('2001:db8:0:0:1:0:0:1/128')), '2001:db8::1:0:0:1/128')
  assert.equal(formatCidr(subnetAt(parseCidr('fd00::/48'), 64, 258)), 'fd00:0:0:102::/64')
})

test('what is no range is refused', () => {
  for (const text of ['', '10.0.0.0', '10.0.0.0/33', '10.0.0/8', '01.0.0.0/8', '1:2::3::4/64', '::/129', 'a/b'])
    assert.throws(() => parseCidr(text), text)
  assert.throws(() => CidrSet.of('10.0.0.0/24', 16), /do not fit/)
  assert.throws(() => CidrSet.of('10.0.0.0/8', 25), /more than 65536/)
})

test('no range is given out twice before it is released, and none is lost', () => {
  const step = fc.oneof(
    fc.constant('take' as const),
    fc.nat(15).map((index) => ({ release: index })),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const set = CidrSet.of('10.0.0.0/20', 24)
      set.occupy('10.0.3.128/25')
      const held = new Set<string>(['10.0.3.0/24'])
      for (const one of steps) {
        if (one !== 'take') {
          const cidr = [...held].filter((other) => other !== '10.0.3.0/24')[one.release]
          if (cidr) {
            set.release(cidr)
            held.delete(cidr)
          }
          continue
        }
        const cidr = set.allocate()
        assert.equal(cidr === undefined, held.size === 16)
        if (cidr !== undefined) {
          assert.ok(!held.has(cidr))
          held.add(cidr)
        }
      }
    }),
  )
})

test('every node gets a range of each family, what others hold and services use is left out', async () => {
  const definition = nodeIpamController({ clusterCidrs: ['10.0.0.0/22', 'fd00::/60'], serviceCidrs: ['10.0.0.0/24'] })
  const fixture = new ControllerFixture(definition, { objects: [node('a'), node('b', { podCIDR: '10.0.1.0/24' }), node('c')] })
  await fixture.settle()
  assert.deepEqual(
    world(fixture, Node).map(({ spec }) => spec?.podCIDRs),
    [['10.0.2.0/24', 'fd00::/64'], ['10.0.1.0/24'], ['10.0.3.0/24', 'fd00:0:0:1::/64']],
  )
  fixture.client.put(node('d'))
  await assert.rejects(fixture.settle(), /no remaining CIDRs/)
  assert.equal(fixture.events.at(-1)?.reason, 'CIDRNotAvailable')
  fixture.client.drop(world(fixture, Node)[0]!)
  fixture.enqueueAgain('d')
  await fixture.settle()
  assert.deepEqual(world(fixture, Node).at(-1)?.spec?.podCIDRs?.[0], '10.0.2.0/24')
})
