import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { formatFieldError } from '../status/field-error.js'
import { FieldPath } from '../status/field-path.js'
import { LabelSelector } from './label-selector.js'
import { labelSelectorFrom, labelSelectorFromSet, validateLabelSelector } from './meta-label-selector.js'

describe('label selectors of objects', () => {
  test('absent selects nothing, empty everything', () => {
    assert.equal(labelSelectorFrom(undefined), LabelSelector.nothing)
    assert.equal(labelSelectorFrom(null), LabelSelector.nothing)
    assert.equal(labelSelectorFrom({}), LabelSelector.everything)
    assert.equal(labelSelectorFromSet({}), LabelSelector.everything)
  })

  test('labels and expressions join in key order', () => {
    const selector = labelSelectorFrom({
      matchLabels: { b: '1' },
      matchExpressions: [
        { key: 'a', operator: 'In', values: ['y', 'x'] },
        { key: 'c', operator: 'DoesNotExist' },
        { key: 'd', operator: 'NotIn', values: ['z'] },
        { key: 'e', operator: 'Exists' },
      ],
    })
    assert.equal(selector.toString(), 'a in (x,y),b=1,!c,d notin (z),e')
    assert.equal(labelSelectorFromSet({ b: '2', a: '1' }).toString(), 'a=1,b=2')
  })

  test('a malformed one is refused', () => {
    const of = (operator: string, values?: string[]) => () => labelSelectorFrom({ matchExpressions: [{ key: 'a', operator, values }] })
    assert.throws(of('Like'), { message: '"Like" is not a valid label selector operator' })
    assert.throws(of('In'), { message: "values: Invalid value: null: for 'in', 'notin' operators, values set can't be empty" })
    assert.throws(of('Exists', ['b']), { message: 'values: Invalid value: ["b"]: values set must be empty for exists and does not exist' })
  })

  test('validation names the fields', () => {
    const path = FieldPath.root('spec', 'selector')
    const problems = validateLabelSelector(
      {
        matchLabels: { a: '-' },
        matchExpressions: [
          { key: 'a', operator: 'In' },
          { key: 'b', operator: 'Exists', values: ['c'] },
          { key: '', operator: 'Like', values: ['_'] },
        ],
      },
      path,
    ).map(formatFieldError)
    assert.equal(problems.length, 7)
    assert.match(problems[0]!, /^spec\.selector\.matchLabels: Invalid value: "-": a valid label must be/)
    assert.equal(
      problems[1],
      "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    )
    assert.equal(
      problems[2],
      "spec.selector.matchExpressions[1].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
    )
    assert.equal(problems[3], 'spec.selector.matchExpressions[2].operator: Invalid value: "Like": not a valid selector operator')
    assert.equal(problems[4], 'spec.selector.matchExpressions[2].key: Invalid value: "": name part must be non-empty')
    assert.match(problems[6]!, /^spec\.selector\.matchExpressions\[2\]\.values\[0\]: Invalid value: "_"/)
    assert.deepEqual(validateLabelSelector(undefined, path), [])
  })
})
