import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { compareKeys } from './key.js'
import { OrderedMap } from './ordered-map.js'

const anyKey = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ unit: fc.constantFrom('a', 'b', '/', '\uffee', '😀', 'é'), maxLength: 5 }),
)

it('keys are ordered as their bytes are', () => {
  fc.assert(
    fc.property(anyKey, anyKey, (a, b) => {
      assert.equal(Math.sign(compareKeys(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)))
    }),
  )
})

it('an ordered map behaves as a sorted list of entries', () => {
  const command = fc.oneof(
    { weight: 6, arbitrary: fc.record({ type: fc.constant('set' as const), key: fc.nat(3000) }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('delete' as const), key: fc.nat(3000) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('read' as const), key: fc.nat(3000) }) },
  )
  const keyOf = (key: number) => `/${key.toString(36)}`
  fc.assert(
    fc.property(fc.array(command, { minLength: 1, maxLength: 3000, size: 'max' }), (commands) => {
      const map = new OrderedMap<number>()
      const model = new Map<string, number>()
      for (const [value, command] of commands.entries()) {
        const key = keyOf(command.key)
        if (command.type === 'set') {
          assert.equal(map.set(key, value), model.get(key))
          model.set(key, value)
        } else if (command.type === 'delete') {
          assert.equal(map.delete(key), model.get(key))
          model.delete(key)
        } else {
          assert.equal(map.get(key), model.get(key))
          assert.equal(map.size, model.size)
          const sorted = [...model].sort(([a], [b]) => compareKeys(a, b))
          const rank = sorted.filter(([other]) => compareKeys(other, key) < 0).length
          assert.equal(map.rank(key), rank)
          assert.deepEqual([...map.entries(key)], sorted.slice(rank))
          const visited: string[] = []
          map.visit(key, (_, found) => visited.push(found) < 3)
          assert.deepEqual(visited, sorted.slice(rank, rank + 3).map(([found]) => found)) // biome-ignore format: one thought
        }
      }
      assert.deepEqual(
        [...map.entries()],
        [...model].sort(([a], [b]) => compareKeys(a, b)),
      )
    }),
    { numRuns: 30 },
  )
})
