import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { DecodeError } from './decode-json.js'
import { decodeYaml } from './decode-yaml.js'
import { encodeYaml } from './encode-yaml.js'

/** Plain scalars as the Go parser reads them. */
const scalars: readonly (readonly [text: string, value: unknown])[] = [
  ['1', 1],
  ['-1', -1],
  ['0777', 511],
  ['0o17', 15],
  ['08', 8],
  ['0x1F', 31],
  ['0b11', 3],
  ['1_000', 1000],
  ['1:30', '1:30'],
  ['1e3', 1000],
  ['.5', 0.5],
  ['1.', 1],
  ['123e4567', '123e4567'],
  ['99999999999999999999', 1e20],
  ['yes', true],
  ['Off', false],
  ['y', true],
  ['tRue', 'tRue'],
  ['~', null],
  ['', null],
  ['null', null],
  ['2001-01-01', '2001-01-01'],
  ['0x', '0x'],
  ['+', '+'],
  ['"1"', '1'],
  ["'yes'", 'yes'],
  ['!!str 1', '1'],
  ['!!int "5"', 5],
  ['!!float 1', 1],
  ['!!binary aGk=', 'hi'],
  ['!foo 1', '1'],
]

const documents: readonly (readonly [text: string, value: unknown])[] = [
  ['', null],
  ['# nothing\n', null],
  ['a: 1\nb:\n- x\n- c: z\n', { a: 1, b: ['x', { c: 'z' }] }],
  ['y: n\n', { true: false }],
  ['---\na: 1\n---\nb: 2\n', { a: 1 }],
  ['1: a\ntrue: b\n1.5: c\n', { '1': 'a', true: 'b', '1.5': 'c' }],
  ['x: &a {p: 1}\nz:\n  <<: *a\n  q: 2\n', { x: { p: 1 }, z: { p: 1, q: 2 } }],
  ['a: &x {p: 1}\nb: &z {q: 3}\nc: {<<: [*x, *z]}\n', { a: { p: 1 }, b: { q: 3 }, c: { p: 1, q: 3 } }],
  ['a: &x 1\nb: *x\n', { a: 1, b: 1 }],
  ['a: |\n  x\n  z\nb: >-\n  v\n  w\n', { a: 'x\nz\n', b: 'v w' }],
  ['{"a": [1, "\\u00e9"]}', { a: [1, 'é'] }],
]

const refused: readonly (readonly [text: string, message: string])[] = [
  ['a: b: c', 'yaml: mapping values are not allowed in this context'],
  ['a: 1\n b: 2\n', 'yaml: line 2: mapping values are not allowed in this context'],
  ['a: "x', 'yaml: found unexpected end of stream'],
  ['a:\n\t- b\n', 'yaml: line 2: found character that cannot start any token'],
  ['a: @b\n', 'yaml: found character that cannot start any token'],
  ['a: - b\n', 'yaml: block sequence entries are not allowed in this context'],
  ['a: b\nc\n', "yaml: line 3: could not find expected ':'"],
  ['a: *x\n', "yaml: unknown anchor 'x' referenced"],
  ['a: &a [*a]\n', "yaml: anchor 'a' value contains itself"],
  ['a: !!int x\n', 'yaml: cannot decode !!str `x` as a !!int'],
  ['a: .inf\n', 'json: unsupported value: +Inf'],
  ['a: {<<: 1}\n', 'yaml: map merge requires map or sequence of maps as the value'],
  [`x: ${'['.repeat(5000)}`, 'yaml: exceeded max depth'],
  ['- '.repeat(5000), 'yaml: exceeded max depth'],
]

describe('reading YAML', () => {
  for (const [text, value] of scalars) test(`scalar ${text}`, () => assert.deepEqual(decodeYaml(`k: ${text}\n`).value, { k: value }))
  for (const [text, value] of documents) test(JSON.stringify(text), () => assert.deepEqual(decodeYaml(text), { value, duplicates: [] }))
  for (const [text, message] of refused) {
    test(`refuses ${JSON.stringify(text.slice(0, 30))}`, () => {
      assert.throws(
        () => decodeYaml(text),
        (error) => error instanceof DecodeError && error.message === message,
      )
    })
  }

  test('keys given twice are told, the last one counts', () => {
    const { value, duplicates } = decodeYaml('a: 1\nb:\n  c: 2\n  c: 3\na: 4\n')
    assert.deepEqual(value, { a: 4, b: { c: 3 } })
    assert.deepEqual(duplicates, ['yaml: unmarshal errors:\n  line 4: key "c" already set in map\n  line 5: key "a" already set in map'])
  })

  test('aliases cannot blow a text up', () => {
    const levels = 'bcdefghi'.split('')
    const text = levels.reduce(
      (all, name, i) => `${all}${name}: &${name} [${`*${['a', ...levels][i]},`.repeat(9)}]\n`,
      'a: &a [x,x,x,x,x,x,x,x,x]\n',
    )
    assert.throws(() => decodeYaml(text), { message: 'yaml: document contains excessive aliasing' })
  })

  test('any text is read or refused', () => {
    const lines = fc.constantFrom(
      'a: 1',
      'b:',
      '  c: d',
      '- x',
      '  - y',
      'k: |',
      '  text',
      '',
      '# c',
      '&a q: *a',
      'e: &x {p: 1}',
      '<<: *x',
      'f: [1, 2',
      '3]',
      'g: "x',
      'y"',
      '---',
      '...',
      '\tt: 1',
      '? z',
      ': w',
      '!!int x',
      '{',
      '}',
      "'",
      '%TAG',
      '\u0000',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(lines, { maxLength: 8 }).map((parts) => parts.join('\n')),
        ),
        (text) => {
          try {
            decodeYaml(text)
          } catch (error) {
            assert.ok(error instanceof DecodeError, String(error))
          }
        },
      ),
      { numRuns: 1500 },
    )
  })
})

describe('writing YAML', () => {
  test('in the form upstream writes', () => {
    const value = {
      kind: 'ConfigMap',
      data: { b: 'x\ny\n', a10: 'yes', a2: '1', empty: '', colon: 'a: b', 'multi\nline': '' },
      list: [{ name: 'a', args: [] }, [1, 2], {}],
      number: 1.5,
      none: null,
      on: true,
    }
    assert.equal(
      encodeYaml(value),
      `data:
  a2: "1"
  a10: "yes"
  b: |
    x
    y
  colon: 'a: b'
  empty: ""
  ? |-
    multi
    line
  : ""
kind: ConfigMap
list:
- args: []
  name: a
- - 1
  - 2
- {}
none: null
number: 1.5
"on": true
`,
    )
  })

  const texts: readonly (readonly [text: string, written: string])[] = [
    ['plain text', 'plain text'],
    ['~', '"~"'],
    ['1:30', '"1:30"'],
    ['- a', "'- a'"],
    ['-a', '-a'],
    ["it's", "it's"],
    ["'", "''''"],
    [' a', "' a'"],
    ['a #b', "'a #b'"],
    ['a#b', 'a#b'],
    ['a\tb', '"a\\tb"'],
    ['é', 'é'],
    ['😀', '"\\U0001F600"'],
    ['a\n', '|\n  a'],
    ['a', 'a'],
    ['a\n\n', '|+\n  a\n'],
    [' a\nb', '|2-\n   a\n  b'],
    ['a \nb', '"a \\nb"'],
  ]
  for (const [text, written] of texts) test(`text ${JSON.stringify(text)}`, () => assert.equal(encodeYaml(text), `${written}\n`))

  test('what is written reads back', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom('yes', '~', '0x1', '1e3', '<<', '- a', 'a: b', '', '\n', ' \n', 'a\nb\n\n'),
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        text,
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
        fc.boolean(),
        fc.constant(null),
        tie('list'),
        tie('map'),
      ),
      list: fc.array(tie('value'), { maxLength: 4 }),
      map: fc.dictionary(text, tie('value'), { maxKeys: 4 }),
    }))
    fc.assert(
      fc.property(value, (original) => {
        const wellFormed = JSON.parse(JSON.stringify(original).replace(/\\ud[89a-f][0-9a-f]{2}/gi, ''))
        assert.deepEqual(decodeYaml(encodeYaml(wellFormed)).value, wellFormed)
      }),
      { numRuns: 500 },
    )
  })
})
