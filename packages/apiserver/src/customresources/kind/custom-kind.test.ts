import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CustomResourceDefinition, Kind } from '@treeline/api'
import { applySchemaDefaults, type KubernetesObject } from '@treeline/machinery'
import type { JsonSchema } from '../schema/json-schema.js'
import { customKinds } from './custom-kind.js'

function kindsOf(schemas: Record<string, JsonSchema>, more: object = {}): { stored: Kind; served: readonly Kind[] } {
  const versions = Object.entries(schemas).map(([name, schema], i) => ({
    name,
    served: true,
    storage: i === 0,
    schema: { openAPIV3Schema: { type: 'object', properties: { spec: schema } } },
    ...more,
  }))
  const names = { plural: 'foos', singular: 'foo', kind: 'Foo', listKind: 'FooList' }
  const definition = { metadata: {}, spec: { group: 'example.com', scope: 'Namespaced', names, versions } }
  const kinds = customKinds(definition as unknown as CustomResourceDefinition)
  assert.ok(kinds)
  return kinds
}

function object(spec: unknown, version = 'v1'): KubernetesObject & { spec: unknown } {
  return { apiVersion: `example.com/${version}`, kind: 'Foo', metadata: { name: 'x' }, spec }
}

/** Reads an object as a request is read. */
function decoded(kind: Kind, spec: unknown): { unknown: readonly string[]; problem?: string; spec: unknown } {
  const value = object(spec)
  const found = kind.strategy.decode?.(value as unknown as Record<string, unknown>)
  applySchemaDefaults(kind.schema, value)
  return { unknown: [], ...found, spec: value.spec }
}

test('undeclared fields go, where the schema is not open', () => {
  const { stored } = kindsOf({
    v1: {
      type: 'object',
      properties: {
        a: { type: 'string' },
        open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { shut: { type: 'object' } } },
        map: { type: 'object', additionalProperties: { type: 'object', properties: { k: { type: 'string' } } } },
        loose: { type: 'object', additionalProperties: true },
        either: { 'x-kubernetes-int-or-string': true },
      },
    },
  })
  const { unknown, spec } = decoded(stored, {
    a: 'x',
    b: 1,
    open: { any: { thing: 1 }, shut: { gone: 1 } },
    map: { one: { k: 'x', z: 1 } },
    loose: { text: 'stays', object: { empties: 1 } },
    either: { no: 'object' },
  })
  assert.deepEqual(unknown, ['spec.b', 'spec.either.no', 'spec.loose.object.empties', 'spec.map.one.z', 'spec.open.shut.gone'])
  assert.deepEqual(spec, {
    a: 'x',
    open: { any: { thing: 1 }, shut: {} },
    map: { one: { k: 'x' } },
    loose: { text: 'stays', object: {} },
    either: {},
  })
})

test('nulls give way to defaults, or go, or stay where they may', () => {
  const text: JsonSchema = { type: 'string' }
  const { stored } = kindsOf({
    v1: {
      type: 'object',
      properties: {
        plain: text,
        may: { ...text, nullable: true, default: 'd' },
        has: { ...text, default: 'd' },
        map: { type: 'object', additionalProperties: text },
        deep: { type: 'object', default: {}, properties: { x: { ...text, default: 'd' } } },
      },
    },
  })
  assert.deepEqual(decoded(stored, { plain: null, may: null, has: null, map: { a: null, b: 'x' } }).spec, {
    may: null,
    has: 'd',
    map: { b: 'x' },
    deep: { x: 'd' },
  })
})

test('metadata of embedded resources is held to what metadata is', () => {
  const { stored } = kindsOf({
    v1: {
      type: 'object',
      properties: { e: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true } },
    },
  })
  const found = decoded(stored, { e: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', bogus: 1 }, rest: 1 } })
  assert.deepEqual(found.unknown, ['spec.e.metadata.bogus'])
  assert.deepEqual(found.spec, { e: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, rest: 1 } })
  assert.match(decoded(stored, { e: { metadata: { labels: { a: 1 } } } }).problem ?? '', /^spec\.e\.metadata: Invalid value/)
})

test('stored objects get the defaults of the version they are stored as and the fields of the one they are read as', () => {
  const { stored, served } = kindsOf({
    v1: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string', default: 'new' } } },
    v2: { type: 'object', properties: { b: { type: 'string' }, c: { type: 'string', default: 'never' } } },
  })
  const inStore = object({ a: 'x', old: 1 })
  assert.deepEqual((stored.readStored!(inStore) as typeof inStore).spec, { a: 'x', b: 'new' })
  const read = served[1]?.readStored?.(inStore) as typeof inStore
  assert.deepEqual([read.apiVersion, read.spec], ['example.com/v2', { b: 'new' }])
  assert.deepEqual(inStore.spec, { a: 'x', old: 1 })
  const written = served[1]?.storedAs?.toStored(object({ b: 'x', c: 'y' }, 'v2')) as typeof inStore
  assert.deepEqual([written.apiVersion, written.spec], ['example.com/v1', { b: 'x' }])
})

test('columns by path; one that cannot be read ends the table', () => {
  const column = (name: string, type: string, jsonPath: string): object => ({ name, type, jsonPath })
  const additionalPrinterColumns = [
    column('Text', 'string', '.spec.list'),
    column('Whole', 'integer', '.spec.n'),
    column('None', 'string', '.spec.list[9]'),
    column('Wrong', 'boolean', '.spec.n'),
    column('When', 'date', '.spec.n2'),
    column('Broken', 'string', '.spec['),
    column('Lost', 'string', '.spec.n'),
  ]
  const { stored } = kindsOf({ v1: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }, { additionalPrinterColumns })
  const row = object({ list: ['a', 1], n: 2.5, n2: 'no date' })
  assert.deepEqual(
    stored.columns.slice(1).map(({ name, cell }) => [name, cell(row, 0)]),
    [
      ['Text', '["a",1]'],
      ['Whole', 2],
      ['None', null],
      ['Wrong', null],
      ['When', '<invalid>'],
    ],
  )
})

test('selectable fields read as texts', () => {
  const selectableFields = [{ jsonPath: '.spec.on' }, { jsonPath: '.spec.size' }]
  const { stored } = kindsOf({ v1: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }, { selectableFields })
  const get = (name: string, spec: object): string | undefined => stored.selectableFields[name]?.(object(spec))
  assert.deepEqual([get('spec.on', { on: true }), get('spec.size', { size: 3 }), get('spec.on', {})], ['true', '3', ''])
})
