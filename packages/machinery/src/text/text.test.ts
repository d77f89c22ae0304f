import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { scaledIntOrPercent } from '../int-or-percent.js'
import { compactJson } from './compact-json.js'
import { fnv32a } from './fnv32a.js'
import { goValue } from './go-value.js'
import { quote } from './quote.js'
import { randomSuffix, safeEncode, suffixAlphabet } from './random-suffix.js'

describe('text in Go’s forms', () => {
  const quoted: readonly (readonly [text: string, quoted: string])[] = [
    ['plain', '"plain"'],
    ['a"b\\', '"a\\"b\\\\"'],
    ['\n\t\r\u0007\b\f\v', '"\\n\\t\\r\\a\\b\\f\\v"'],
    ['\0\x7f\x1b', '"\\x00\\x7f\\x1b"'],
    ['é😀', '"é😀"'],
    ['\u00a0\u200b\u2028', '"\\u00a0\\u200b\\u2028"'],
    ['\u{e0001}', '"\\U000e0001"'],
  ]
  for (const [text, expected] of quoted) test(`quotes ${JSON.stringify(text)}`, () => assert.equal(quote(text), expected))

  test('values as %v', () => {
    assert.equal(goValue({ b: [1, 'x y', true], a: null }), 'map[a:<nil> b:[1 x y true]]')
    assert.equal(goValue([]), '[]')
  })

  test('JSON with escaped HTML', () => assert.equal(compactJson({ a: '<&>\u2028' }), '{"a":"\\u003c\\u0026\\u003e\\u2028"}'))

  test('FNV-1a', () => {
    assert.equal(fnv32a(''), 0x811c9dc5)
    assert.equal(fnv32a('a'), 0xe40c292c)
    assert.equal(fnv32a('foobar'), 0xbf9cf968)
  })

  test('suffixes', () => {
    assert.match(randomSuffix(5), /^[bcdfghjklmnpqrstvwxz2456789]{5}$/)
    assert.equal(
      randomSuffix(3, () => 0),
      'bbb',
    )
    assert.equal(suffixAlphabet.length, 27)
    assert.equal(safeEncode('3054397398'), [...'3054397398'].map((digit) => suffixAlphabet[digit.charCodeAt(0) % 27]).join(''))
  })

  test('int or percent', () => {
    assert.equal(scaledIntOrPercent(3, 10, true), 3)
    assert.equal(scaledIntOrPercent('25%', 10, true), 3)
    assert.equal(scaledIntOrPercent('25%', 10, false), 2)
    assert.equal(scaledIntOrPercent('100%', 7, false), 7)
    assert.throws(() => scaledIntOrPercent('25', 10, true), {
      message: 'invalid value for IntOrString: invalid type: string is not a percentage',
    })
    assert.throws(() => scaledIntOrPercent('x%', 10, true), {
      message: 'invalid value for IntOrString: invalid value "x%": strconv.Atoi: parsing "x": invalid syntax',
    })
  })
})
