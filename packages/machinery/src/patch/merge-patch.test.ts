import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { deepFreeze } from '../objects/deep-freeze.js'
import { StatusError } from '../status/status-error.js'
import { applyMergePatch, createMergePatch } from './merge-patch.js'

/** The examples of RFC 7386, and where upstream goes its own way. */
const applied: readonly (readonly [document: unknown, patch: object, result: unknown])[] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  [{}, { a: [{ b: null, c: 1 }, null] }, { a: [{ c: 1 }, null] }],
  [{ a: {} }, { a: [{ b: null }] }, { a: [{ b: null }] }],
]

/** As parsed from JSON: ordinary prototypes, keys as they are. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('JSON merge patch', () => {
  for (const [document, patch, result] of applied) {
    test(`${JSON.stringify(document)} + ${JSON.stringify(patch)}`, () =>
      assert.deepEqual(applyMergePatch(deepFreeze(document), deepFreeze(patch)), result))
  }

  test('a patch must be an object', () => {
    const of = (patch: unknown) => () => applyMergePatch({}, patch)
    assert.throws(of(null), { message: 'Invalid JSON Patch' })
    assert.throws(of([]), { message: 'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}' })
    assert.throws(of(true), (error) => error instanceof StatusError && error.code === 400)
  })

  test('prototypes stay untouched', () => {
    const result = applyMergePatch({}, JSON.parse('{"__proto__":{"polluted":1}}'))
    assert.equal(({} as { polluted?: number }).polluted, undefined)
    assert.deepEqual(Object.keys(result as object), ['__proto__'])
  })

  const { value, map } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.integer(),
      fc.string({ maxLength: 3 }),
      fc.boolean(),
      fc.array(fc.integer(), { maxLength: 3 }),
      tie('map'),
    ),
    map: fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), tie('value')),
  }))

  test('creating a patch and applying it gives the target', () => {
    fc.assert(
      fc.property(map.map(plain), map.map(plain), (from, to) => {
        const patch = createMergePatch(deepFreeze(from), deepFreeze(to))
        assert.deepEqual(applyMergePatch(from, patch), to)
        assert.deepEqual(createMergePatch(to, to), {})
      }),
    )
  })

  test('anything that is no object is refused', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value, (patch, document) => {
        const isObject = typeof patch === 'object' && patch !== null && !Array.isArray(patch)
        if (isObject) applyMergePatch(document, patch)
        else assert.throws(() => applyMergePatch(document, patch), StatusError)
      }),
    )
  })
})
