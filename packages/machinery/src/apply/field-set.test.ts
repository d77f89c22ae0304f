import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  difference,
  equalSets,
  type FieldSet,
  fieldSetOf,
  hasPath,
  intersection,
  inWireOrder,
  parseFieldsV1,
  pathsOf,
  recursiveDifference,
  union,
} from './field-set.js'
import { canonicalElement, compareElements, pathText } from './path-element.js'

const element = fc.oneof(
  fc.constantFrom('f:a', 'f:b', 'f:c', 'f:__proto__', 'f:x.y/z'),
  fc.constantFrom('k:{"name":"a"}', 'k:{"port":80,"protocol":"TCP"}'),
  fc.constantFrom('v:"a"', 'v:1', 'v:true'),
)
const path = fc.array(element, { minLength: 1, maxLength: 4 })
const paths = fc.array(path, { maxLength: 8 })

const texts = (set: FieldSet): string[] => [...pathsOf(set)].map((steps) => JSON.stringify(steps)).sort()
const unique = (list: readonly (readonly string[])[]): string[] => [...new Set(list.map((steps) => JSON.stringify(steps)))].sort()
const isPrefix = (prefix: readonly string[], steps: readonly string[]): boolean => prefix.every((step, i) => steps[i] === step)

describe('a field set', () => {
  test('holds exactly the paths it was made of', () => {
    fc.assert(fc.property(paths, (list) => assert.deepEqual(texts(fieldSetOf(...list)), unique(list))))
  })

  test('obeys the algebra of sets of paths', () => {
    fc.assert(
      fc.property(paths, paths, (a, b) => {
        const [setA, setB] = [fieldSetOf(...a), fieldSetOf(...b)]
        const [inA, inB] = [unique(a), unique(b)]
        const before = JSON.stringify([setA, setB])
        assert.deepEqual(texts(union(setA, setB)), [...new Set([...inA, ...inB])].sort())
        assert.deepEqual(
          texts(intersection(setA, setB)),
          inA.filter((text) => inB.includes(text)),
        )
        assert.deepEqual(
          texts(difference(setA, setB)),
          inA.filter((text) => !inB.includes(text)),
        )
        assert.deepEqual(
          texts(recursiveDifference(setA, setB)),
          inA.filter((text) => !b.some((prefix) => isPrefix(prefix, JSON.parse(text)))),
        )
        assert.equal(equalSets(setA, setB), inA.join() === inB.join())
        assert.equal(JSON.stringify([setA, setB]), before, 'operands stay as they are')
      }),
    )
  })

  test('comes back from fieldsV1 as it was', () => {
    fc.assert(
      fc.property(paths, (list) => {
        const set = fieldSetOf(...list)
        const wire = JSON.stringify(inWireOrder(set))
        const back = parseFieldsV1(JSON.parse(wire))
        assert.ok(equalSets(back, set))
        assert.equal(JSON.stringify(inWireOrder(back)), wire)
        for (const steps of list) assert.ok(hasPath(back, steps))
      }),
    )
  })

  test('is written in the order of the wire', () => {
    const set = fieldSetOf(['f:z'], ['v:2'], ['v:10'], ['v:"a"'], ['k:{"name":"b"}'], ['k:{"name":"a"}'], ['f:a', 'f:x'], ['f:a'])
    assert.equal(
      JSON.stringify(inWireOrder(set)),
      '{"f:a":{".":{},"f:x":{}},"f:z":{},"k:{\\"name\\":\\"a\\"}":{},"k:{\\"name\\":\\"b\\"}":{},"v:2":{},"v:10":{},"v:\\"a\\"":{}}',
    )
  })

  test('takes one spelling of a key for another', () => {
    const spelled = parseFieldsV1({ 'k:{ "protocol": "TCP", "port":80 }': {}, 'f:gone': { 'f:x': { 'f:y': { 'f:z': {} } } } })
    assert.deepEqual(texts(spelled), texts(fieldSetOf(['k:{"port":80,"protocol":"TCP"}'], ['f:gone', 'f:x', 'f:y', 'f:z'])))
  })

  for (const [what, value] of [
    ['a step without type', { a: {} }],
    ['an unknown type of step', { 'x:a': {} }],
    ['a key that is no object', { 'k:1': {} }],
    ['an index that is no number', { 'i:a': {} }],
    ['a leaf that is no object', { 'f:a': 1 }],
    ['a list', []],
    ['what is nested too deeply', JSON.parse(`${'{"f:a":'.repeat(300)}{}${'}'.repeat(300)}`)],
  ] as const) {
    test(`is not read from ${what}`, () => assert.throws(() => parseFieldsV1(value), Error))
  }
})

describe('path elements', () => {
  test('are ordered alike from both sides', () => {
    fc.assert(fc.property(element, element, (a, b) => assert.equal(Math.sign(compareElements(a, b)) + Math.sign(compareElements(b, a)), 0)))
  })

  test('print as messages show them', () => {
    assert.equal(pathText(['f:spec', 'f:ports', 'k:{"port":80,"protocol":"TCP"}', 'f:name']), '.spec.ports[port=80,protocol="TCP"].name')
    assert.equal(pathText(['f:metadata', 'f:finalizers', 'v:"a/b"']), '.metadata.finalizers[="a/b"]')
    assert.equal(canonicalElement('i:3'), 'i:3')
  })
})
