import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Endpoint, EndpointSlice } from '@treeline/api'
import fc from 'fast-check'
import { service } from '../testing/objects.js'
import { endpointId, type PortGroup, portsId, sameEndpoint } from './desired-endpoints.js'
import { planSlices } from './slice-plan.js'

const owner = service('web')
const ports = [{ name: 'http', port: 8080, protocol: 'TCP' as const }]
const endpoint = (number: number, ready = true): Endpoint => ({
  addresses: [`10.0.0.${number}`],
  conditions: { ready, serving: ready, terminating: false },
  targetRef: { kind: 'Pod', namespace: 'a', name: `p${number}`, uid: `u${number}` },
})
const group = (endpoints: readonly Endpoint[]): Map<string, PortGroup> =>
  new Map([[portsId(ports), { ports, endpoints: new Map(endpoints.map((one) => [endpointId(one), one])) }]])

/** Carries a plan out on the slices there are. */
function carryOut(existing: readonly EndpointSlice[], endpoints: readonly Endpoint[], capacity: number) {
  const plan = planSlices(owner, 'IPv4', existing, group(endpoints), capacity)
  const byName = new Map(existing.map((slice) => [slice.metadata.name, slice]))
  for (const slice of plan.delete) byName.delete(slice.metadata.name)
  for (const slice of plan.update) byName.set(slice.metadata.name, slice)
  plan.create.forEach((slice, index) => {
    const name = `s${byName.size}-${index}-${Math.random()}`
    byName.set(name, { ...slice, metadata: { ...slice.metadata, name } })
  })
  return { plan, slices: [...byName.values()] }
}

test('any sequence of changes leaves exactly the endpoints wanted, in slices that are not too full', () => {
  const state = fc.uniqueArray(fc.record({ number: fc.nat(40), ready: fc.boolean() }), { selector: ({ number }) => number, maxLength: 30 })
  fc.assert(
    fc.property(fc.array(state, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 7 }), (states, capacity) => {
      let slices: EndpointSlice[] = []
      for (const wanted of states) {
        const endpoints = wanted.map(({ number, ready }) => endpoint(number, ready))
        const before = new Map(
          slices.flatMap((slice) => (slice.endpoints ?? []).map((one) => [endpointId(one), slice.metadata.name] as const)),
        )
        const { plan, slices: after } = carryOut(slices, endpoints, capacity)
        const found = after.flatMap((slice) => slice.endpoints ?? [])
        assert.deepEqual(found.map(endpointId).sort(), endpoints.map(endpointId).sort())
        for (const one of found) assert.ok(sameEndpoint(one, endpoints.find((other) => endpointId(other) === endpointId(one))!))
        for (const slice of after) assert.ok((slice.endpoints?.length ?? 0) <= capacity)
        assert.ok(after.length > 0)
        // What stays, stays where it is, unless its slice was given up.
        for (const slice of after)
          for (const one of slice.endpoints ?? []) {
            const at = before.get(endpointId(one))
            if (
              at !== undefined &&
              after.some(({ metadata }) => metadata.name === at) &&
              !plan.update.some(({ metadata }) => metadata.name === at)
            )
              assert.equal(slice.metadata.name, at)
          }
        const again = planSlices(owner, 'IPv4', after, group(endpoints), capacity)
        assert.deepEqual([again.create.length, again.update.length, again.delete.length], [0, 0, 0])
        slices = after
      }
    }),
  )
})

test('one more endpoint goes to the fullest slice that has room', () => {
  const slices = carryOut(
    [],
    [1, 2, 3, 4, 5].map((number) => endpoint(number)),
    2,
  ).slices
  const { plan } = carryOut(
    slices,
    [1, 2, 3, 4, 5, 6].map((number) => endpoint(number)),
    2,
  )
  assert.deepEqual([plan.create.length, plan.update.length, plan.unchanged.length], [0, 1, 2])
  assert.equal(plan.update[0]?.endpoints?.length, 2)
})

test('none at all is one empty slice, which stays as it is', () => {
  const { plan, slices } = carryOut([], [], 100)
  assert.deepEqual([plan.create.length, slices[0]?.endpoints, slices[0]?.ports], [1, [], []])
  assert.equal(carryOut(slices, [], 100).plan.unchanged.length, 1)
  const filled = carryOut(slices, [endpoint(1)], 100)
  assert.deepEqual([filled.plan.create.length, filled.plan.update.length, filled.plan.delete.length], [0, 1, 0])
})

test('labels of the service are copied, but not those that the slice is found by', () => {
  const labelled = { ...owner, metadata: { ...owner.metadata, labels: { team: 'x', 'kubernetes.io/service-name': 'other' } } }
  const [slice] = planSlices(labelled, 'IPv4', [], group([endpoint(1)]), 100).create
  assert.deepEqual(slice?.metadata.labels, {
    team: 'x',
    'kubernetes.io/service-name': 'web',
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
  })
})
