import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { IndexRanges } from './index-ranges.js'

const indexes = fc.uniqueArray(fc.nat(40))
const limit = 100

test('ranges are written short, two in a row as two', () => {
  assert.equal(IndexRanges.of([5, 1, 3, 4, 9, 8]).toString(), '1,3-5,8,9')
  assert.equal(IndexRanges.empty.toString(), '')
})

test('what is written is what is read', () => {
  fc.assert(
    fc.property(indexes, (list) => {
      const ranges = IndexRanges.of(list)
      assert.equal(IndexRanges.parse(ranges.toString(), limit).toString(), ranges.toString())
    }),
  )
})

test('a set of ranges is the set of its indexes', () => {
  fc.assert(
    fc.property(indexes, indexes, fc.nat(50), fc.nat(60), (a, b, count, top) => {
      const [first, second] = [IndexRanges.of(a), IndexRanges.of(b)]
      const both = new Set([...a, ...b])
      assert.equal(first.size, a.length)
      for (let index = 0; index <= 41; index++) assert.equal(first.has(index), a.includes(index))
      assert.equal(first.union(second).toString(), IndexRanges.of(both).toString())
      assert.equal(first.overlap(second), a.filter((index) => b.includes(index)).length)
      const missing = Array.from({ length: top }, (_, index) => index).filter((index) => !a.includes(index))
      assert.deepEqual(first.gaps(count, top), missing.slice(0, count))
    }),
  )
})

test('what is malformed or beyond the limit is left out', () => {
  assert.equal(IndexRanges.parse('0,x,2-,5-7,20', 7).toString(), '0,5,6')
  assert.equal(IndexRanges.parse(undefined, 7).size, 0)
})
