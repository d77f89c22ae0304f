import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldErrorBody } from '@treeline/machinery'
import type { JsonSchema } from '../schema/json-schema.js'
import { duplicateItems } from './list-uniqueness.js'
import { fieldErrorsOf } from './outcome.js'
import { ValueValidator } from './value-validator.js'

/** One rule or combination of rules for each property. */
const properties: Record<string, JsonSchema> = {
  i: { type: 'integer', minimum: 1, maximum: 1000000 },
  i32: { type: 'integer', format: 'int32' },
  n: { type: 'number', exclusiveMinimum: true, minimum: 0.5, maximum: 1000000, multipleOf: 0.5 },
  s: { type: 'string', minLength: 2, maxLength: 5, pattern: '^[a-z]+$' },
  e: { type: 'string', enum: ['a', 'b'] },
  en: { type: 'integer', enum: [1, 2], nullable: true },
  l: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 2 },
  ls: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
  lm: {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['k'],
    items: { type: 'object', required: ['k'], properties: { k: { type: 'string' }, v: { type: 'integer' } } },
  },
  m: { type: 'object', minProperties: 1, maxProperties: 2, additionalProperties: { type: 'integer' } },
  o: { type: 'object', properties: { x: { type: 'string' } } },
  ios: { 'x-kubernetes-int-or-string': true },
  b: { type: 'boolean' },
  d: { type: 'string', format: 'date' },
  any: { type: 'integer', anyOf: [{ minimum: 10 }, { maximum: 3 }] },
  one: { type: 'string', oneOf: [{ pattern: '^a' }, { pattern: 'z$' }] },
  all: { type: 'integer', allOf: [{ minimum: 5 }, { multipleOf: 2 }] },
  not: { type: 'string', not: { enum: ['bad'] } },
  nul: { type: 'string', nullable: true },
  mul: { type: 'integer', multipleOf: 3 },
  obj1: { type: 'object', oneOf: [{ required: ['p'] }, { required: ['q'] }], properties: { p: { type: 'string' }, q: { type: 'string' } } },
}

const messagesOf = (schema: JsonSchema, value: unknown, name: string): string[] => {
  const errors = [
    ...fieldErrorsOf(new ValueValidator(schema).validate(value, name).problems),
    ...duplicateItems({ properties: { [name]: schema } }, { [name]: value }),
  ]
  return errors.map((error) => `${error.field}: ${fieldErrorBody(error)}`)
}

/** Property, value, and what upstream says of it. */
const cases: readonly (readonly [property: string, value: unknown, messages: readonly string[]])[] = [
  ['i', 0, ['i: Invalid value: 0: i in body should be greater than or equal to 1']],
  ['i', 1000001, ['i: Invalid value: 1000001: i in body should be less than or equal to 1000000']],
  ['i', 1.5, ['i: Invalid value: "number": i in body must be of type integer: "number"']],
  ['i', 'x', ['i: Invalid value: "string": i in body must be of type integer: "string"']],
  ['i32', 3000000000, []],
  ['n', 0.5, ['n: Invalid value: 0.5: n in body should be greater than 0.5']],
  ['n', 0.75, ['n: Invalid value: 0.75: n in body should be a multiple of 0.5']],
  ['n', 2000000.5, ['n: Invalid value: 2.0000005e+06: n in body should be less than or equal to 1e+06']],
  ['n', 0.7, ['n: Invalid value: 0.7: n in body should be a multiple of 0.5']],
  ['n', 'x', ['n: Invalid value: "string": n in body must be of type number: "string"']],
  ['s', 'a', ['s: Invalid value: "a": s in body should be at least 2 chars long']],
  ['s', 'abcdefg', ['s: Too long: may not be more than 5 bytes']],
  ['s', 'AB', ['s: Invalid value: "AB": s in body should match \'^[a-z]+$\'']],
  ['s', 5, ['s: Invalid value: "integer": s in body must be of type string: "integer"']],
  ['e', 'c', ['e: Unsupported value: "c": supported values: "a", "b"']],
  [
    'e',
    5,
    ['e: Invalid value: "integer": e in body must be of type string: "integer"', 'e: Unsupported value: 5: supported values: "a", "b"'],
  ],
  ['en', 3, ['en: Unsupported value: 3: supported values: "1", "2"']],
  ['en', null, ['en: Unsupported value: null: supported values: "1", "2"']],
  ['l', [], ['l: Invalid value: 0: l in body should have at least 1 items']],
  ['l', ['a', 'b', 'c'], ['l: Too many: 3: must have at most 2 items']],
  ['l', [1], ['l[0]: Invalid value: "integer": l[0] in body must be of type string: "integer"']],
  ['l', 'x', ['l: Invalid value: "string": l in body must be of type array: "string"']],
  ['ls', ['a', 'a', 'b', 'b', 'b'], ['ls[1]: Duplicate value: "a"', 'ls[3]: Duplicate value: "b"']],
  ['lm', [{ k: 'a' }, { k: 'a' }], ['lm[1]: Duplicate value: {"k":"a"}']],
  ['lm', [{ v: 1 }], ['lm[0].k: Required value']],
  [
    'lm',
    ['x'],
    [
      'lm[0]: Invalid value: "string": lm[0] in body must be of type object: "string"',
      'lm[0]: Invalid value: "x": must be an object for an array of list-type map',
    ],
  ],
  ['m', {}, ['m: Invalid value: 0: m in body should have at least 1 properties']],
  ['m', { a: 1, b: 2, c: 3 }, ['m: Too many: 3: must have at most 2 items']],
  ['m', { a: 'x' }, ['m.a: Invalid value: "string": m.a in body must be of type integer: "string"']],
  ['o', 'x', ['o: Invalid value: "string": o in body must be of type object: "string"']],
  ['o', [], ['o: Invalid value: "array": o in body must be of type object: "array"']],
  ['ios', { a: 1 }, ['ios: Invalid value: "object": ios in body must be of type integer,string: "object"']],
  ['ios', 1.5, ['ios: Invalid value: "number": ios in body must be of type integer,string: "number"']],
  ['ios', true, ['ios: Invalid value: "boolean": ios in body must be of type integer,string: "boolean"']],
  ['b', 'true', ['b: Invalid value: "string": b in body must be of type boolean: "string"']],
  ['d', '2020', ['d: Invalid value: "2020": d in body must be of type date: "2020"']],
  [
    'any',
    5,
    [
      '<nil>: Invalid value: "": "any" must validate at least one schema (anyOf)',
      'any: Invalid value: 5: any in body should be greater than or equal to 10',
    ],
  ],
  ['one', 'az', ['<nil>: Invalid value: "": "one" must validate one and only one schema (oneOf). Found 2 valid alternatives']],
  [
    'one',
    'b',
    [
      '<nil>: Invalid value: "": "one" must validate one and only one schema (oneOf). Found none valid',
      'one: Invalid value: "b": one in body should match \'^a\'',
    ],
  ],
  [
    'all',
    3,
    [
      'all: Invalid value: 3: all in body should be greater than or equal to 5',
      'all: Invalid value: 3: all in body should be a multiple of 2',
      '<nil>: Invalid value: "": "all" must validate all the schemas (allOf). None validated',
    ],
  ],
  ['all', 6, []],
  ['not', 'bad', ['<nil>: Invalid value: "": "not" must not validate the schema (not)']],
  ['nul', null, []],
  ['nul', 5, ['nul: Invalid value: "integer": nul in body must be of type string: "integer"']],
  ['mul', 4, ['mul: Invalid value: 4: mul in body should be a multiple of 3']],
  [
    'obj1',
    {},
    ['<nil>: Invalid value: "": "obj1" must validate one and only one schema (oneOf). Found none valid', 'obj1.p: Required value'],
  ],
  [
    'obj1',
    { p: '1', q: '2' },
    ['<nil>: Invalid value: "": "obj1" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
  ],
]

for (const [property, value, messages] of cases) {
  test(`${property}: ${JSON.stringify(value)}`, () => {
    assert.deepEqual(messagesOf(properties[property] as JsonSchema, value, property), messages)
  })
}

test('required properties, and what stands deeper', () => {
  const schema: JsonSchema = {
    type: 'object',
    required: ['b', 'a'],
    properties: { a: { type: 'string' }, c: { type: 'object', required: ['d'], properties: { d: {} } } },
  }
  assert.deepEqual(messagesOf(schema, { c: {} }, 'x'), ['x.c.d: Required value', 'x.b: Required value', 'x.a: Required value'])
})

test('another type than text where a format is asked for is told in terms of formats', () => {
  assert.deepEqual(messagesOf({ type: 'string', format: 'email' }, 5, 'x'), [
    'x: Invalid value: "int64": x in body must be of type email: "int64"',
  ])
  assert.deepEqual(messagesOf({ type: 'string', format: 'unheard-of' }, 5, 'x'), [
    'x: Invalid value: "integer": x in body must be of type string: "integer"',
  ])
})

test('a fraction is left out when a number is looked for among integers', () => {
  assert.deepEqual(messagesOf({ type: 'integer', enum: [1, 2] }, 2.5, 'x'), [
    'x: Invalid value: "number": x in body must be of type integer: "number"',
  ])
})

test('a factor that is nothing to whole numbers', () => {
  assert.deepEqual(messagesOf({ type: 'number', multipleOf: 0.5 }, 3, 'x'), [
    'x: Invalid value: 0: factor MultipleOf declared for x must be positive: 0',
  ])
})

test('what was wrong before and has not changed is let through', () => {
  const schema: JsonSchema = {
    type: 'object',
    properties: {
      a: { type: 'string', maxLength: 1 },
      list: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['k'],
        items: { type: 'object', properties: { k: { type: 'string' }, v: { type: 'string', maxLength: 1 } } },
      },
      set: { type: 'array', items: { type: 'string', maxLength: 1 } },
    },
  }
  const validator = new ValueValidator(schema)
  const changed = (value: object, old: object): string[] => validator.validate(value, '', { value: old }).problems.map(({ name }) => name)
  assert.deepEqual(changed({ a: 'long' }, { a: 'long' }), [])
  assert.deepEqual(changed({ a: 'longer' }, { a: 'long' }), ['a'])
  const items = [
    { k: 'x', v: 'long' },
    { k: 'y', v: 'long' },
  ]
  assert.deepEqual(changed({ list: [items[1], { k: 'z', v: 'long' }] }, { list: items }), ['list[1].v'])
  assert.deepEqual(changed({ set: ['long', 'b'] }, { set: ['long'] }), ['set[0]'])
  assert.deepEqual(changed({ set: ['long'] }, { set: ['long'] }), [])
})
