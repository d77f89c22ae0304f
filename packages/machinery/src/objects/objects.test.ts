import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { deepCopy, getKey, setKey } from './deep-copy.js'
import { deepEqual } from './deep-equal.js'
import { deepFreeze } from './deep-freeze.js'

describe('JSON values', () => {
  test('a copy is equal and shares nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const copy = deepCopy(deepFreeze(value))
        assert.deepEqual(copy, value)
        assert.ok(deepEqual(copy, value))
        assert.ok(typeof copy !== 'object' || copy === null || !Object.isFrozen(copy))
      }),
    )
  })

  test('equality is that of the values', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }), (a, b) => {
        const sorted = (value: unknown) =>
          JSON.stringify(value, (_, inner) =>
            inner && typeof inner === 'object' && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort()) : inner,
          )
        assert.equal(deepEqual(a, b), sorted(a) === sorted(b) || Object.is(a, -0) || Object.is(b, -0))
      }),
    )
    assert.ok(deepEqual({ a: 1, b: undefined }, { a: 1 }))
    assert.ok(!deepEqual({ a: null }, {}))
    assert.ok(!deepEqual({ a: undefined, b: 1 }, { a: 1, b: undefined }))
    assert.ok(!deepEqual([], {}))
    assert.ok(!deepEqual({ toString: 1 }, {}))
    assert.ok(deepEqual({ a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 2 }] } }))
  })

  test('everything below is frozen', () => {
    const value = deepFreeze({ a: [{ b: 1 }] })
    assert.throws(() => (value.a[0]!.b = 2), TypeError)
    assert.throws(() => value.a.push({ b: 3 }), TypeError)
  })

  test('__proto__ is a key like any other', () => {
    const evil = JSON.parse('{"__proto__":{"polluted":1}}')
    const copy = deepCopy(evil)
    assert.deepEqual(Object.keys(copy), ['__proto__'])
    assert.equal(copy.polluted, undefined)
    assert.ok(deepEqual(copy, evil))
    const object: Record<string, unknown> = {}
    setKey(object, '__proto__', 1)
    assert.equal(getKey(object, '__proto__'), 1)
    assert.equal(getKey({}, 'toString'), undefined)
  })
})
