import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { applySchemaDefaults } from './defaults.js'
import { dropNulls, prune } from './prune.js'
import type { Field, Schema, StructSchema } from './schema.js'

function struct(fields: Record<string, Schema | Field>, more: Partial<StructSchema> = {}): StructSchema {
  const entries = Object.entries(fields).map(([name, value]): [string, Field] => [name, 'schema' in value ? value : { schema: value }])
  return { type: 'struct', fields: new Map(entries), ...more }
}

const string: Schema = { type: 'string' }
const list = (items: Schema): Schema => ({ type: 'list', items, listType: 'atomic', keys: [] })

describe('prune', () => {
  const schema = struct({
    spec: struct({
      a: string,
      items: list(struct({ x: string })),
      free: struct({ known: struct({ k: string }) }, { preserveUnknownFields: true }),
      map: { type: 'map', values: struct({ m: string }) },
      any: { type: 'any' },
      pod: struct({ spec: struct({}) }, { embeddedResource: true }),
    }),
  })

  test('removes what is not declared and says where', () => {
    const value = {
      apiVersion: 'v1',
      kind: 'K',
      metadata: { whatever: 1 },
      top: 1,
      spec: {
        a: { not: 'a string' },
        items: [{ x: '1', y: 2 }, 'text'],
        free: { other: { deep: 1 }, known: { k: '1', l: 2 } },
        map: { p: { m: '1', n: 2 } },
        any: { x: [{ y: 1 }] },
        pod: { apiVersion: 'v1', kind: 'Pod', metadata: { x: 1 }, spec: { gone: 1 }, status: {} },
      },
    }
    const unknown: string[] = []
    prune(schema, value, (path) => unknown.push(path))
    assert.deepEqual(value, {
      apiVersion: 'v1',
      kind: 'K',
      metadata: { whatever: 1 },
      spec: {
        a: {},
        items: [{ x: '1' }, 'text'],
        free: { other: { deep: 1 }, known: { k: '1' } },
        map: { p: { m: '1' } },
        any: { x: [{ y: 1 }] },
        pod: { apiVersion: 'v1', kind: 'Pod', metadata: { x: 1 }, spec: {} },
      },
    })
    assert.deepEqual(unknown, [
      'top',
      'spec.a.not',
      'spec.items[0].y',
      'spec.free.known.l',
      'spec.map.p.n',
      'spec.pod.spec.gone',
      'spec.pod.status',
    ])
  })
})

describe('dropNulls and applySchemaDefaults', () => {
  const schema = struct({
    plain: string,
    nullable: { type: 'string', nullable: true },
    defaulted: { schema: string, default: 'd' },
    nullableDefaulted: { schema: { type: 'string', nullable: true }, default: 'd' },
    nested: { schema: struct({ inner: { schema: string, default: 'i' } }), default: {} },
    untouched: struct({ inner: { schema: string, default: 'i' } }),
    list: { type: 'list', items: string, itemDefault: 'item', listType: 'atomic', keys: [] },
    map: { type: 'map', values: string, valueDefault: 'value' },
  })

  for (const [what, value, expected] of [
    ['nothing', {}, { defaulted: 'd', nullableDefaulted: 'd', nested: { inner: 'i' } }],
    [
      'nulls',
      { plain: null, nullable: null, defaulted: null, nullableDefaulted: null, nested: null },
      { nullable: null, defaulted: 'd', nullableDefaulted: null, nested: { inner: 'i' } },
    ],
    [
      'values',
      { defaulted: '', nested: { inner: 'x' }, untouched: {} },
      { defaulted: '', nullableDefaulted: 'd', nested: { inner: 'x' }, untouched: { inner: 'i' } },
    ],
    [
      'null items',
      { list: ['a', null], map: { k: null } },
      { list: ['a', 'item'], map: { k: 'value' }, defaulted: 'd', nullableDefaulted: 'd', nested: { inner: 'i' } },
    ],
  ] as const) {
    test(`fill in ${what}`, () => {
      const object = JSON.parse(JSON.stringify(value))
      dropNulls(schema, object)
      applySchemaDefaults(schema, object)
      assert.deepEqual(object, expected)
    })
  }

  test('give every object a default value of its own', () => {
    const [a, b]: { nested?: Record<string, unknown> }[] = [{}, {}]
    applySchemaDefaults(schema, a)
    applySchemaDefaults(schema, b)
    assert.notEqual(a!.nested, b!.nested)
  })
})
