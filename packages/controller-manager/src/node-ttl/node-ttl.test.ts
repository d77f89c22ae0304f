import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nextStep } from './index.js'

test('steps follow the number of nodes, with bounds that overlap', () => {
  assert.deepEqual(
    [nextStep(0, 100), nextStep(0, 101), nextStep(1, 95), nextStep(1, 89), nextStep(0, 5000), nextStep(4, 0)],
    [0, 1, 1, 0, 4, 0],
  )
})

test('a step once reached stays as long as the number does', () => {
  fc.assert(
    fc.property(fc.nat(4), fc.nat(3000), (step, nodes) => {
      const next = nextStep(step, nodes)
      assert.equal(nextStep(next, nodes), next)
    }),
  )
})
