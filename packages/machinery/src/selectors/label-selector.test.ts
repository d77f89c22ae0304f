import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { StatusError } from '../status/status-error.js'
import { LabelSelector } from './label-selector.js'
import { parseLabelSelector } from './parse-label-selector.js'

const parsed: readonly (readonly [text: string, canonical: string])[] = [
  ['', ''],
  ['a=b', 'a=b'],
  ['a==b', 'a==b'],
  ['a = b , c', 'a=b,c'],
  ['b,a', 'a,b'],
  ['a!=b', 'a!=b'],
  ['!a', '!a'],
  ['a=', 'a='],
  ['a in (x,,b), !c, d', 'a in (,b,x),!c,d'],
  ['x notin ()', 'x notin ()'],
  ['in in (in,notin)', 'in in (in,notin)'],
  ['a>1,b<2', 'a>1,b<2'],
  ['example.com/name=v', 'example.com/name=v'],
]

const refused: readonly (readonly [text: string, message: string])[] = [
  ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ['=a', "found '=', expected: !, identifier, or 'end of string'"],
  ['a=b c', "found 'c', expected: ',' or 'end of string'"],
  ['a=b,', "found '', expected: identifier after ','"],
  ['!!a', "unable to parse requirement: found '!', expected: identifier"],
  ['a in', "unable to parse requirement: found '' expected: '('"],
  ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
  ['a in (=', "unable to parse requirement: found '=', expected: ',', ')' or identifier"],
  ['a>x', "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer"],
  ['/a', 'unable to parse requirement: <nil>: Invalid value: "/a": prefix part must be non-empty'],
  [
    'a=é',
    "unable to parse requirement: values[0][a]: Invalid value: \"é\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
  ],
]

const matching: readonly (readonly [text: string, labels: Record<string, string>, matches: boolean])[] = [
  ['', {}, true],
  ['a=b', { a: 'b' }, true],
  ['a=b', {}, false],
  ['a!=b', {}, true],
  ['a!=b', { a: 'b' }, false],
  ['a', { a: '' }, true],
  ['!a', { a: '' }, false],
  ['a in (b,c)', { a: 'c' }, true],
  ['a notin (b,c)', {}, true],
  ['a>3', { a: '4' }, true],
  ['a>3', { a: 'x' }, false],
  ['a<3', { a: '-9223372036854775808' }, true],
  ['a<3', { a: '-9223372036854775809' }, false],
  ['a=b,c=d', { a: 'b' }, false],
  ['constructor', {}, false],
  ['!constructor', {}, true],
]

describe('label selectors', () => {
  for (const [text, canonical] of parsed) {
    test(`reads ${JSON.stringify(text)}`, () => assert.equal(parseLabelSelector(text).toString(), canonical))
  }

  for (const [text, message] of refused) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parseLabelSelector(text),
        (error) => error instanceof StatusError && error.code === 400 && error.message === message,
      )
    })
  }

  for (const [text, labels, matches] of matching) {
    test(`${text || 'everything'} ${matches ? 'matches' : 'does not match'} ${JSON.stringify(labels)}`, () => {
      assert.equal(parseLabelSelector(text).matches(labels), matches)
    })
  }

  test('everything and nothing', () => {
    assert.ok(LabelSelector.everything.empty && LabelSelector.everything.matches(undefined))
    assert.ok(!LabelSelector.nothing.empty && !LabelSelector.nothing.matches({ a: 'b' }))
    assert.equal(LabelSelector.nothing.and(parseLabelSelector('a')), LabelSelector.nothing)
    assert.equal(parseLabelSelector('b').and(parseLabelSelector('a')).toString(), 'a,b')
  })

  test('tells the one value a label must have', () => {
    assert.equal(parseLabelSelector('a in (x),b=y').requiredValue('a'), 'x')
    assert.equal(parseLabelSelector('a in (x,y)').requiredValue('a'), undefined)
    assert.equal(parseLabelSelector('a!=x').requiredValue('a'), undefined)
  })

  const word = fc.stringMatching(/^[a-z0-9]([a-z0-9._-]{0,6}[a-z0-9])?$/)
  const requirement = fc.oneof(
    fc.tuple(word, fc.constantFrom('=', '==', '!='), word).map((parts) => parts.join('')),
    fc
      .tuple(word, fc.constantFrom(' in ', ' notin '), fc.array(word, { minLength: 1, maxLength: 4 }))
      .map(([key, operator, values]) => `${key}${operator}(${values.join(', ')})`),
    word,
    word.map((key) => `!${key}`),
    fc
      .tuple(word, fc.constantFrom('>', '<'), fc.integer())
      .map((parts) => parts.join(''))
      .filter((text) => !/[<>]-/.test(text)),
  )

  test('what is printed reads back as the same selector', () => {
    fc.assert(
      fc.property(fc.array(requirement, { maxLength: 5 }), (requirements) => {
        const selector = parseLabelSelector(requirements.join(','))
        assert.deepEqual(parseLabelSelector(selector.toString()), selector)
      }),
    )
  })

  test('any text is read or refused with a 400', () => {
    const pieces = fc.constantFrom('a', 'in', 'notin', ' ', '(', ')', ',', '!', '=', '==', '>', '<', '1', 'é', '*', '\0', '/', '\t')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
        ),
        (text) => {
          try {
            parseLabelSelector(text).matches({ a: '1' })
          } catch (error) {
            assert.ok(error instanceof StatusError && error.code === 400)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })
})
