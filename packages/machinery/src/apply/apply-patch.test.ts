import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { KubernetesObject, ManagedFieldsEntry } from '../object.js'
import { deepCopy } from '../objects/deep-copy.js'
import { deepEqual } from '../objects/deep-equal.js'
import { deepFreeze } from '../objects/deep-freeze.js'
import { normalise } from '../schema/normalise.js'
import { StatusError } from '../status/status-error.js'
import { type ApplyRequest, applyPatch } from './apply-patch.js'
import { fieldSetOfFields } from './field-set.js'
import { recordUpdate } from './record-update.js'
import { gadgetSchema } from './test-schema.js'
import { keepUnchangedTimes } from './timestamps.js'

interface Gadget extends KubernetesObject {
  spec?: Record<string, unknown>
  status?: Record<string, unknown>
}

const t1 = new Date('2024-01-01T00:00:01Z')
const t2 = new Date('2024-01-01T00:00:02Z')
const apiVersion = 'example.com/v1'

const gadget = (spec: Record<string, unknown>, metadata: object = {}): Gadget => ({
  apiVersion,
  kind: 'Gadget',
  metadata: { name: 'g', ...metadata },
  spec,
})

function apply(live: Gadget | undefined, config: Gadget, manager: string, options: Partial<ApplyRequest> = {}): Gadget {
  if (live) deepFreeze(live)
  deepFreeze(config)
  const request = { schema: gadgetSchema, apiVersion, kind: 'Gadget', live, config, manager, force: false, now: t1, ...options }
  return normalise(gadgetSchema, applyPatch(request) as Gadget)
}

function update(before: Gadget | undefined, change: (object: Gadget) => void, manager: string, now = t1): Gadget {
  const after = normalise(gadgetSchema, before ? deepCopy(before) : gadget({}))
  change(after)
  recordUpdate({ schema: gadgetSchema, apiVersion, before, after, manager, now })
  return after
}

const owners = (object: Gadget): Record<string, unknown> =>
  Object.fromEntries(
    (object.metadata.managedFields ?? []).map((entry: ManagedFieldsEntry) => [`${entry.manager} ${entry.operation}`, entry.fieldsV1]),
  )

function failure(run: () => unknown): StatusError {
  try {
    run()
  } catch (error) {
    assert.ok(error instanceof StatusError, String(error))
    return error
  }
  assert.fail('no error')
}

describe('applyPatch', () => {
  test('creates an object and owns exactly what was applied', () => {
    const object = apply(undefined, gadget({ replicas: 2, containers: [{ name: 'a', image: 'x' }] }, { labels: { app: 'g' } }), 'm1')
    assert.deepEqual(object.spec, { replicas: 2, containers: [{ name: 'a', image: 'x' }], config: null })
    assert.deepEqual(object.metadata.managedFields, [
      {
        manager: 'm1',
        operation: 'Apply',
        apiVersion,
        time: '2024-01-01T00:00:01Z',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:metadata': { 'f:labels': { 'f:app': {} } },
          'f:spec': { 'f:containers': { 'k:{"name":"a"}': { '.': {}, 'f:image': {}, 'f:name': {} } }, 'f:replicas': {} },
        },
      },
    ])
  })

  test('refuses to change what another manager applied, and names it', () => {
    const live = apply(undefined, gadget({ replicas: 2, selector: { a: 'b' } }), 'm1')
    const one = failure(() => apply(live, gadget({ replicas: 3 }), 'm2'))
    assert.equal(one.code, 409)
    assert.equal(one.message, 'Apply failed with 1 conflict: conflict with "m1": .spec.replicas')
    assert.deepEqual(one.status.details, {
      causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "m1"', field: '.spec.replicas' }],
    })
    const two = failure(() => apply(live, gadget({ replicas: 3, selector: { a: 'c' } }), 'm2'))
    assert.equal(two.message, 'Apply failed with 2 conflicts: conflicts with "m1":\n- .spec.replicas\n- .spec.selector')
  })

  test('names the version of an Update manager and its subresource', () => {
    const created = update(undefined, (object) => Object.assign(object.spec ?? {}, { replicas: 1 }), 'editor')
    assert.equal(
      failure(() => apply(created, gadget({ replicas: 3 }), 'm')).message,
      `Apply failed with 1 conflict: conflict with "editor" using ${apiVersion}: .spec.replicas`,
    )
    const scaled: Gadget = deepCopy(created)
    for (const entry of scaled.metadata.managedFields ?? []) entry.subresource = 'scale'
    assert.match(
      failure(() => apply(scaled, gadget({ replicas: 3 }), 'm')).message,
      /conflict with "editor" with subresource "scale" using/,
    )
  })

  test('shares what two managers apply alike, and takes it by force when they differ', () => {
    const shared = apply(apply(undefined, gadget({ replicas: 2 }), 'm1'), gadget({ replicas: 2 }), 'm2')
    assert.deepEqual(owners(shared), { 'm1 Apply': { 'f:spec': { 'f:replicas': {} } }, 'm2 Apply': { 'f:spec': { 'f:replicas': {} } } })
    const forced = apply(shared, gadget({ replicas: 5 }), 'm2', { force: true })
    assert.equal(forced.spec?.['replicas'], 5)
    assert.deepEqual(owners(forced), { 'm2 Apply': { 'f:spec': { 'f:replicas': {} } } })
  })

  test('an ownership without a change of the object carries no time', () => {
    const shared = apply(apply(undefined, gadget({ replicas: 2 }), 'm1'), gadget({ replicas: 2 }), 'm2', { now: t2 })
    assert.deepEqual(
      shared.metadata.managedFields?.map((entry) => [entry.manager, entry.time]),
      [
        ['m2', undefined],
        ['m1', '2024-01-01T00:00:01Z'],
      ],
    )
  })

  test('takes away what the manager applies no more and nobody else owns', () => {
    const first = apply(
      undefined,
      gadget({ replicas: 2, containers: [{ name: 'a', env: [{ name: 'X', value: '1' }] }, { name: 'b' }] }, { labels: { a: '1', b: '2' } }),
      'm1',
    )
    const second = apply(first, gadget({ containers: [{ name: 'b' }] }, { labels: { b: '2' } }), 'm1')
    assert.deepEqual(second.spec, { containers: [{ name: 'b' }], config: null })
    assert.deepEqual(second.metadata.labels, { b: '2' })
  })

  test('a list item it gives up keeps what others own in it', () => {
    const first = apply(undefined, gadget({ containers: [{ name: 'a', image: 'x' }] }), 'm1')
    const both = apply(first, gadget({ containers: [{ name: 'a', command: ['c'] }] }), 'm2')
    const left = apply(both, gadget({ containers: [] }), 'm1')
    assert.deepEqual(left.spec?.['containers'], [{ name: 'a', command: ['c'] }])
  })

  test('merges lists by key in the order of the configuration, and sets as a union', () => {
    const live = apply(undefined, gadget({ containers: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }, { finalizers: ['x/1'] }), 'm1')
    const merged = apply(
      live,
      gadget({ containers: [{ name: 'c', image: 'i' }, { name: 'n' }, { name: 'a', image: 'i' }] }, { finalizers: ['x/2'] }),
      'm2',
    )
    assert.deepEqual(
      (merged.spec?.['containers'] as { name: string }[] | undefined)?.map(({ name }) => name),
      ['b', 'c', 'n', 'a'],
    )
    assert.deepEqual(merged.metadata.finalizers, ['x/1', 'x/2'])
  })

  test('finds an item by the default of its key', () => {
    const live = apply(undefined, gadget({ ports: [{ port: 80, name: 'web' }] }), 'm1')
    assert.deepEqual(owners(live), {
      'm1 Apply': { 'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:port': {} } } } },
    })
    const same = apply(live, gadget({ ports: [{ port: 80, protocol: 'TCP', name: 'other' }] }), 'm2', { force: true })
    assert.equal((same.spec?.['ports'] as unknown[] | undefined)?.length, 1)
  })

  test('gives all that was there before to before-first-apply', () => {
    const live: Gadget = { ...gadget({ replicas: 1, containers: [], config: null }), status: { ready: 1 } }
    const object = apply(live, gadget({ replicas: 1, selector: { a: 'b' } }), 'm', { resetFields: fieldSetOfFields('status') })
    assert.deepEqual(owners(object), {
      'm Apply': { 'f:spec': { 'f:replicas': {}, 'f:selector': {} } },
      'before-first-apply Update': { 'f:spec': { 'f:containers': {}, 'f:replicas': {} } },
    })
  })

  test('a free-form value is merged by its maps and replaced by its lists', () => {
    const live = apply(undefined, gadget({ config: { a: { x: 1 }, list: [1, 2] } }), 'm1')
    const merged = apply(live, gadget({ config: { a: { y: 2 } } }), 'm2')
    assert.deepEqual(merged.spec?.['config'], { a: { x: 1, y: 2 }, list: [1, 2] })
    assert.equal(failure(() => apply(live, gadget({ config: { list: [3] } }), 'm2')).code, 409)
  })

  for (const [what, config, code, message] of [
    ['another kind', { ...gadget({}), kind: 'Other' }, 400, 'invalid object type: example.com/v1, Kind=Other'],
    ['managed fields', gadget({}, { managedFields: [] }), 400, 'metadata.managedFields must be nil'],
    [
      'an undeclared field',
      gadget({ nope: 1 }),
      500,
      'failed to create typed patch object (/g; example.com/v1, Kind=Gadget): .spec.nope: field not declared in schema',
    ],
    [
      'a value of another type',
      gadget({ replicas: 'x' }),
      500,
      'failed to create typed patch object (/g; example.com/v1, Kind=Gadget): .spec.replicas: expected numeric (int or float), got string',
    ],
    [
      'an item twice',
      gadget({ ports: [{ port: 1 }, { port: 1, protocol: 'TCP' }] }),
      500,
      'failed to create typed patch object (/g; example.com/v1, Kind=Gadget): .spec.ports: duplicate entries for key [port=1,protocol="TCP"]',
    ],
    [
      'an item without key',
      gadget({ containers: [{ image: 'x' }] }),
      500,
      'failed to create typed patch object (/g; example.com/v1, Kind=Gadget): .spec.containers: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn\'t have default values for any key fields)',
    ],
  ] as const) {
    test(`refuses ${what}`, () => {
      const error = failure(() => apply(undefined, config as Gadget, 'm'))
      assert.deepEqual([error.code, error.message], [code, message])
    })
  }

  test('kubectl takes from its own client-side apply without force and keeps the annotation in step', () => {
    const annotation = 'kubectl.kubernetes.io/last-applied-configuration'
    const config = gadget({ replicas: 1 }, { annotations: {} })
    const live = update(
      undefined,
      (object) => {
        object.spec = { replicas: 1, containers: null }
        object.metadata.annotations = { [annotation]: JSON.stringify(config) }
      },
      'kubectl-client-side-apply',
    )
    const object = apply(live, gadget({ replicas: 2 }), 'kubectl')
    assert.equal(object.spec?.['replicas'], 2)
    assert.equal(
      object.metadata.annotations?.[annotation],
      '{"apiVersion":"example.com/v1","kind":"Gadget","metadata":{"name":"g"},"spec":{"replicas":2}}\n',
    )
    assert.equal(failure(() => apply(live, gadget({ replicas: 2 }), 'somebody')).code, 409)
  })
})

const labels = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'))
const configs = fc
  .record(
    {
      replicas: fc.integer({ min: 0, max: 2 }),
      selector: labels,
      containers: fc.uniqueArray(fc.record({ name: fc.constantFrom('a', 'b', 'c'), image: fc.constantFrom('x', 'y') }), {
        selector: (c) => c.name,
        minLength: 1,
      }),
      config: fc.constantFrom<unknown>(1, 'x', [1, { y: 2 }], { a: 1 }, { a: { b: 2 }, c: [1] }, { a: { b: 3, d: 4 } }),
    },
    { requiredKeys: [] },
  )
  .map((spec) => gadget(spec as Record<string, unknown>))
const manager = fc.constantFrom('m1', 'm2')
const history = fc.array(fc.tuple(manager, configs), { maxLength: 4 })

describe('applying', () => {
  const play = (steps: readonly (readonly [string, Gadget])[]): Gadget | undefined =>
    steps.reduce<Gadget | undefined>((live, [who, config]) => apply(live, config, who, { force: true }), undefined)

  test('twice is applying once', () => {
    fc.assert(
      fc.property(history, manager, configs, (steps, who, config) => {
        const once = apply(play(steps), config, who, { force: true })
        const twice = apply(once, config, who, { now: t2 })
        keepUnchangedTimes(once, twice)
        assert.ok(deepEqual(twice, once), `${JSON.stringify(once)}\n${JSON.stringify(twice)}`)
      }),
    )
  })

  test('by one manager leaves only what it applied last', () => {
    fc.assert(
      fc.property(fc.array(configs, { maxLength: 3 }), configs, (before, last) => {
        const steps = [...before, last].map((config): readonly [string, Gadget] => ['m1', config])
        const expected = apply(undefined, last, 'm1')
        const values = (object: Gadget): unknown => ({
          ...object.spec,
          containers: ((object.spec?.['containers'] as { name: string }[]) ?? []).length,
        })
        assert.deepEqual(values(play(steps) as Gadget), values(expected))
      }),
    )
  })

  test('by force makes the manager the owner of all it applied, and shows its values', () => {
    fc.assert(
      fc.property(history, configs, (steps, config) => {
        const object = apply(play(steps), config, 'm3', { force: true })
        const again = apply(object, config, 'm3')
        assert.ok(deepEqual(again.spec, object.spec))
        if (config.spec?.['replicas'] !== undefined) assert.equal(object.spec?.['replicas'], config.spec['replicas'])
      }),
    )
  })
})
