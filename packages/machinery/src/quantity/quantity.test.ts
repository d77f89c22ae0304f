import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Quantity } from './quantity.js'

/** Text, canonical form after arithmetic, canonical form as read where that differs, whole units, thousandths. */
const table: readonly (readonly [text: string, canonical: string, read: string, value: number, milli: number])[] = [
  ['0', '0', '0', 0, 0],
  ['1', '1', '1', 1, 1000],
  ['100m', '100m', '100m', 1, 100],
  ['1500m', '1500m', '1500m', 2, 1500],
  ['1.5', '1500m', '1500m', 2, 1500],
  ['0.001', '1m', '1m', 1, 1],
  ['1000m', '1', '1', 1, 1000],
  ['1n', '1n', '1n', 1, 1],
  ['0.1n', '1n', '1n', 1, 1],
  ['1000', '1k', '1k', 1000, 1e6],
  ['2k', '2k', '2k', 2000, 2e6],
  ['1024', '1024', '1024', 1024, 1024e3],
  ['1Ki', '1Ki', '1Ki', 1024, 1024e3],
  ['1023Ki', '1023Ki', '1023Ki', 1047552, 1047552e3],
  ['1024Ki', '1Mi', '1Mi', 1048576, 1048576e3],
  ['1.5Gi', '1536Mi', '1536Mi', 1610612736, 1610612736e3],
  ['0.5Mi', '512Ki', '512Ki', 524288, 524288e3],
  ['0.1Ki', '102400m', '102400m', 103, 102400],
  ['128Mi', '128Mi', '128Mi', 134217728, 134217728e3],
  ['1e3', '1e3', '1e3', 1000, 1e6],
  ['1E3', '1e3', '1E3', 1000, 1e6],
  ['12e5', '1200e3', '1200e3', 1.2e6, 1.2e9],
  ['+1', '1', '+1', 1, 1000],
  ['007', '7', '007', 7, 7000],
  ['1.', '1', '1.', 1, 1000],
  ['.5', '500m', '500m', 1, 500],
  ['16Ei', '9223372036854775807', '9223372036854775807', 2 ** 63, 2 ** 63 * 1000],
]

const refused: readonly (readonly [text: string, message: string])[] = [
  ['', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
  ['1x', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
  ['1.2.3', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
  ['1ki', "unable to parse quantity's suffix"],
  ['1i', "unable to parse quantity's suffix"],
  ['1e1000000000', "unable to parse quantity's suffix"],
  ['.Ei', 'unable to parse numeric part of quantity'],
]

describe('quantities', () => {
  for (const [text, canonical, read, value, milli] of table) {
    test(`reads ${text}`, () => {
      const quantity = Quantity.parse(text)
      assert.equal(quantity.toString(), read)
      assert.equal(quantity.neg().neg().toString(), canonical)
      assert.equal(quantity.value(), value)
      assert.equal(quantity.milliValue(), milli)
    })
  }

  for (const [text, message] of refused)
    test(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => Quantity.parse(text), { message }))

  test('numbers of JSON are read as well', () => assert.equal(Quantity.parse(0.5).toString(), '500m'))

  test('a sum is written like its first part, unless that is zero', () => {
    const sum = (a: string, b: string) => Quantity.parse(a).add(Quantity.parse(b)).toString()
    assert.equal(sum('1Gi', '1Gi'), '2Gi')
    assert.equal(sum('1Gi', '1G'), '2073741824')
    assert.equal(sum('0', '1Gi'), '1Gi')
    assert.equal(sum('100m', '0.9'), '1')
    assert.equal(Quantity.parse('1Gi').sub(Quantity.parse('512Mi')).toString(), '512Mi')
    assert.equal(Quantity.parse('250m').mul(4).toString(), '1')
    assert.equal(Quantity.ofMilli(1500).toString(), '1500m')
    assert.equal(Quantity.of(2 ** 30, 'BinarySI').toString(), '1Gi')
    assert.equal(JSON.stringify({ cpu: Quantity.zero }), '{"cpu":"0"}')
  })

  const suffixes: Readonly<Record<string, readonly [bigint, bigint]>> = {
    n: [1n, 10n ** 9n],
    u: [1n, 10n ** 6n],
    m: [1n, 1000n],
    '': [1n, 1n],
    k: [1000n, 1n],
    M: [10n ** 6n, 1n],
    G: [10n ** 9n, 1n],
    T: [10n ** 12n, 1n],
    Ki: [2n ** 10n, 1n],
    Mi: [2n ** 20n, 1n],
    Gi: [2n ** 30n, 1n],
    Ti: [2n ** 40n, 1n],
  }
  /** A quantity and the same value as a count of nanos. */
  const amount = fc
    .tuple(fc.integer({ min: -100_000, max: 100_000 }), fc.constantFrom(...Object.keys(suffixes)))
    .map(([number, suffix]) => {
      const [numerator, denominator] = suffixes[suffix]!
      return { quantity: Quantity.parse(`${number}${suffix}`), nanos: (BigInt(number) * numerator * 10n ** 9n) / denominator }
    })

  test('arithmetic is exact', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        assert.equal(a.quantity.add(b.quantity).scaledValue(-9), a.nanos + b.nanos)
        assert.equal(a.quantity.sub(b.quantity).scaledValue(-9), a.nanos - b.nanos)
        assert.equal(Math.sign(a.quantity.cmp(b.quantity)), a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0)
      }),
    )
  })

  test('what is printed is the same amount and prints the same again', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        const sum = a.quantity.add(b.quantity)
        const again = Quantity.parse(sum.toString())
        assert.ok(again.equals(sum))
        // digits without a suffix are read as decimal, whatever they were: from there on the text stays
        const printed = again.neg().neg().toString()
        assert.equal(Quantity.parse(printed).neg().neg().toString(), printed)
      }),
    )
  })

  test('any text is read or refused, and quickly', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-+0-9.eEinumkKMGTP]{0,12}$/)), (text) => {
        try {
          Quantity.parse(text).toString()
        } catch (error) {
          assert.match((error as Error).message, /quantit/)
        }
      }),
      { numRuns: 3000 },
    )
  })
})
