import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Field, Schema } from '@treeline/machinery'
import { groups } from '../groups.js'
import { schemaOf } from './schema-of.js'

function field(type: string, name: string): Field {
  const found = schemaOf(type).fields.get(name)
  assert.ok(found, `${type}.${name}`)
  return found
}

test('scalars, pointers, required fields and numbers follow from the tuple', () => {
  assert.deepEqual(field('core.v1.ContainerPort', 'hostIP'), { schema: { type: 'string' }, number: 5 })
  assert.deepEqual(field('core.v1.ContainerPort', 'containerPort'), { schema: { type: 'int32' }, number: 3, required: true })
  assert.deepEqual(field('core.v1.SecurityContext', 'runAsUser'), { schema: { type: 'int64' }, number: 4, pointer: true })
})

test('lists and maps say how they are merged', () => {
  const ports = field('core.v1.Container', 'ports')
  assert.equal(ports.schema.type, 'list')
  assert.deepEqual(ports.schema.type === 'list' && [ports.schema.listType, ports.schema.keys], ['map', ['containerPort', 'protocol']])
  assert.deepEqual([ports.patchStrategy, ports.patchMergeKey], [['merge'], 'containerPort'])
  const finalizers = field('meta.v1.ObjectMeta', 'finalizers')
  assert.deepEqual(finalizers.schema, { type: 'list', items: { type: 'string' }, listType: 'set', keys: [] })
  assert.deepEqual(field('core.v1.PodSpec', 'nodeSelector').schema, { type: 'map', values: { type: 'string' }, atomic: true })
  assert.deepEqual(field('core.v1.PodSpec', 'volumes').patchStrategy, ['merge', 'retainKeys'])
})

test('enumerations have values when they are closed', () => {
  assert.deepEqual(field('core.v1.ContainerPort', 'protocol').schema, { type: 'string', values: ['TCP', 'UDP', 'SCTP'] })
  assert.deepEqual(field('core.v1.PodCondition', 'type').schema, { type: 'string' })
})

test('inlined structs are flat, and know the message they are in', () => {
  const secret = field('core.v1.Volume', 'secret')
  assert.deepEqual([secret.within, secret.number], [[2], 6])
  assert.deepEqual(field('admissionregistration.v1.NamedRuleWithOperations', 'apiGroups').within, [2, 2])
  assert.equal(field('core.v1.Volume', 'name').within, undefined)
})

test('schemas are shared, and may refer to themselves', () => {
  assert.equal(field('core.v1.Pod', 'spec').schema, schemaOf('core.v1.PodSpec'))
  assert.equal(field('apiextensions.v1.JSONSchemaProps', 'not').schema, schemaOf('apiextensions.v1.JSONSchemaProps'))
})

test('lists of objects need no declaration', () => {
  const list = schemaOf('apps.v1.DeploymentList')
  assert.equal(list.name, 'io.k8s.api.apps.v1.DeploymentList')
  assert.deepEqual([...list.fields.keys()], ['kind', 'apiVersion', 'metadata', 'items'])
})

test('unknown names throw', () => {
  assert.throws(() => schemaOf('core.v1.Nonsense'), /no type core.v1.Nonsense is declared/)
  assert.throws(() => schemaOf('core.v9.Pod'), /no group version core.v9 is declared/)
  assert.throws(() => schemaOf('core.v1.NonsenseList'), /no type/)
  assert.throws(() => schemaOf('core.v1.Protocol'), /is not a struct/)
})

for (const [key, { types }] of Object.entries(groups)) {
  test(`every type that ${key} refers to is declared, and no protobuf number is used twice`, () => {
    for (const [name, declaration] of Object.entries(types)) {
      if (typeof declaration === 'string' || Array.isArray(declaration)) continue
      const numbers = new Set<string>()
      for (const [fieldName, { schema, number, within = [] }] of schemaOf(`${key}.${name}`).fields) {
        assert.ok(resolves(schema))
        if (number === undefined) continue
        const path = [...within, number].join('.')
        assert.ok(!numbers.has(path), `${key}.${name}.${fieldName}: number ${path}`)
        numbers.add(path)
      }
    }
  })
}

function resolves(schema: Schema): boolean {
  if (schema.type === 'list') return resolves(schema.items)
  if (schema.type === 'map') return resolves(schema.values)
  return schema.type !== 'struct' || schema.fields.size >= 0
}
