import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CustomResourceDefinition } from '@treeline/api'
import { decideNames, hasItsNames } from './accepted-names.js'

type Names = CustomResourceDefinition['spec']['names']

function definition(names: Partial<Names>, acceptedNames: Partial<Names> = { plural: '', kind: '' }): CustomResourceDefinition {
  return { metadata: {}, spec: { group: 'example.com', names }, status: { acceptedNames } } as unknown as CustomResourceDefinition
}

const foo: Names = { plural: 'foos', singular: 'foo', kind: 'Foo', listKind: 'FooList', shortNames: ['f'] }

test('names that nobody has are given', () => {
  const asking = definition(foo)
  const { acceptedNames, namesAccepted, established } = decideNames(asking, [asking])
  assert.deepEqual(acceptedNames, foo)
  assert.deepEqual([namesAccepted.status, namesAccepted.reason], ['True', 'NoConflicts'])
  assert.deepEqual([established.status, established.reason], ['False', 'Installing'])
  assert.equal(hasItsNames(definition(foo, acceptedNames)), true)
})

/** What is asked for beside the names of Foo, and why it is refused. */
const conflicts: readonly (readonly [asked: Partial<Names>, reason: string, message: string])[] = [
  [{ plural: 'foos' }, 'PluralConflict', '"foos" is already in use'],
  [{ singular: 'f' }, 'SingularConflict', '"f" is already in use'],
  [{ shortNames: ['b', 'foo'] }, 'ShortNamesConflict', '"foo" is already in use'],
  [{ kind: 'Foo' }, 'KindConflict', '"Foo" is already in use'],
  [{ listKind: 'Foo' }, 'ListKindConflict', '"Foo" is already in use'],
]

for (const [asked, reason, message] of conflicts) {
  test(reason, () => {
    const holder = definition(foo, foo)
    const asking = definition({ plural: 'bars', singular: 'bar', kind: 'Bar', listKind: 'BarList', ...asked })
    const { namesAccepted, acceptedNames, established } = decideNames(asking, [holder, asking])
    assert.deepEqual(namesAccepted, { type: 'NamesAccepted', status: 'False', reason, message })
    assert.equal(established.reason, 'NotAccepted')
    const [refused] = Object.keys(asked)
    assert.notDeepEqual((acceptedNames as Record<string, unknown>)[refused ?? ''], asked[refused as keyof Names])
  })
}

test('a definition keeps the names it has', () => {
  const own = definition({ ...foo, categories: ['all'] }, foo)
  assert.equal(decideNames(own, [own]).namesAccepted.status, 'True')
})
