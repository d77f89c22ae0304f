import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type FieldError, fieldErrors, formatFieldError, omittedValue } from './field-error.js'
import { FieldPath } from './field-path.js'

const spec = FieldPath.root('spec')

const table: readonly (readonly [FieldError, string])[] = [
  [fieldErrors.invalid(spec.child('x'), 'v', 'detail'), 'spec.x: Invalid value: "v": detail'],
  [
    fieldErrors.invalid(spec.child('replicas'), -1, 'must be greater than or equal to 0'),
    'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  ],
  [fieldErrors.invalid(spec.child('on'), true, 'no'), 'spec.on: Invalid value: true: no'],
  [fieldErrors.invalid(spec, { matchLabels: { a: '<b>' } }, 'no'), 'spec: Invalid value: {"matchLabels":{"a":"\\u003cb\\u003e"}}: no'],
  [fieldErrors.invalid(spec, undefined, 'no'), 'spec: Invalid value: null: no'],
  [fieldErrors.invalid(spec, 10n, 'no'), 'spec: Invalid value: 10: no'],
  [fieldErrors.invalid(undefined, 'v', 'no'), '<nil>: Invalid value: "v": no'],
  [fieldErrors.invalid(spec, 'a"\n\u00e9\u200b', 'no'), 'spec: Invalid value: "a\\"\\n\u00e9\\u200b": no'],
  [fieldErrors.required(spec.child('a', 'b')), 'spec.a.b: Required value'],
  [fieldErrors.required(spec, 'why'), 'spec: Required value: why'],
  [fieldErrors.notSupported(spec.child('t'), 'x', ['A', 'B']), 'spec.t: Unsupported value: "x": supported values: "A", "B"'],
  [fieldErrors.notSupported(spec, 'x', []), 'spec: Unsupported value: "x"'],
  [fieldErrors.forbidden(spec, 'no'), 'spec: Forbidden: no'],
  [fieldErrors.duplicate(spec.index(1), 'n'), 'spec[1]: Duplicate value: "n"'],
  [fieldErrors.notFound(spec, 'v'), 'spec: Not found: "v"'],
  [fieldErrors.tooLong(spec, 262144), 'spec: Too long: may not be more than 262144 bytes'],
  [fieldErrors.tooLong(spec, 1), 'spec: Too long: may not be more than 1 byte'],
  [fieldErrors.tooLong(spec, -1), 'spec: Too long: value is too long'],
  [fieldErrors.tooMany(spec, 9, 8), 'spec: Too many: 9: must have at most 8 items'],
  [fieldErrors.tooMany(spec, 2, 1), 'spec: Too many: 2: must have at most 1 item'],
  [fieldErrors.tooMany(spec, -1, -1), 'spec: Too many: has too many items'],
  [fieldErrors.invalid(spec, omittedValue, 'no'), 'spec: Invalid value: no'],
  [
    fieldErrors.typeInvalid(spec, 'a', 'spec in body must be of type integer: "string"'),
    'spec: Invalid value: "a": spec in body must be of type integer: "string"',
  ],
  [fieldErrors.internal(spec, new Error('boom')), 'spec: Internal error: boom'],
]

describe('field errors', () => {
  for (const [error, expected] of table) test(expected, () => assert.equal(formatFieldError(error), expected))

  test('a path prints names, indexes and keys', () => {
    const path = FieldPath.root('spec', 'template').child('containers').index(0).child('env').key('a.b/c')
    assert.equal(path.toString(), 'spec.template.containers[0].env[a.b/c]')
    assert.equal(path.child('value').toString(), 'spec.template.containers[0].env[a.b/c].value')
  })
})
