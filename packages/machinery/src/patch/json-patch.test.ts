import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { deepCopy } from '../objects/deep-copy.js'
import { deepFreeze } from '../objects/deep-freeze.js'
import { StatusError } from '../status/status-error.js'
import { applyJsonPatch, JsonPatchError, unknownJsonPatchFields } from './json-patch.js'

const applied: readonly (readonly [name: string, document: unknown, patch: unknown, result: unknown])[] = [
  ['add a key', { a: 1 }, [{ op: 'add', path: '/b', value: { c: 2 } }], { a: 1, b: { c: 2 } }],
  ['add overwrites a key', { a: 1 }, [{ op: 'add', path: '/a', value: 2 }], { a: 2 }],
  ['add without value is null', {}, [{ op: 'add', path: '/a' }], { a: null }],
  ['add into a list', { l: [1, 2] }, [{ op: 'add', path: '/l/1', value: 9 }], { l: [1, 9, 2] }],
  ['add at the end', { l: [1] }, [{ op: 'add', path: '/l/-', value: 2 }], { l: [1, 2] }],
  ['add at -1 appends', { l: [1] }, [{ op: 'add', path: '/l/-1', value: 2 }], { l: [1, 2] }],
  [
    'remove',
    { a: 1, l: [1, 2, 3] },
    [
      { op: 'remove', path: '/a' },
      { op: 'remove', path: '/l/-1' },
    ],
    { l: [1, 2] },
  ],
  ['replace of an absent key adds it', {}, [{ op: 'replace', path: '/a', value: 1 }], { a: 1 }],
  ['replace of the document', { a: 1 }, [{ op: 'replace', path: '', value: { b: 2 } }], { b: 2 }],
  ['move', { a: { b: 1 } }, [{ op: 'move', from: '/a/b', path: '/c' }], { a: {}, c: 1 }],
  [
    'copy',
    { a: [1] },
    [
      { op: 'copy', from: '/a', path: '/b' },
      { op: 'add', path: '/b/-', value: 2 },
    ],
    { a: [1], b: [1, 2] },
  ],
  [
    'test',
    { a: { b: [1] } },
    [
      { op: 'test', path: '/a', value: { b: [1] } },
      { op: 'test', path: '/zz', value: null },
    ],
    { a: { b: [1] } },
  ],
  [
    'escaped keys',
    { 'a/b': 1, '~1': 2 },
    [
      { op: 'remove', path: '/a~1b' },
      { op: 'remove', path: '/~01' },
    ],
    {},
  ],
  ['nothing', { a: 1 }, [], { a: 1 }],
]

const refused: readonly (readonly [name: string, patch: unknown])[] = [
  ['remove of an absent key', [{ op: 'remove', path: '/zz' }]],
  ['a missing parent', [{ op: 'add', path: '/zz/a', value: 1 }]],
  ['an index behind the end', [{ op: 'add', path: '/l/3', value: 1 }]],
  ['an index before the beginning', [{ op: 'replace', path: '/l/-3', value: 1 }]],
  ['no index', [{ op: 'replace', path: '/l/x', value: 1 }]],
  ['an unknown operation', [{ op: 'prototype' }]],
  ['an operation of the prototype', [{ op: 'toString', path: '/a' }]],
  ['a failed test', [{ op: 'test', path: '/a', value: 2 }]],
  ['no path', [{ op: 'add', value: 2 }]],
  ['no source', [{ op: 'move', path: '/a' }]],
  ['a scalar for the document', [{ op: 'replace', path: '', value: 1 }]],
  ['a path without slash', [{ op: 'add', path: 'a', value: 1 }]],
]

const malformed: readonly (readonly [patch: unknown, message: string])[] = [
  [{}, 'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp'],
  ['x', 'error decoding patch: json: cannot unmarshal string into Go value of type []handlers.jsonPatchOp'],
  [[1], 'error decoding patch: json: cannot unmarshal number into Go value of type handlers.jsonPatchOp'],
  [[{ op: true }], 'error decoding patch: json: cannot unmarshal bool into Go struct field jsonPatchOp.op of type string'],
  [[{ op: 'add', path: {} }], 'error decoding patch: json: cannot unmarshal object into Go struct field jsonPatchOp.path of type string'],
]

describe('JSON patch', () => {
  for (const [name, document, patch, result] of applied) {
    test(name, () => assert.deepEqual(applyJsonPatch(deepFreeze(deepCopy(document)), deepFreeze(deepCopy(patch))), result))
  }

  for (const [name, patch] of refused) {
    test(`refuses ${name}`, () => {
      assert.throws(
        () => applyJsonPatch({ a: 1, l: [1, 2] }, patch),
        (error) =>
          error instanceof StatusError &&
          error.code === 422 &&
          error.message === 'the server rejected our request due to an error in our request' &&
          error.cause instanceof JsonPatchError,
      )
    })
  }

  for (const [patch, message] of malformed) {
    test(`cannot decode ${JSON.stringify(patch)}`, () => {
      assert.throws(
        () => applyJsonPatch({}, patch),
        (error) => error instanceof StatusError && error.code === 400 && error.message === message,
      )
    })
  }

  test('operations and copies are limited', () => {
    const many = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '' }))
    assert.throws(
      () => applyJsonPatch({}, many),
      (error) => error instanceof StatusError && error.code === 413,
    )
    const doubling = Array.from({ length: 40 }, () => ({ op: 'copy', from: '/a', path: '/a/-' }))
    assert.throws(
      () => applyJsonPatch({ a: ['xxxxxxxxxx'] }, doubling),
      (error) => error instanceof StatusError && error.code === 422,
    )
  })

  test('unknown members are told', () => {
    assert.deepEqual(unknownJsonPatchFields([{ op: 'test', path: '' }, { op: 'add', x: 1 }, null]), ['unknown field "[1].x"'])
  })

  test('prototypes stay untouched', () => {
    const result = applyJsonPatch({}, [
      { op: 'add', path: '/__proto__', value: { polluted: 1 } },
      { op: 'add', path: '/constructor', value: 1 },
    ])
    assert.equal(({} as { polluted?: number }).polluted, undefined)
    assert.equal(Object.getPrototypeOf(result), Object.prototype)
    assert.throws(() => applyJsonPatch({}, [{ op: 'add', path: '/toString/x', value: 1 }]))
  })

  test('any patch applies or is refused, and never touches its input', () => {
    const value = fc.jsonValue({ maxDepth: 2 })
    const path = fc
      .array(fc.constantFrom('a', 'b', '0', '1', '-1', '-', '', '~0', 'x'), { maxLength: 3 })
      .map((steps) => steps.map((step) => `/${step}`).join(''))
    const operation = fc.record(
      { op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'), path, from: path, value },
      { requiredKeys: ['op'] },
    )
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', '0', ''), value), fc.array(operation, { maxLength: 4 }), (document, patch) => {
        const before = JSON.stringify(document)
        try {
          applyJsonPatch(deepFreeze(document), deepFreeze(patch))
        } catch (error) {
          assert.ok(error instanceof StatusError)
        }
        assert.equal(JSON.stringify(document), before)
      }),
      { numRuns: 2000 },
    )
  })
})
