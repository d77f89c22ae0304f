import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { KubernetesObject, ManagedFieldsEntry } from '../object.js'
import { deepCopy } from '../objects/deep-copy.js'
import { normalise } from '../schema/normalise.js'
import { fieldSetOfFields } from './field-set.js'
import { recordUpdate, type UpdateRecord } from './record-update.js'
import { fromScaleFields, toScaleFields } from './scale-fields.js'
import { gadgetSchema } from './test-schema.js'
import { keepUnchangedTimes } from './timestamps.js'

interface Gadget extends KubernetesObject {
  spec?: Record<string, unknown>
  status?: Record<string, unknown>
}

const apiVersion = 'example.com/v1'
const at = (second: number): Date => new Date(Date.UTC(2024, 0, 1, 0, 0, second))

function write(before: Gadget | undefined, change: object, manager: string, options: Partial<UpdateRecord> = {}): Gadget {
  const base = before ? deepCopy(before) : { apiVersion, kind: 'Gadget', metadata: { name: 'g' }, spec: {} }
  const after = normalise(gadgetSchema, merge(base, change) as unknown as Gadget)
  recordUpdate({ schema: gadgetSchema, apiVersion, before, after, manager, now: at(1), ...options })
  return after
}

function merge(base: object, change: object): Record<string, unknown> {
  const result: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(change)) {
    const old = result[key]
    result[key] = isPlain(value) && isPlain(old) ? merge(old, value) : value
  }
  return result
}

const isPlain = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)
const entries = (object: Gadget): ManagedFieldsEntry[] => object.metadata.managedFields ?? []
const summary = (object: Gadget): unknown[] =>
  entries(object).map(({ manager, time, fieldsV1 }) => [manager, time?.slice(17, 19), fieldsV1])

describe('recordUpdate', () => {
  test('gives a creator every field that an empty object does not have', () => {
    const object = write(undefined, { metadata: { labels: { a: 'b' } }, spec: { replicas: 0, containers: [{ name: 'c' }] } }, 'creator')
    assert.deepEqual(entries(object), [
      {
        manager: 'creator',
        operation: 'Update',
        apiVersion,
        time: '2024-01-01T00:00:01Z',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
          'f:spec': { 'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:name': {} } }, 'f:replicas': {} },
        },
      },
    ])
  })

  test('moves what changed to the writer and takes what is gone from everyone', () => {
    const created = write(undefined, { spec: { replicas: 1, selector: { a: 'b' }, containers: [{ name: 'c', image: 'x' }] } }, 'a')
    const edited = write(created, { spec: { replicas: 2, selector: null } }, 'b', { now: at(2) })
    assert.deepEqual(summary(edited), [
      ['a', '01', { 'f:spec': { 'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:image': {}, 'f:name': {} } } } }],
      ['b', '02', { 'f:spec': { 'f:replicas': {} } }],
    ])
  })

  test('adds to the entry the writer has, and drops an entry that is left with nothing', () => {
    const created = write(undefined, { spec: { replicas: 1 } }, 'a')
    const edited = write(created, { spec: { replicas: 2, selector: { x: 'y' } } }, 'b', { now: at(2) })
    assert.deepEqual(summary(edited), [['b', '02', { 'f:spec': { 'f:replicas': {}, 'f:selector': {} } }]])
    const again = write(edited, { metadata: { labels: { l: '1' } } }, 'b', { now: at(3) })
    assert.deepEqual(summary(again), [
      ['b', '03', { 'f:metadata': { 'f:labels': { '.': {}, 'f:l': {} } }, 'f:spec': { 'f:replicas': {}, 'f:selector': {} } }],
    ])
  })

  test('keeps the very entries when nothing changed', () => {
    const created = write(undefined, { spec: { replicas: 1 } }, 'a')
    assert.equal(write(created, {}, 'b', { now: at(9) }).metadata.managedFields, created.metadata.managedFields)
  })

  test('keeps subresources apart and ignores the entries a subresource write sends', () => {
    const created = write(undefined, { spec: { replicas: 1 } }, 'a')
    const after = write(created, { metadata: { managedFields: [] }, status: { ready: 1 } }, 'a', {
      subresource: 'status',
      resetFields: fieldSetOfFields('spec'),
    })
    assert.deepEqual(
      entries(after).map(({ manager, subresource, fieldsV1 }) => [manager, subresource, fieldsV1]),
      [
        ['a', undefined, { 'f:spec': { 'f:replicas': {} } }],
        ['a', 'status', { 'f:status': { 'f:ready': {} } }],
      ],
    )
  })

  test('is reset by an empty list or an empty entry, and then stays off', () => {
    const created = write(undefined, { spec: { replicas: 1 } }, 'a')
    for (const managedFields of [[], [{}]]) {
      const reset = write(created, { metadata: { managedFields } }, 'a')
      assert.equal('managedFields' in reset.metadata, false)
      assert.equal('managedFields' in write(reset, { spec: { replicas: 2 } }, 'a').metadata, false)
    }
  })

  test('takes entries a client sends, and the stored ones when it cannot read them', () => {
    const created = write(undefined, { spec: { replicas: 1 } }, 'a')
    const sent = [{ manager: 'z', operation: 'Update', apiVersion, fieldsType: 'FieldsV1', fieldsV1: { 'f:spec': { 'f:replicas': {} } } }]
    assert.deepEqual(summary(write(created, { metadata: { managedFields: sent } }, 'b')), [
      ['z', undefined, { 'f:spec': { 'f:replicas': {} } }],
    ])
    assert.deepEqual(summary(write(created, { metadata: { managedFields: [{ manager: 'z', operation: 'Nope' }] } }, 'b')), summary(created))
  })

  test('collapses the oldest of more than ten update managers', () => {
    let object: Gadget | undefined
    for (let i = 0; i < 12; i++)
      object = write(object, { metadata: { labels: { [`l${i}`]: 'x' } } }, `m${String(i).padStart(2, '0')}`, { now: at(i) })
    const names = entries(object as Gadget).map(({ manager }) => manager)
    assert.deepEqual(names, ['ancient-changes', 'm03', 'm04', 'm05', 'm06', 'm07', 'm08', 'm09', 'm10', 'm11'])
    assert.deepEqual(entries(object as Gadget)[0]?.fieldsV1, {
      'f:metadata': { 'f:labels': { '.': {}, 'f:l0': {}, 'f:l1': {}, 'f:l2': {} } },
    })
  })

  test('follows a list that lost or got items with the same key', () => {
    const twice = write(
      undefined,
      {
        spec: {
          containers: [
            { name: 'c', image: 'x' },
            { name: 'c', image: 'y' },
          ],
        },
      },
      'a',
    )
    assert.deepEqual(entries(twice)[0]?.fieldsV1, { 'f:spec': { 'f:containers': { 'k:{"name":"c"}': {} } } })
    const once = write(twice, { spec: { containers: [{ name: 'c', image: 'y' }] } }, 'b')
    assert.deepEqual(summary(once), [
      ['b', '01', { 'f:spec': { 'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:image': {}, 'f:name': {} } } } }],
    ])
  })
})

describe('keepUnchangedTimes', () => {
  test('puts times back when nothing else changed', () => {
    const created = write(undefined, { spec: { replicas: 1 } }, 'a')
    const touched = deepCopy(created)
    for (const entry of entries(touched)) entry.time = '2030-01-01T00:00:00Z'
    keepUnchangedTimes(created, touched)
    assert.deepEqual(touched, created)
    const changed = deepCopy(touched)
    for (const entry of entries(changed)) entry.time = '2030-01-01T00:00:00Z'
    changed.spec = { replicas: 2 }
    keepUnchangedTimes(created, changed)
    assert.equal(entries(changed)[0]?.time, '2030-01-01T00:00:00Z')
  })
})

describe('the managed fields of a Scale', () => {
  const paths = new Map([[apiVersion, ['f:spec', 'f:replicas']]])
  const entry = (manager: string, fieldsV1: object, more: Partial<ManagedFieldsEntry> = {}): ManagedFieldsEntry => ({
    manager,
    operation: 'Update',
    apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...more,
  })

  test('are the entries that own replicas, in the words of Scale', () => {
    const parent = [entry('a', { 'f:spec': { 'f:replicas': {}, 'f:x': {} } }), entry('b', { 'f:spec': { 'f:x': {} } })]
    assert.deepEqual(toScaleFields(parent, paths), [entry('a', { 'f:spec': { 'f:replicas': {} } }, { apiVersion: 'autoscaling/v1' })])
  })

  test('come back to the object, which keeps what the Scale does not know', () => {
    const parent = [entry('a', { 'f:spec': { 'f:replicas': {}, 'f:x': {} } })]
    const scaled = [entry('s', { 'f:spec': { 'f:replicas': {} } }, { apiVersion: 'autoscaling/v1', subresource: 'scale' })]
    assert.deepEqual(fromScaleFields(parent, scaled, paths, apiVersion), [
      entry('a', { 'f:spec': { 'f:x': {} } }),
      entry('s', { 'f:spec': { 'f:replicas': {} } }, { subresource: 'scale' }),
    ])
    assert.deepEqual(fromScaleFields(parent, toScaleFields(parent, paths), paths, apiVersion), parent)
  })
})
