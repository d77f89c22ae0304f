import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubernetesObject } from '@treeline/machinery'
import fc from 'fast-check'
import { IndexedStore, keyOf, splitKey } from './indexed-store.js'

const object = (namespace: string, name: string, labels: Record<string, string> = {}): KubernetesObject => ({
  metadata: { ...(namespace && { namespace }), name, labels },
})
const colours = (candidate: KubernetesObject) => Object.keys(candidate.metadata.labels ?? {})

test('keys hold namespace and name, or the name alone', () => {
  assert.equal(keyOf(object('a', 'b')), 'a/b')
  assert.equal(keyOf(object('', 'b')), 'b')
  assert.deepEqual(splitKey('a/b'), { namespace: 'a', name: 'b' })
  assert.deepEqual(splitKey('b'), { name: 'b' })
})

test('objects are frozen throughout', () => {
  const store = new IndexedStore<KubernetesObject>()
  store.set(object('a', 'b', { red: '' }))
  assert.throws(() => {
    store.get('a/b')!.metadata.labels!['red'] = 'changed'
  }, TypeError)
})

test('an index may be declared again for the same function, not for another; reading one that is missing throws', () => {
  const store = new IndexedStore<KubernetesObject>()
  store.set(object('a', 'b', { red: '' }))
  store.addIndex('colour', colours)
  store.addIndex('colour', colours)
  assert.deepEqual(store.byIndex('colour', 'red').map(keyOf), ['a/b'])
  assert.throws(() => store.addIndex('colour', () => []), /declared twice/)
  assert.throws(() => store.byIndex('shape', 'round'), /no index/)
})

test('after any changes every index holds exactly what the objects say', () => {
  const change = fc.record({
    namespace: fc.constantFrom('x', 'y'),
    name: fc.constantFrom('1', '2', '3'),
    colours: fc.option(fc.uniqueArray(fc.constantFrom('red', 'green', 'blue'))),
  })
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const store = new IndexedStore<KubernetesObject>()
      store.addIndex('colour', colours)
      const model = new Map<string, KubernetesObject>()
      for (const { namespace, name, colours: own } of changes) {
        const key = `${namespace}/${name}`
        if (own === null) {
          model.delete(key)
          store.delete(key)
        } else {
          const next = object(namespace, name, Object.fromEntries(own.map((colour) => [colour, ''])))
          model.set(key, next)
          store.set(next)
        }
      }
      const sorted = (objects: readonly KubernetesObject[]) => objects.map(keyOf).sort()
      assert.deepEqual(sorted(store.list()), sorted([...model.values()]))
      for (const namespace of ['x', 'y']) {
        assert.deepEqual(
          sorted(store.list(namespace)),
          sorted([...model.values()].filter(({ metadata }) => metadata.namespace === namespace)),
        )
      }
      for (const colour of ['red', 'green', 'blue']) {
        const expected = [...model.values()].filter((candidate) => colours(candidate).includes(colour))
        assert.deepEqual(sorted(store.byIndex('colour', colour)), sorted(expected))
      }
    }),
  )
})
