import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { StatusError } from '../status/status-error.js'
import { escapeFieldValue, FieldSelector, parseFieldSelector } from './field-selector.js'

const refused: readonly (readonly [text: string, message: string])[] = [
  ['x', "invalid selector: 'x'; can't understand 'x'"],
  ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
  ['a=b\\x', 'invalid field selector: invalid escape sequence: \\x'],
  ['a=b\\', 'invalid field selector: invalid escape sequence: \\'],
]

describe('field selectors', () => {
  test('reads all operators, sorted, without empty terms', () => {
    assert.deepEqual(parseFieldSelector('spec.nodeName==n,metadata.name!=x,,a=').requirements, [
      { field: 'a', operator: '=', value: '' },
      { field: 'metadata.name', operator: '!=', value: 'x' },
      { field: 'spec.nodeName', operator: '=', value: 'n' },
    ])
    assert.ok(parseFieldSelector('').empty)
  })

  for (const [text, message] of refused) {
    test(`refuses ${text}`, () => {
      assert.throws(
        () => parseFieldSelector(text),
        (error) => error instanceof StatusError && error.code === 400 && error.message === message,
      )
    })
  }

  test('matches fields, absent ones as the empty text', () => {
    const fields = (name: string) => ({ 'metadata.name': 'x' })[name] ?? ''
    assert.ok(parseFieldSelector('metadata.name=x,spec.nodeName=').matches(fields))
    assert.ok(!parseFieldSelector('metadata.name!=x').matches(fields))
    assert.equal(parseFieldSelector('a!=1,metadata.name=x').requiredValue('metadata.name'), 'x')
  })

  test('transforms names and drops what becomes empty', () => {
    const selector = parseFieldSelector('a=1,b=2').transform((field, value) =>
      field === 'a' ? { field: '', value: '' } : { field: `x.${field}`, value },
    )
    assert.equal(selector.toString(), 'x.b=2')
  })

  test('what is printed reads back', () => {
    const requirement = fc.record({
      field: fc.stringMatching(/^[a-z.]{1,8}$/),
      operator: fc.constantFrom('=' as const, '!=' as const),
      value: fc.string({ maxLength: 8 }),
    })
    fc.assert(
      fc.property(fc.array(requirement, { maxLength: 4 }), (requirements) => {
        const selector = FieldSelector.of(requirements)
        const again = parseFieldSelector(selector.toString())
        const sorted = (list: FieldSelector) => list.requirements.map((one) => JSON.stringify(one)).sort()
        assert.deepEqual(sorted(again), sorted(selector))
      }),
    )
    assert.equal(escapeFieldValue('a,b=c\\'), 'a\\,b\\=c\\\\')
  })

  test('any text is read or refused with a 400', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '=', '!', ',', '\\', ' ', 'é', '\0', '=='), { maxLength: 12 }), (parts) => {
        try {
          parseFieldSelector(parts.join(''))
        } catch (error) {
          assert.ok(error instanceof StatusError && error.code === 400)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
