import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CustomResourceDefinition } from '@treeline/api'
import { formatFieldError } from '@treeline/machinery'
import type { JsonSchema } from '../schema/json-schema.js'
import { definitionErrors, definitionUpdateErrors } from './validate-definition.js'

type Spec = CustomResourceDefinition['spec']

const open: JsonSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }

function version(name: string, schema: JsonSchema = open, more: object = {}): Spec['versions'][number] {
  return { name, served: true, storage: name === 'v1', schema: { openAPIV3Schema: schema }, ...more } as Spec['versions'][number]
}

function definition(spec: Partial<Spec> = {}, status: object = {}): CustomResourceDefinition {
  const names = { plural: 'foos', singular: 'foo', kind: 'Foo', listKind: 'FooList' }
  return {
    metadata: { name: 'foos.example.com' },
    spec: { group: 'example.com', scope: 'Namespaced', names, versions: [version('v1')], conversion: { strategy: 'None' }, ...spec },
    status: { storedVersions: ['v1'], acceptedNames: { plural: '', kind: '' }, conditions: [], ...status },
  } as unknown as CustomResourceDefinition
}

const messagesOf = (spec: Partial<Spec>, status?: object): string[] => definitionErrors(definition(spec, status)).map(formatFieldError)

const label =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"

test('a definition that is in order', () => {
  assert.deepEqual(messagesOf({}), [])
})

test('names, group and scope', () => {
  assert.deepEqual(messagesOf({ group: 'other.com' }), [
    'metadata.name: Invalid value: "foos.example.com": must be spec.names.plural+"."+spec.group',
  ])
  assert.deepEqual(messagesOf({ scope: 'Galaxy' }), ['spec.scope: Unsupported value: "Galaxy": supported values: "Cluster", "Namespaced"'])
  assert.deepEqual(messagesOf({ names: { plural: 'foos', singular: 'foo', kind: 'Foo', listKind: 'Foo' } }), [
    'spec.names.listKind: Invalid value: "Foo": kind and listKind may not be the same',
  ])
  assert.deepEqual(messagesOf({ versions: [version('V1', open, { storage: true })] }, { storedVersions: ['V1'] }), [
    `spec.versions[0].name: Invalid value: "V1": ${label}`,
    `spec.version: Invalid value: "V1": ${label}`,
  ])
})

test('a definition with nothing in it is refused, not stumbled over', () => {
  const messages = definitionErrors({ metadata: { name: 'x' }, spec: {} } as unknown as CustomResourceDefinition).map(formatFieldError)
  assert.ok(messages.includes('spec.versions: Invalid value: null: must have exactly one version marked as storage version'))
  assert.ok(messages.includes('status.storedVersions: Invalid value: null: must have at least one stored version'))
})

test('stored versions stay until a migration has taken them out of status', () => {
  assert.deepEqual(messagesOf({}, { storedVersions: ['v1', 'v0'] }), [
    'status.storedVersions[1]: Invalid value: "v0": missing from spec.versions; v0 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v0 and removes v0 from status.storedVersions',
  ])
})

/** Schema of `spec.x`, and what upstream says of it. */
const schemas: readonly (readonly [what: string, schema: JsonSchema, messages: readonly string[]])[] = [
  ['no type', {}, ['.type: Required value: must not be empty for specified object fields']],
  ['no items', { type: 'array' }, ['.items: Required value: must be specified']],
  [
    'a default of another type',
    { type: 'string', default: 5 },
    ['.default: Invalid value: "integer":  in body must be of type string: "integer"'],
  ],
  [
    'a default with fields that would go',
    { type: 'object', properties: { a: { type: 'string' } }, default: { b: 1 } },
    ['.default: Invalid value: {"b":1}: must not have unknown fields'],
  ],
  ['an int-or-string takes any default', { 'x-kubernetes-int-or-string': true, default: {} }, []],
  [
    'a look-ahead is no RE2',
    { type: 'string', pattern: '(?=x)' },
    [
      '.pattern: Invalid value: "(?=x)": must be a valid regular expression, but isn\'t: error parsing regexp: invalid or unsupported Perl syntax: `(?=`',
    ],
  ],
  [
    'a list type on a text',
    { type: 'string', 'x-kubernetes-list-type': 'set' },
    ['.type: Invalid value: "string": must be array if x-kubernetes-list-type is specified'],
  ],
]

for (const [what, schema, messages] of schemas) {
  test(`schema: ${what}`, () => {
    const root: JsonSchema = { type: 'object', properties: { spec: { type: 'object', properties: { x: schema } } } }
    const at = 'spec.validation.openAPIV3Schema.properties[spec].properties[x]'
    assert.deepEqual(
      messagesOf({ versions: [version('v1', root)] }),
      messages.map((message) => at + message),
    )
  })
}

test('what all versions share is named where upstream sees it, what differs by version', () => {
  const broken: JsonSchema = { type: 'object', properties: { x: {} } }
  const text = 'properties[x].type: Required value: must not be empty for specified object fields'
  assert.deepEqual(
    messagesOf({ versions: [version('v1', broken), version('v2', broken)] }).map((message) => message.split('.properties')[0]),
    ['spec.validation.openAPIV3Schema'],
  )
  const [message] = messagesOf({ versions: [version('v1'), version('v2', broken)] })
  assert.ok(message?.startsWith('spec.versions[1].schema.openAPIV3Schema.'), `${message} ${text}`)
})

test('names of an established definition do not change', () => {
  const established = { conditions: [{ type: 'Established', status: 'True' }] }
  const old = definition({}, established)
  const next = definition({ scope: 'Cluster' }, established)
  assert.deepEqual(definitionUpdateErrors(next, old).map(formatFieldError), ['spec.scope: Invalid value: "Cluster": field is immutable'])
  assert.deepEqual(definitionUpdateErrors(definition({ scope: 'Cluster' }), definition()).map(formatFieldError), [])
})
