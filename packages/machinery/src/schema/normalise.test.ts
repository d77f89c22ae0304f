import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { normalise, storedForm } from './normalise.js'
import type { Field, Schema, StructSchema } from './schema.js'

function struct(fields: Record<string, Schema | Field>, more: Partial<StructSchema> = {}): StructSchema {
  const entries = Object.entries(fields).map(([name, value]): [string, Field] => [name, 'schema' in value ? value : { schema: value }])
  return { type: 'struct', fields: new Map(entries), ...more }
}

const strings: Schema = { type: 'list', items: { type: 'string' }, listType: 'atomic', keys: [] }
const schema = struct({
  text: { type: 'string' },
  flag: { type: 'boolean' },
  count: { schema: { type: 'int32' }, pointer: true },
  name: { schema: { type: 'string' }, required: true },
  rules: { schema: strings, required: true },
  ports: { schema: strings, encodeEmpty: true },
  labels: { type: 'map', values: { type: 'string' } },
  limits: { type: 'map', values: { type: 'quantity' } },
  template: struct({ selector: { schema: struct({ a: { type: 'string' } }), pointer: true } }),
  at: { type: 'time' },
  creationTimestamp: { type: 'time' },
  exact: { schema: { type: 'micro-time' }, pointer: true },
  every: { schema: { type: 'duration' }, pointer: true },
  port: { type: 'int-or-string' },
  raw: { schema: { type: 'any' }, pointer: true },
  data: { schema: { type: 'bytes' }, pointer: true },
})

const empty = { name: '', rules: null, ports: null, template: {}, at: null, port: 0 }

describe('normalise', () => {
  for (const [what, value, expected] of [
    ['an empty object', {}, empty],
    ['nulls everywhere', { text: null, count: null, labels: null, template: null, rules: null, raw: null }, empty],
    ['zero values', { text: '', flag: false, labels: {}, at: null }, empty],
    ['undeclared fields', { nope: 1, template: { nope: 2 } }, empty],
    ['a zero behind a pointer', { count: 0 }, { count: 0, ...empty }],
    ['an empty struct behind a pointer', { template: { selector: {} } }, { ...empty, template: { selector: {} } }],
    ['null keys of a map', { labels: { b: null, a: 'x' } }, { ...empty, labels: { a: 'x', b: '' } }],
    ['a required empty list', { rules: [] }, { ...empty, rules: [] }],
    ['null items', { rules: [null, 'x'] }, { ...empty, rules: ['', 'x'] }],
    [
      'quantities',
      { limits: { a: '1000m', b: 0.1, c: '1024Mi', d: '500m', e: '0', f: 2 } },
      { ...empty, limits: { a: '1', b: '100m', c: '1Gi', d: '500m', e: '0', f: '2' } },
    ],
    ['a time with an offset', { at: '2024-01-01T02:00:00.9+02:00' }, { ...empty, at: '2024-01-01T00:00:00Z' }],
    ['micro times', { exact: '2024-01-01T00:00:00.1234567Z' }, { ...empty, exact: '2024-01-01T00:00:00.123456Z' }],
    ['durations', { every: '90m' }, { ...empty, every: '1h30m0s' }],
    ['base64 in lines', { data: 'YWJj\nZGVm' }, { ...empty, data: 'YWJjZGVm' }],
    ['free-form values', { raw: { z: null, a: [] } }, { ...empty, raw: { z: null, a: [] } }],
  ] as const) {
    test(`answers ${what} as upstream does`, () => {
      const result = normalise<unknown>(schema, value)
      assert.deepEqual(result, expected)
      assert.deepEqual(normalise(schema, result), result, 'and leaves the result alone')
    })
  }

  test('orders fields as declared and keys of maps by name', () => {
    const result = normalise<object>(schema, { labels: { b: '1', a: '2' }, text: 'x', name: 'n' })
    assert.equal(
      JSON.stringify(result),
      '{"text":"x","name":"n","rules":null,"ports":null,"labels":{"a":"2","b":"1"},"template":{},"at":null,"port":0}',
    )
  })

  test('keeps keys that an object has by birth as plain keys', () => {
    const result = normalise<{ labels: object }>(schema, JSON.parse('{"labels":{"__proto__":"x","constructor":"y"}}'))
    assert.deepEqual(Object.keys(result.labels), ['__proto__', 'constructor'])
    assert.equal(({} as Record<string, unknown>)['x'], undefined)
  })
})

describe('storedForm', () => {
  test('turns required empty lists into null at any depth', () => {
    const list = struct({ items: { type: 'list', items: schema, listType: 'atomic', keys: [] } })
    const value = { items: [{ rules: [], ports: [], name: '' }, { rules: ['x'] }] }
    storedForm(list, value)
    assert.deepEqual(value, { items: [{ rules: null, ports: null, name: '' }, { rules: ['x'] }] })
  })
})
