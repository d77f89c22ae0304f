import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { DecodeError, decodeJson } from './decode-json.js'

const refused: readonly (readonly [text: string, message: string])[] = [
  ['', 'unexpected end of JSON input'],
  ['{"a":', 'unexpected end of JSON input'],
  ['"abc', 'unexpected end of JSON input'],
  ['tru', "invalid character ' ' in literal true (expecting 'e')"],
  ['nul,', "invalid character ',' in literal null (expecting 'l')"],
  ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
  ["{'a':1}", "invalid character '\\'' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b":2}', "invalid character '\"' after object key:value pair"],
  ['[1 2]', "invalid character '2' after array element"],
  ['[1,]', "invalid character ']' looking for beginning of value"],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ['{} x', "invalid character 'x' after top-level value"],
  ['01', "invalid character '1' after top-level value"],
  ['-a', "invalid character 'a' in numeric literal"],
  ['1.', "invalid character ' ' after decimal point in numeric literal"],
  ['1e+', "invalid character ' ' in exponent of numeric literal"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ['"\\u00g0"', "invalid character 'g' in \\u hexadecimal character escape"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['\ufeff{}', "invalid character 'ï' looking for beginning of value"],
  ['[1e999]', 'json: cannot unmarshal number 1e999 into Go value of type float64'],
]

const duplicates: readonly (readonly [text: string, found: string[]])[] = [
  ['{"a":1,"b":2}', []],
  ['{"a":1,"a":2}', ['duplicate field "a"']],
  ['{"a":{"b":1,"b":2,"b":3}}', ['duplicate field "a.b"']],
  ['{"a":[{"b":1},{"b":1,"b":2}]}', ['duplicate field "a[1].b"']],
  ['[{"a":"a","a":{}}]', ['duplicate field "[0].a"']],
  ['{"\\u0061":1,"a":2}', ['duplicate field "a"']],
  ['{"a:":"\\\\","a:":"\\":"}', ['duplicate field "a:"']],
  ['{"a":1,"a":{"x":1,"x":2}}', ['duplicate field "a"', 'duplicate field "a.x"']],
]

describe('reading JSON', () => {
  for (const [text, message] of refused) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => decodeJson(text),
        (error) => error instanceof DecodeError && error.message === message,
      )
      assert.throws(() => decodeJson(Buffer.from(text)), { message })
    })
  }

  for (const [text, found] of duplicates) {
    test(`duplicates of ${text}`, () => {
      const decoded = decodeJson(text)
      assert.deepEqual(decoded.duplicates, found)
      assert.deepEqual(decoded.value, JSON.parse(text))
    })
  }

  test('at most 100 duplicates are told', () => {
    const text = `{${Array.from({ length: 200 }, (_, i) => `"k${i}":1,"k${i}":1`).join(',')}}`
    assert.equal(decodeJson(text).duplicates.length, 100)
  })

  test('depth and size are limited', () => {
    assert.throws(() => decodeJson('['.repeat(100_000) + ']'.repeat(100_000)), { message: "invalid character '[' exceeded max depth" })
    assert.throws(() => decodeJson('{"a":{"a":{}}}', { maxDepth: 2 }), { message: "invalid character '{' exceeded max depth" })
    assert.deepEqual(decodeJson('{"a":[]}', { maxDepth: 2 }).value, { a: [] })
    assert.throws(() => decodeJson('"abc"', { maxBytes: 4 }), { message: 'the text is too large: 5 bytes, limit is 4' })
  })

  test('a prototype cannot be smuggled in', () => {
    const { value } = decodeJson('{"__proto__":{"polluted":true}}')
    assert.equal((value as { polluted?: boolean }).polluted, undefined)
    assert.deepEqual(Object.keys(value as object), ['__proto__'])
  })

  test('all JSON is read as it is, without duplicates', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        assert.deepEqual(decodeJson(text), { value: JSON.parse(text), duplicates: [] })
      }),
    )
  })

  test('any text is read, or refused with a reason, exactly when it is not JSON', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '\\',
      '1',
      '-',
      '.',
      'e',
      'true',
      'nul',
      ' ',
      '\n',
      'é',
      '\u0001',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces, { maxLength: 10 }).map((parts) => parts.join('')),
        ),
        (text) => {
          let valid = true
          try {
            JSON.parse(text)
          } catch {
            valid = false
          }
          try {
            decodeJson(text)
            assert.ok(valid)
          } catch (error) {
            assert.ok(!valid && error instanceof DecodeError)
            assert.match(error.message, /^(invalid character '.+' |unexpected end of JSON input)/)
          }
        },
      ),
      { numRuns: 3000 },
    )
  })
})
