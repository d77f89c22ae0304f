import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ConfigMap, Event, EventsV1Event, Node } from '@treeline/api'
import { isAlreadyExists, isNotFound, type StatusError } from '@treeline/machinery'
import { openMemoryStore, type Store } from '@treeline/storage'
import { KindStore, type KindStoreOptions } from './kind-store.js'
import { remove } from './resource-store.js'
import { ResourceStores } from './resource-stores.js'

async function withStore(body: (configMaps: KindStore<ConfigMap>, store: Store) => Promise<void>, options: KindStoreOptions = {}) {
  const store = openMemoryStore()
  const configMaps = new KindStore(store, ConfigMap, options)
  try {
    await body(configMaps, store)
  } finally {
    configMaps.close()
    await store.close()
  }
}

const configMap = (name: string, data: Record<string, string> = {}, labels?: Record<string, string>): ConfigMap => ({
  metadata: { namespace: 'default', name, ...(labels && { labels }) },
  data,
})

const text = (bytes: Buffer | undefined) => bytes?.toString('utf8')
const hasCode = (code: number) => (error: unknown) => (error as StatusError).code === code

describe('create', () => {
  it('stores the bytes that the wire gets, with kind, apiVersion and resourceVersion in front', () =>
    withStore(async (store) => {
      const stored = await store.create({ ...configMap('a', { x: 'ü' }), kind: 'Wrong', apiVersion: 'wrong/v0' })
      assert.equal(
        text(stored.bytes),
        '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"2","namespace":"default","name":"a"},"data":{"x":"ü"}}',
      )
      assert.equal(stored.revision, 2)
      assert.equal(stored.key, 'default/a')
      assert.equal(stored.object.metadata.resourceVersion, '2')
      await store.ready
      assert.equal(text(store.get('default', 'a')?.bytes), text(stored.bytes))
    }))

  it('refuses a name that is taken', () =>
    withStore(async (store) => {
      await store.create(configMap('a'))
      await assert.rejects(store.create(configMap('a')), isAlreadyExists)
    }))

  it('refuses names that could be taken for other keys or cannot be stored', () =>
    withStore(async (store) => {
      for (const name of ['', 'a/b', 'a\0b', '\ud800', 'x'.repeat(5000)]) await assert.rejects(store.create(configMap(name)), hasCode(422))
      await assert.rejects(store.create({ metadata: { name: 'a' } }), hasCode(422))
      await assert.rejects(store.create({ metadata: { name: 'a', namespace: 'b/c' } }), hasCode(422))
      await store.ready
      assert.equal(store.get('default', '../default/a'), undefined)
    }))

  it('gives objects that are frozen throughout, and leaves the one given alone', () =>
    withStore(async (store) => {
      const given = configMap('a', { x: '1' })
      const { object } = await store.create(given)
      assert.ok(Object.isFrozen(object.data))
      given.data = { x: '2' }
      assert.equal(object.data?.['x'], '1')
      assert.equal(given.metadata.resourceVersion, undefined)
    }))

  it('keeps keys such as __proto__ as data', () =>
    withStore(async (store) => {
      const stored = await store.create(
        JSON.parse('{"metadata":{"name":"a","namespace":"n"},"data":{"__proto__":"x"},"__proto__":{"y":1}}'),
      )
      assert.match(text(stored.bytes) ?? '', /"data":\{"__proto__":"x"\},"__proto__":\{"y":1\}\}$/)
      assert.equal(Object.getPrototypeOf(stored.object), Object.prototype)
    }))
})

describe('update', () => {
  it('writes what the change makes of the newest object', () =>
    withStore(async (store) => {
      await store.create(configMap('a', { x: '1' }))
      const { stored, removed } = await store.update('default', 'a', ({ object }) => ({ ...object, data: { x: '2' } }))
      assert.deepEqual([removed, stored.revision, stored.object.data], [false, 3, { x: '2' }])
      assert.equal(store.get('default', 'a'), stored)
    }))

  it('writes nothing when nothing changes, whatever the order of keys', () =>
    withStore(async (store, { revision: _ }) => {
      const created = await store.create(configMap('a', { x: '1', y: '2' }))
      const changes: ((object: ConfigMap) => ConfigMap)[] = [
        (object) => object,
        (object) => structuredClone(object),
        (object) => ({ data: { y: '2', x: '1' }, metadata: { ...object.metadata, resourceVersion: '77', selfLink: 'x' } }),
        (object) => ({ ...object, binaryData: undefined }),
      ]
      for (const change of changes) {
        const { stored } = await store.update('default', 'a', ({ object }) => change(object))
        assert.equal(stored.revision, created.revision)
      }
    }))

  it('decides again when another writer comes between', () =>
    withStore(async (store) => {
      await store.create(configMap('a', { count: '0' }))
      let decisions = 0
      const increment = async () => {
        await store.update('default', 'a', async ({ object }) => {
          decisions++
          await new Promise((resolve) => setImmediate(resolve))
          return { ...object, data: { count: String(Number(object.data?.['count']) + 1) } }
        })
      }
      await Promise.all(Array.from({ length: 10 }, increment))
      assert.equal(store.get('default', 'a')?.object.data?.['count'], '10')
      assert.ok(decisions > 10)
    }))

  it('believes a refusal only of the newest object', () =>
    withStore(async (store) => {
      await store.create(configMap('a', { locked: 'yes' }))
      let tries = 0
      const { stored } = await store.update('default', 'a', async ({ object }) => {
        if (tries++ === 0) await store.update('default', 'a', (current) => ({ ...current.object, data: { locked: 'no' } }))
        if (object.data?.['locked'] === 'yes') throw new Error('it is locked')
        return { ...object, data: { locked: 'no', done: 'yes' } }
      })
      assert.deepEqual([tries, stored.object.data], [2, { locked: 'no', done: 'yes' }])
      await assert.rejects(
        store.update('default', 'a', () => {
          throw new Error('never')
        }),
        /never/,
      )
    }))

  it('removes, and gives back the last state with the revision of the removal', () =>
    withStore(async (store) => {
      await store.create(configMap('a', { x: '1' }))
      const { stored, removed } = await store.update('default', 'a', () => remove)
      assert.deepEqual([removed, stored.revision, stored.object.metadata.resourceVersion, stored.object.data], [true, 3, '3', { x: '1' }])
      assert.equal(store.get('default', 'a'), undefined)
      await assert.rejects(
        store.update('default', 'a', () => remove),
        isNotFound,
      )
    }))

  it('ends as not found when the object goes meanwhile', () =>
    withStore(async (store) => {
      await store.create(configMap('a'))
      await assert.rejects(
        store.update('default', 'a', async ({ object }) => {
          await store.update('default', 'a', () => remove)
          return { ...object, data: { x: '1' } }
        }),
        isNotFound,
      )
    }))
})

describe('reading', () => {
  it('by name, by namespace and of all, in key order', () =>
    withStore(async (store) => {
      await store.create({ metadata: { namespace: 'b', name: '1' } })
      await store.create({ metadata: { namespace: 'a', name: '2' } })
      await store.create({ metadata: { namespace: 'a', name: '1' } })
      await store.create({ metadata: { namespace: 'a0', name: '1' } })
      await store.ready
      const keys = (namespace?: string) => store.all(namespace).map((stored) => stored.key)
      assert.deepEqual(keys(), ['a/1', 'a/2', 'a0/1', 'b/1'])
      assert.deepEqual(keys('a'), ['a/1', 'a/2'])
      assert.deepEqual(keys('none'), [])
      assert.equal(store.get('a', '2')?.key, 'a/2')
      assert.equal(store.get('b', '2'), undefined)
    }))

  it('asks to come back before the cache has loaded', () =>
    withStore(async (store) => {
      assert.throws(() => store.get('default', 'a'), hasCode(429))
      assert.throws(() => store.all(), hasCode(429))
      await store.ready
      assert.deepEqual(store.all(), [])
    }))

  it('waits for a revision, but not for ever', { timeout: 20_000 }, () =>
    withStore(async (store) => {
      await store.ready
      const waiting = store.waitFor(2)
      await store.create(configMap('a'))
      await waiting
      await assert.rejects(
        store.waitFor(99),
        (error: StatusError) => error.code === 504 && error.message.includes('Too large resource version: 99, current: 2'),
      )
    }),
  )

  it('leaves out a value that is no object, and says so', async () => {
    const problems: string[] = []
    await withStore(
      async (store, below) => {
        await below.put('/registry/configmaps/default/bad', 0, Buffer.from('{"kind":"ConfigMap"'))
        await below.put('/registry/configmaps/default/good', 0, Buffer.from('{"metadata":{"name":"good","namespace":"default"}}'))
        await store.ready
        assert.deepEqual(
          store.all().map((stored) => text(stored.bytes)),
          ['{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"3","name":"good","namespace":"default"}}'],
        )
        await below.put('/registry/configmaps/default/worse', 0, Buffer.from('nothing'))
        await store.create(configMap('next'))
        assert.equal(store.all().length, 2)
      },
      { report: (error) => problems.push(error.message) },
    )
    assert.deepEqual(problems, [
      'configmaps default/bad at revision 2 cannot be read and is left out',
      'configmaps default/worse at revision 4 cannot be read and is left out',
    ])
  })

  it('decodes an object again that nobody looked at for a while', () =>
    withStore(async (store) => {
      await store.ready
      const stored = await store.create(configMap('a', { x: '1' }))
      const before = stored.object
      store.forgetUnused()
      assert.equal(stored.object, before)
      store.forgetUnused()
      store.forgetUnused()
      assert.notEqual(stored.object, before)
      assert.deepEqual(stored.object, before)
    }))

  it('of cluster-scoped kinds knows no namespaces', async () => {
    const below = openMemoryStore()
    const nodes = new KindStore(below, Node)
    await nodes.create({ metadata: { name: 'n1' } })
    await nodes.ready
    assert.equal(nodes.get('any', 'n1')?.key, 'n1')
    assert.equal(nodes.all('any').length, 1)
    assert.ok(await below.get('/registry/minions/n1'))
    nodes.close()
    await below.close()
  })
})

describe('kinds that share what is stored', () => {
  it('read and write the same objects, each in its own form', async () => {
    const below = openMemoryStore()
    const stores = new ResourceStores(below)
    const core = stores.of(Event)
    const events = stores.of(EventsV1Event)
    await core.ready
    await events.ready
    const at = '2026-01-01T00:00:00.000000Z'
    const regarding = { kind: 'Pod', name: 'p', namespace: 'default' }
    await events.create({ metadata: { name: 'e', namespace: 'default' }, eventTime: at, note: 'hello', reason: 'R', regarding })
    assert.deepEqual(core.get('default', 'e')?.object.message, 'hello')
    assert.match(
      text((await below.get('/registry/events/default/e'))?.value) ?? '',
      /^\{"kind":"Event","apiVersion":"v1","metadata":\{"name":"e"/,
    )
    assert.match(
      text(events.get('default', 'e')?.bytes) ?? '',
      /^\{"kind":"Event","apiVersion":"events.k8s.io\/v1","metadata":\{"resourceVersion":"2","name":"e"/,
    )
    await core.update('default', 'e', ({ object }) => ({ ...object, message: 'bye' }))
    assert.deepEqual(events.get('default', 'e')?.object.note, 'bye')
    const same = await events.update('default', 'e', ({ object }) => structuredClone(object))
    assert.equal(same.stored.revision, 3)
    stores.close()
    await below.close()
  })
})

describe('the registry of stores', () => {
  it('opens each kind once, anew when it is declared anew, and lets kinds live as long as they should', async () => {
    const below = openMemoryStore()
    const stores = new ResourceStores(below, { drainTime: 0, timeToLive: (kind) => (kind.plural === 'configmaps' ? 0.02 : undefined) })
    const configMaps = stores.of(ConfigMap)
    assert.equal(stores.of(ConfigMap), configMaps)
    const changed = { ...ConfigMap }
    assert.notEqual(stores.of(changed), configMaps)
    await assert.rejects(configMaps.ready, hasCode(503))
    const next = stores.of(changed)
    await next.ready
    await next.create(configMap('a'))
    await next.update('default', 'a', ({ object }) => ({ ...object, data: { x: '1' } }))
    assert.ok(next.get('default', 'a'))
    await next.waitFor(4)
    assert.equal(next.get('default', 'a'), undefined)
    stores.drop(changed)
    await assert.rejects(next.ready, hasCode(503))
    stores.close()
    await below.close()
  })
})
