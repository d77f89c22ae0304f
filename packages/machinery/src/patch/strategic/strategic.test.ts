import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { deepFreeze } from '../../objects/deep-freeze.js'
import type { Field, Schema } from '../../schema/schema.js'
import { StatusError } from '../../status/status-error.js'
import { applyStrategicMergePatch } from './apply-strategic.js'
import { createStrategicMergePatch } from './create-strategic.js'

const text: Schema = { type: 'string' }
const struct = (name: string, fields: Record<string, Field>): Schema => ({
  type: 'struct',
  name: `io.example.${name}`,
  fields: new Map(Object.entries(fields)),
})
const list = (items: Schema): Schema => ({ type: 'list', items, listType: 'atomic', keys: [] })
const map = (values: Schema): Schema => ({ type: 'map', values })
const merged = (items: Schema, patchMergeKey?: string, ...more: 'retainKeys'[]): Field => ({
  schema: list(items),
  patchStrategy: ['merge', ...more],
  patchMergeKey,
})

const container = struct('Container', {
  name: { schema: text },
  image: { schema: text },
  args: { schema: list(text) },
  env: merged(struct('EnvVar', { name: { schema: text }, value: { schema: text } }), 'name'),
  ports: merged(struct('Port', { port: { schema: { type: 'int32' } }, protocol: { schema: text } }), 'port'),
})
const volume = struct('Volume', { name: { schema: text }, emptyDir: { schema: struct('EmptyDir', {}) }, path: { schema: text } })
const pod = struct('Pod', {
  metadata: {
    schema: struct('ObjectMeta', { name: { schema: text }, labels: { schema: map(text) }, finalizers: merged(text) }),
  },
  spec: {
    schema: struct('PodSpec', {
      containers: merged(container, 'name'),
      volumes: merged(volume, 'name', 'retainKeys'),
      tolerations: { schema: list(struct('Toleration', { key: { schema: text } })) },
      strategy: { schema: struct('Strategy', { type: { schema: text }, rolling: { schema: text } }), patchStrategy: ['retainKeys'] },
      selector: { schema: struct('Selector', { a: { schema: text }, b: { schema: text } }), patchStrategy: ['replace'] },
      raw: { schema: { type: 'any', name: 'io.example.RawExtension' } },
      limits: { schema: map(struct('Limit', { max: { schema: text } })) },
    }),
  },
})

/** As parsed from JSON, with ordinary prototypes. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const names = (result: Record<string, unknown>) =>
  (result as { spec: { containers: { name: string }[] } }).spec.containers.map(({ name }) => name)
const live = deepFreeze({
  metadata: { name: 'p', labels: { a: '1', b: '2' }, finalizers: ['x/a', 'x/b'] },
  spec: {
    containers: [
      { name: 'a', image: 'i', env: [{ name: 'E', value: '1' }] },
      { name: 'b', image: 'i', ports: [{ port: 80 }] },
      { name: 'c' },
    ],
    volumes: [{ name: 'v', emptyDir: {} }],
    tolerations: [{ key: 'k' }],
    strategy: { type: 'Rolling', rolling: 'r' },
    selector: { a: '1' },
    raw: { x: { y: 1 } },
    limits: { cpu: { max: '1' } },
  },
})
const apply = (patch: object) => applyStrategicMergePatch(pod, live, deepFreeze(patch)) as typeof live
const applySpec = (spec: object) => apply({ spec }).spec

describe('strategic merge patch', () => {
  test('maps merge, null deletes, scalars replace', () => {
    assert.deepEqual(apply({ metadata: { name: 'q', labels: { a: null, c: '3' } } }).metadata, {
      name: 'q',
      labels: { b: '2', c: '3' },
      finalizers: ['x/a', 'x/b'],
    })
  })

  test('lists merge by key where the schema says so, and are replaced where not', () => {
    const spec = applySpec({ containers: [{ name: 'b', image: 'j' }, { name: 'z' }], tolerations: [{ key: 'l' }] })
    assert.deepEqual(
      spec.containers.map(({ name, image }) => [name, image]),
      [
        ['a', 'i'],
        ['b', 'j'],
        ['z', undefined],
        ['c', undefined],
      ],
    )
    assert.deepEqual(spec.tolerations, [{ key: 'l' }])
  })

  test('lists merge at every depth', () => {
    const [a] = applySpec({
      containers: [
        {
          name: 'a',
          env: [
            { name: 'F', value: '2' },
            { name: 'E', value: '3' },
          ],
        },
      ],
    }).containers
    assert.deepEqual(a?.env, [
      { name: 'F', value: '2' },
      { name: 'E', value: '3' },
    ])
  })

  test('$patch: delete takes an item out', () => {
    assert.deepEqual(names(apply({ spec: { containers: [{ name: 'b', $patch: 'delete' }] } })), ['a', 'c'])
  })

  test('$patch: replace takes the rest of a list or object as it is', () => {
    assert.deepEqual(applySpec({ containers: [{ name: 'z' }, { $patch: 'replace' }] }).containers, [{ name: 'z' }])
    assert.deepEqual(apply({ metadata: { labels: { $patch: 'replace', z: '1' } } }).metadata.labels, { z: '1' })
    assert.deepEqual(apply({ metadata: { labels: { $patch: 'delete' } } }).metadata.labels, {})
  })

  test('a field of strategy replace is not merged', () => assert.deepEqual(applySpec({ selector: { b: '2' } }).selector, { b: '2' }))

  test('$retainKeys drops all other keys', () => {
    assert.deepEqual(applySpec({ strategy: { $retainKeys: ['type'], type: 'Recreate' } }).strategy, { type: 'Recreate' })
    assert.deepEqual(applySpec({ volumes: [{ name: 'v', path: '/', $retainKeys: ['name', 'path'] }] }).volumes, [{ name: 'v', path: '/' }])
  })

  test('scalars merge as a set and leave by $deleteFromPrimitiveList', () => {
    assert.deepEqual(apply({ metadata: { finalizers: ['x/c', 'x/a'] } }).metadata.finalizers, ['x/c', 'x/a', 'x/b'])
    assert.deepEqual(apply({ metadata: { '$deleteFromPrimitiveList/finalizers': ['x/a', 'x/zz'] } }).metadata.finalizers, ['x/b'])
  })

  test('$setElementOrder orders the result; items only the server has keep their place', () => {
    const order = (...keys: string[]) => ({ '$setElementOrder/containers': keys.map((name) => ({ name })) })
    assert.deepEqual(names(apply({ spec: order('c', 'a') })), ['b', 'c', 'a'])
    assert.deepEqual(names(apply({ spec: { ...order('z', 'c', 'b'), containers: [{ name: 'z' }, { name: 'b', image: 'j' }] } })), [
      'z',
      'a',
      'c',
      'b',
    ])
    assert.deepEqual(apply({ metadata: { '$setElementOrder/finalizers': ['x/b', 'x/a'] } }).metadata.finalizers, ['x/b', 'x/a'])
  })

  const refused: readonly (readonly [patch: object, code: number, reason: string, message: string])[] = [
    [{ metadata: { $patch: 'foo' } }, 500, '', 'unknown patch type: foo in map: map[$patch:foo]'],
    [
      { spec: { containers: [{ image: 'i', args: ['a', 'b'] }] } },
      500,
      '',
      'map: map[args:[a b] image:i] does not contain declared merge key: name',
    ],
    [{ spec: { containers: [{ name: 'a', $patch: 'merge' }] } }, 500, '', 'merging lists cannot yet be specified in the patch'],
    [
      { spec: { containers: ['a'] } },
      500,
      '',
      'list element types are not identical: [[map[env:[map[name:E value:1]] image:i name:a] map[image:i name:b ports:[map[port:80]]] map[name:c]] [a]]',
    ],
    [{ spec: { raw: { x: { y: 2 } } } }, 500, '', 'unable to find api field in struct RawExtension for the json field "x"'],
    [{ spec: { limits: { cpu: { max: '2' } } } }, 500, '', 'merging an object in json but data type is not struct, instead is: map'],
    [{ metadata: { $retainKeys: 'name' } }, 400, 'BadRequest', 'invalid patch format of retainKeys'],
    [{ metadata: { $retainKeys: ['name'], labels: {} } }, 400, 'BadRequest', 'invalid patch format of retainKeys'],
    [{ metadata: { $deleteFromPrimitiveList: [] } }, 400, 'BadRequest', 'invalid patch format of primitive list'],
    [{ metadata: { $setElementOrderX: [] } }, 400, 'BadRequest', 'invalid patch format of setElementOrder list'],
    [{ metadata: { '$setElementOrder/finalizers': 'x' } }, 500, '', 'expected a []interface {}, but received a string'],
    [
      { metadata: { '$setElementOrder/finalizers': ['x/b'], finalizers: ['x/c'] } },
      500,
      '',
      "The order in patch list:\n[x/c]\n doesn't match $setElementOrder list:\n[x/b]\n",
    ],
  ]
  for (const [patch, code, reason, message] of refused) {
    test(`refuses ${JSON.stringify(patch)}`, () => {
      assert.throws(
        () => apply(patch),
        (error) => {
          assert.ok(error instanceof StatusError)
          assert.deepEqual([error.code, error.reason, error.message], [code, reason, message])
          return true
        },
      )
    })
  }

  test('created patches carry the directives upstream would send', () => {
    assert.deepEqual(
      createStrategicMergePatch(pod, live, {
        ...live,
        spec: { ...live.spec, containers: [{ name: 'c', image: 'j' }, live.spec.containers[0]!], strategy: { type: 'Recreate' } },
      }),
      {
        spec: {
          '$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }],
          containers: [
            { name: 'c', image: 'j' },
            { name: 'b', $patch: 'delete' },
          ],
          strategy: { $retainKeys: ['type'], type: 'Recreate', rolling: null },
        },
      },
    )
    assert.deepEqual(createStrategicMergePatch(pod, live, live), {})
  })

  const word = fc.constantFrom('a', 'b', 'c', 'd')
  const optional = <T extends Record<string, fc.Arbitrary<unknown>>>(fields: T) => fc.record(fields, { requiredKeys: [] })
  const keyed = (key: string, ids: fc.Arbitrary<unknown>, fields: Record<string, fc.Arbitrary<unknown>>) =>
    fc.uniqueArray(fc.record({ [key]: ids, ...fields }, { requiredKeys: [key] }), { selector: (item) => item[key], maxLength: 4 })
  const anyContainer = {
    image: word,
    args: fc.array(word, { maxLength: 2 }),
    env: keyed('name', word, { value: word }),
    ports: keyed('port', fc.integer({ min: 80, max: 83 }), { protocol: word }),
  }
  const anyPod = optional({
    metadata: optional({ name: word, labels: fc.dictionary(word, word), finalizers: fc.uniqueArray(word, { maxLength: 4 }) }),
    spec: optional({
      containers: keyed('name', word, anyContainer),
      volumes: keyed('name', word, { emptyDir: fc.constant({}), path: word }),
      tolerations: fc.array(fc.record({ key: word }), { maxLength: 2 }),
      strategy: optional({ type: word, rolling: word }),
      selector: optional({ a: word, b: word }),
    }),
  })

  test('creating a patch and applying it gives the target', () => {
    fc.assert(
      fc.property(anyPod.map(plain), anyPod.map(plain), (from, to) => {
        const patch = createStrategicMergePatch(pod, deepFreeze(from), deepFreeze(to))
        assert.deepEqual(applyStrategicMergePatch(pod, from, patch), to)
      }),
      { numRuns: 1000 },
    )
  })

  test('any patch applies or is refused with a Status, and never touches its input', () => {
    const key = fc.constantFrom(
      'metadata',
      'spec',
      'labels',
      'finalizers',
      'containers',
      'env',
      'name',
      'raw',
      '$patch',
      '$retainKeys',
      '$setElementOrder/containers',
      '$deleteFromPrimitiveList/finalizers',
      '$setElementOrder/finalizers',
      '__proto__',
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'medium' },
        word,
        fc.constantFrom('delete', 'replace', null, 1),
        fc.array(tie('value'), { maxLength: 3 }),
        tie('map'),
      ),
      map: fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    }))
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('metadata', 'spec', '$patch'), value), (patch) => {
        try {
          apply(patch)
        } catch (error) {
          assert.ok(error instanceof StatusError, String(error))
        }
      }),
      { numRuns: 3000 },
    )
  })
})
