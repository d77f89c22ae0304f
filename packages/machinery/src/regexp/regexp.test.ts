import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Regexp } from './regexp.js'

describe('Regexp', () => {
  for (const [pattern, text, expected] of [
    ['', 'abc', ''],
    ['a+b', 'xaaab', 'aaab'],
    ['a+?', 'aaa', 'a'],
    ['(a|ab)(c|bcd)', 'abcd', 'abcd'],
    ['^a$', 'a\n', undefined],
    ['(?m)^b$', 'a\nb\nc', 'b'],
    ['a.c', 'a\nc', undefined],
    ['(?s)a.c', 'a\nc', 'a\nc'],
    ['(?i)straße', 'STRAßE', 'STRAßE'],
    ['(?i)k', '\u212a', '\u212a'],
    ['[^a-c]+', 'abcxyz', 'xyz'],
    ['[[:alpha:]]+', '12ab3', 'ab'],
    ['[[:^digit:]]+', '12ab3', 'ab'],
    ['[\\d-]+', 'a1-2', '1-2'],
    ['\\pL+', '1äöü2', 'äöü'],
    ['\\P{Greek}+', 'αβx', 'x'],
    ['\\bfoo\\b', 'a foo b', 'foo'],
    ['\\Qa.b*\\E', 'xa.b*', 'a.b*'],
    ['x{2,3}', 'xxxx', 'xxx'],
    ['x{2,3}?', 'xxxx', 'xx'],
    ['x{', 'x{', 'x{'],
    ['(?:ab){2}', 'ababab', 'abab'],
    ['(?P<name>a)(?<other>b)', 'ab', 'ab'],
    ['\\x41\\x{1F600}\\101', 'A😀A', 'A😀A'],
    ['^.$', '😀', '😀'],
    ['[a-z]|[^]]', ']', undefined],
    ['[]a]+', 'a]', 'a]'],
    ['(a*)*', 'aaa', 'aaa'],
    ['\\Aab\\z', 'ab', 'ab'],
    ['(?U)a+', 'aaa', 'a'],
    ['a(?i)b|c', 'aB', 'aB'],
    ['^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$', 'foo.bar-baz', 'foo.bar-baz'],
  ] as const) {
    test(`${JSON.stringify(pattern)} finds ${JSON.stringify(expected)} in ${JSON.stringify(text)}`, () => {
      const match = new Regexp(pattern).find(text)
      assert.equal(match && text.slice(match.start, match.end), expected)
      assert.equal(new Regexp(pattern).test(text), expected !== undefined)
    })
  }

  for (const [pattern, message] of [
    ['(', 'error parsing regexp: missing closing ): `(`'],
    [')', 'error parsing regexp: unexpected ): `)`'],
    ['[a', 'error parsing regexp: missing closing ]: `[a`'],
    ['[z-a]', 'error parsing regexp: invalid character class range: `z-a`'],
    ['*', 'error parsing regexp: missing argument to repetition operator: `*`'],
    ['a**', 'error parsing regexp: invalid nested repetition operator: `**`'],
    ['a{1001}', 'error parsing regexp: invalid repeat count: `{1001}`'],
    ['(a{100}){100}', 'error parsing regexp: invalid repeat count: `(a{100}){100}`'],
    ['\\', 'error parsing regexp: trailing backslash at end of expression: ``'],
    ['\\1', 'error parsing regexp: invalid escape sequence: `\\1`'],
    ['\\k', 'error parsing regexp: invalid escape sequence: `\\k`'],
    ['(?=a)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
    ['(?!a)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?!`'],
    ['(?<=a)', 'error parsing regexp: invalid named capture: `(?<=a)`'],
    ['\\p{Nope}', 'error parsing regexp: invalid character class range: `\\p{Nope}`'],
    ['[[:nope:]]', 'error parsing regexp: invalid character class range: `[:nope:]`'],
  ] as const) {
    test(`${JSON.stringify(pattern)} is refused`, () => assert.throws(() => new Regexp(pattern), { message }))
  }

  test('takes no longer than the text is long', () => {
    const evil = new Regexp('^(a+)+$')
    const text = `${'a'.repeat(20_000)}b`
    const begun = performance.now()
    assert.equal(evil.test(text), false)
    assert.ok(performance.now() - begun < 5_000)
  })

  test('agrees with the built-in engine where both know the syntax', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '(?:a|b)', '(?:ab|a)', '^', '$', '\\b')
    const piece = fc
      .tuple(atom, fc.constantFrom('', '', '*', '+', '?', '*?', '{0,2}'))
      .map(([a, q]) => (/^(\^|\$|\\b)$/.test(a) ? a : a + q))
    const pattern = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''))
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ' '), maxLength: 10 })
    fc.assert(
      fc.property(pattern, text, (p, t) => {
        const theirs = new RegExp(p, 'u').exec(t)
        const ours = new Regexp(p).find(t)
        assert.deepEqual(ours && [ours.start, ours.end], theirs ? [theirs.index, theirs.index + theirs[0].length] : undefined)
      }),
      { numRuns: 2000 },
    )
  })
})
