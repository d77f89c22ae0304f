import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkFields } from './check-fields.js'
import type { Field, Schema, StructSchema } from './schema.js'

function struct(name: string, fields: Record<string, Schema | Field>): StructSchema {
  const entries = Object.entries(fields).map(([key, value]): [string, Field] => [key, 'schema' in value ? value : { schema: value }])
  return { type: 'struct', name: `io.k8s.api.apps.v1.${name}`, fields: new Map(entries) }
}

const list = (items: Schema): Schema => ({ type: 'list', items, listType: 'atomic', keys: [] })
const schema = struct('Deployment', {
  metadata: struct('ObjectMeta', { labels: { type: 'map', values: { type: 'string' } }, creationTimestamp: { type: 'time' } }),
  spec: struct('DeploymentSpec', {
    replicas: { type: 'int32' },
    big: { type: 'int64' },
    paused: { type: 'boolean' },
    names: list({ type: 'string' }),
    selector: struct('LabelSelector', { matchLabels: { type: 'map', values: { type: 'string' } } }),
    containers: list(struct('Container', { name: { type: 'string' }, cpu: { type: 'quantity' }, port: { type: 'int-or-string' } })),
    data: { type: 'map', values: { type: 'bytes' } },
    raw: { type: 'any' },
  }),
})

const typeError = (value: unknown): string | undefined => checkFields(schema, value).typeError
const field = (kind: string, path: string, type: string): string =>
  `json: cannot unmarshal ${kind} into Go struct field ${path} of type ${type}`

describe('checkFields', () => {
  for (const [value, expected] of [
    [{ spec: { replicas: 3, paused: null, names: [null], raw: [1, 'x'] } }, undefined],
    [{ spec: { replicas: '3' } }, field('string', 'DeploymentSpec.spec.replicas', 'int32')],
    [{ spec: { replicas: 3.5 } }, field('number 3.5', 'DeploymentSpec.spec.replicas', 'int32')],
    [{ spec: { replicas: 99999999999 } }, field('number 99999999999', 'DeploymentSpec.spec.replicas', 'int32')],
    [{ spec: { big: 99999999999 } }, undefined],
    [{ spec: { big: 1e19 } }, field('number 10000000000000000000', 'DeploymentSpec.spec.big', 'int64')],
    [{ spec: { paused: 'true' } }, field('string', 'DeploymentSpec.spec.paused', 'bool')],
    [{ spec: { selector: [] } }, field('array', 'DeploymentSpec.spec.selector', 'v1.LabelSelector')],
    [{ spec: { selector: { matchLabels: { a: 1 } } } }, field('number', 'LabelSelector.spec.selector.matchLabels', 'string')],
    [{ spec: { containers: {} } }, field('object', 'DeploymentSpec.spec.containers', '[]v1.Container')],
    [{ spec: { containers: ['x'] } }, field('string', 'DeploymentSpec.spec.containers', 'v1.Container')],
    [{ spec: { containers: [{ name: 'a' }, { name: 5 }] } }, field('number', 'Container.spec.containers.name', 'string')],
    [{ spec: { containers: [{ port: true }] } }, field('bool', 'Container.spec.containers.port', 'int32')],
    [
      { spec: { containers: [{ cpu: 'abc' }] } },
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [{ metadata: { labels: 'x' } }, field('string', 'ObjectMeta.metadata.labels', 'map[string]string')],
    [{ metadata: { creationTimestamp: 5 } }, field('number', 'ObjectMeta.metadata.creationTimestamp', 'string')],
    [{ metadata: { creationTimestamp: 'abc' } }, 'parsing time "abc" as "2006-01-02T15:04:05Z07:00": cannot parse "abc" as "2006"'],
    [
      { metadata: { creationTimestamp: '2020-01-01 00:00:00Z' } },
      'parsing time "2020-01-01 00:00:00Z" as "2006-01-02T15:04:05Z07:00": cannot parse " 00:00:00Z" as "T"',
    ],
    [{ metadata: { creationTimestamp: '2020-13-01T00:00:00Z' } }, 'parsing time "2020-13-01T00:00:00Z": month out of range'],
    [{ metadata: { creationTimestamp: '2020-02-30T00:00:00Z' } }, 'parsing time "2020-02-30T00:00:00Z": day out of range'],
    [{ spec: { data: { a: '!!' } } }, 'illegal base64 data at input byte 0'],
    [{ spec: { data: { a: 'YQ==' } } }, undefined],
    [[], 'json: cannot unmarshal array into Go value of type v1.Deployment'],
    [{ spec: { replicas: 'first', paused: 'second' } }, field('string', 'DeploymentSpec.spec.replicas', 'int32')],
  ] as const) {
    test(`${JSON.stringify(value)} ${expected === undefined ? 'fits' : 'does not'}`, () => assert.equal(typeError(value), expected))
  }

  test('tells unknown and duplicate fields in the order of the document', () => {
    const value = {
      foo: 1,
      spec: { containers: [{ x: 1, name: 'a', y: { z: 2 } }], raw: { anything: 1 } },
      metadata: { labels: { 'a.b/c': 'x' } },
      Spec: {},
    }
    assert.deepEqual(
      checkFields(schema, value, ['metadata.labels.a.b/c', 'spec.containers[0].name', 'foo.x', 'spec.raw.anything']).strict,
      [
        'unknown field "foo"',
        'unknown field "spec.containers[0].x"',
        'duplicate field "spec.containers[0].name"',
        'unknown field "spec.containers[0].y"',
        'duplicate field "metadata.labels.a.b/c"',
        'unknown field "Spec"',
      ],
    )
  })

  test('stops counting at a hundred', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`x${i}`, 1]))
    assert.equal(checkFields(schema, many).strict.length, 100)
  })
})
