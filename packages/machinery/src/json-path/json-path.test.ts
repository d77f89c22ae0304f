import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { formatJsonPathValue, parseJsonPath } from './json-path.js'
import { JsonPathError } from './nodes.js'

const document = {
  metadata: { name: 'x', annotations: { 'example.com/a': 'v' } },
  spec: { replicas: 3, on: false, ratio: 2.5, nothing: null },
  items: [{ type: 'Ready', status: 'True', count: 1 }, { type: 'Synced', status: 'False', count: 5 }, { type: 'Other' }],
  nested: [[1, 2], [3]],
}

const found: readonly (readonly [path: string, values: unknown[]])[] = [
  ['.spec.replicas', [3]],
  ['.spec.on', [false]],
  ['.spec.nothing', [null]],
  ['.spec.absent.deeper', []],
  ["['metadata']['name']", ['x']],
  ['.metadata.annotations.example\\.com/a', ['v']],
  [".metadata.annotations['example\\.com/a']", ['v']],
  ['.items[0].type', ['Ready']],
  ['.items[-1].type', ['Other']],
  ['.items[*].type', ['Ready', 'Synced', 'Other']],
  ['.items[0:2].type', ['Ready', 'Synced']],
  ['.items[::2].type', ['Ready', 'Other']],
  ['.items[0,2].type', ['Ready', 'Other']],
  ['.items[?(@.type=="Ready")].status', ['True']],
  [".items[?(@.type!='Ready')].type", ['Synced', 'Other']],
  ['.items[?(@.count>1)].type', ['Synced']],
  ['.items[?(@.count<=1)].type', ['Ready']],
  ['.items[?(@.status)].type', ['Ready', 'Synced']],
  ['.items[?(@.type=="None")].status', []],
  ['.nested[*][0]', [1, 3]],
  ['..count', [1, 5]],
  ['$.metadata.name', ['x']],
  ['.metadata.*', ['x', { 'example.com/a': 'v' }]],
  ['.spec', [document.spec]],
  ["'text'", ['text']],
  ['.toString', []],
]

const malformed: readonly (readonly [path: string, message: string])[] = [
  ['[0', 'unterminated array'],
  ['[a]', 'invalid array index a'],
  ['.items[?(@.a', 'unterminated filter'],
  ['.items[?(@.a)', 'unclosed array expect ]'],
  ['"abc', 'unterminated quoted string'],
  ['#', "unrecognized character in action: U+0023 '#'"],
  ['....a', 'invalid multiple recursive descent'],
  ['.a\n', 'unclosed action'],
  ['1.2.3', 'cannot parse number 1.2.3'],
]

const unfit: readonly (readonly [path: string, message: string])[] = [
  ['.items[5]', 'array index out of bounds: index 5, length 3'],
  ['.items[2:1]', 'starting index 2 is greater than ending index 1'],
  ['.items[::-1]', 'step must be > 0'],
  ['.spec[0]', 'map[string]interface {} is not array or slice'],
  ['.spec.replicas[?(@.a)]', '3 is not array or slice and cannot be filtered'],
  ['.items[?(@.count=="1")]', 'incompatible types for comparison'],
  ['.items[?(@=="1")]', 'invalid type for comparison'],
  ['range', 'unrecognized identifier range'],
]

describe('JSONPath', () => {
  for (const [path, values] of found) test(path, () => assert.deepEqual(parseJsonPath(path).evaluate(document), values))
  for (const [path, message] of malformed) {
    test(`refuses ${JSON.stringify(path)}`, () =>
      assert.throws(
        () => parseJsonPath(path),
        (error) => error instanceof JsonPathError && error.message === message,
      ))
  }
  for (const [path, message] of unfit) {
    test(`${path} does not fit`, () => {
      assert.throws(
        () => parseJsonPath(path).evaluate(document),
        (error) => error instanceof JsonPathError && error.message === message,
      )
    })
  }

  test('length and results are limited', () => {
    assert.throws(() => parseJsonPath('.a'.repeat(5000)), JsonPathError)
    const deep = JSON.parse('['.repeat(900) + ']'.repeat(900))
    assert.throws(() => parseJsonPath('[0,0]'.repeat(800)).evaluate(deep), JsonPathError)
  })

  test('values as text', () => {
    assert.equal(formatJsonPathValue('a'), 'a')
    assert.equal(formatJsonPathValue(3), '3')
    assert.equal(formatJsonPathValue({ b: 1, a: ['<'] }), '{"a":["\\u003c"],"b":1}')
    assert.equal(formatJsonPathValue(null), '<no value>')
  })

  test('any path is read or refused', () => {
    const pieces = fc.constantFrom(
      '.',
      'a',
      '[',
      ']',
      '0',
      '-1',
      ':',
      '*',
      '..',
      '?(',
      ')',
      '@',
      '==',
      '"x"',
      "'",
      '\\',
      '$',
      ' ',
      ',',
      'items',
      '{',
      '}',
      '\n',
      'é',
      '[?(@.a==1)]',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 10 }), (parts) => {
        try {
          parseJsonPath(parts.join('')).evaluate(document)
        } catch (error) {
          assert.ok(error instanceof JsonPathError, String(error))
        }
      }),
      { numRuns: 3000 },
    )
  })
})
