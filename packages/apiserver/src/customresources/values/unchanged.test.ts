import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonSchema } from '../schema/json-schema.js'
import { isUnchanged } from './unchanged.js'

const keyed: JsonSchema = {
  type: 'array',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['k'],
  items: { type: 'object', properties: { k: { type: 'string' }, v: { type: 'integer' } } },
}

test('items with keys are the same in any order, others are not', () => {
  const [a, b] = [
    { k: 'a', v: 1 },
    { k: 'b', v: 2 },
  ]
  assert.equal(isUnchanged(keyed, [a, b], [b, a]), true)
  assert.equal(isUnchanged(keyed, [a, { ...b, v: 3 }], [b, a]), false)
  assert.equal(isUnchanged({ type: 'array', items: {} }, [1, 2], [2, 1]), false)
})

test('objects with keys beyond their schema are never the same', () => {
  const schema: JsonSchema = { type: 'object', properties: { a: {} } }
  assert.equal(isUnchanged(schema, { a: 1 }, { a: 1 }), true)
  assert.equal(isUnchanged(schema, { a: 1, b: 1 }, { a: 1, b: 1 }), false)
  assert.equal(isUnchanged({ type: 'object', additionalProperties: {} }, { b: 1 }, { b: 1 }), true)
})
