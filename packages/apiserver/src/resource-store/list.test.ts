import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ConfigMap, Pod } from '@treeline/api'
import { parseFieldSelector, parseLabelSelector, type StatusError } from '@treeline/machinery'
import { openMemoryStore, type Store } from '@treeline/storage'
import { KindStore } from './kind-store.js'
import { type ListPage, type ListRequest, remove } from './resource-store.js'

/** Few events in memory, so that older states come from the store. */
const shortHistory = { fewest: 3, most: 3, bytes: 1_000_000, age: 1_000_000 }
const longHistory = { fewest: 1000, most: 1000, bytes: 1_000_000, age: 1_000_000 }

for (const [title, historyLimits] of Object.entries({ cache: longHistory, store: shortHistory })) {
  const withObjects = async (body: (configMaps: KindStore<ConfigMap>, store: Store) => Promise<void>) => {
    const store = openMemoryStore()
    const configMaps = new KindStore(store, ConfigMap, { historyLimits })
    try {
      await configMaps.ready
      for (const name of 'abcdefgh')
        await configMaps.create({ metadata: { namespace: 'n', name, labels: { odd: String('aceg'.includes(name)) } } }) // revisions 2 to 9
      await configMaps.create({ metadata: { namespace: 'o', name: 'a' } }) // 10
      await body(configMaps, store)
    } finally {
      configMaps.close()
      await store.close()
    }
  }
  const names = (page: ListPage<ConfigMap>) => page.items.map((stored) => stored.key)

  describe(`lists with older states from the ${title}`, () => {
    it('page through at one revision, whatever happens meanwhile', () =>
      withObjects(async (store) => {
        const first = await store.list({ namespace: 'n', limit: 3 })
        assert.deepEqual([names(first), first.revision, first.remainingItemCount], [['n/a', 'n/b', 'n/c'], 10, 5])
        await store.update('n', 'd', () => remove)
        await store.create({ metadata: { namespace: 'n', name: 'ba' } })
        await store.create({ metadata: { namespace: 'n', name: 'da' } })
        await store.update('n', 'e', ({ object }) => ({ ...object, data: { changed: 'yes' } }))
        await store.update('n', 'h', () => remove)
        const second = await store.list({ namespace: 'n', limit: 3, continueToken: first.continueToken })
        assert.deepEqual([names(second), second.revision, second.remainingItemCount], [['n/d', 'n/e', 'n/f'], 10, 2])
        assert.equal(second.items[1]?.object.data, undefined)
        assert.equal(second.items[1]?.object.metadata.resourceVersion, '6')
        const third = await store.list({ namespace: 'n', limit: 3, continueToken: second.continueToken })
        assert.deepEqual(
          [names(third), third.revision, third.continueToken, third.remainingItemCount],
          [['n/g', 'n/h'], 10, undefined, undefined],
        )
        const now = await store.list({ namespace: 'n' })
        assert.deepEqual(names(now), ['n/a', 'n/b', 'n/ba', 'n/c', 'n/da', 'n/e', 'n/f', 'n/g'])
      }))

    it('of all namespaces page over their borders', () =>
      withObjects(async (store) => {
        await store.create({ metadata: { namespace: 'm', name: 'z' } })
        const found: string[] = []
        let continueToken: string | undefined
        do {
          const page: ListPage<ConfigMap> = await store.list({ limit: 2, continueToken })
          assert.equal(page.remainingItemCount ?? 0, 10 - found.length - page.items.length)
          found.push(...names(page))
          continueToken = page.continueToken
          await store.create({ metadata: { namespace: 'a', name: `later${found.length}` } })
        } while (continueToken)
        assert.deepEqual(found, ['m/z', ...[...'abcdefgh'].map((name) => `n/${name}`), 'o/a'])
      }))

    it('follow the table of resourceVersion and match', () =>
      withObjects(async (store) => {
        await store.update('n', 'h', () => remove) // 11
        const cases: [request: ListRequest, count: number, revision: number, more: boolean][] = [
          [{}, 8, 11, false],
          [{ limit: 4 }, 4, 11, true],
          [{ resourceVersion: '0' }, 8, 11, false],
          [{ resourceVersion: '0', limit: 4 }, 8, 11, false],
          [{ resourceVersion: '0', resourceVersionMatch: 'NotOlderThan', limit: 4 }, 8, 11, false],
          [{ resourceVersion: '5' }, 8, 11, false],
          [{ resourceVersion: '5', resourceVersionMatch: 'NotOlderThan', limit: 4 }, 4, 11, true],
          [{ resourceVersion: '5', limit: 3 }, 3, 5, true],
          [{ resourceVersion: '5', resourceVersionMatch: 'Exact' }, 4, 5, false],
          [{ resourceVersion: '10', resourceVersionMatch: 'Exact' }, 9, 10, false],
          [{ resourceVersion: '10', resourceVersionMatch: 'Exact', namespace: 'o' }, 1, 10, false],
          [{ resourceVersion: '2', resourceVersionMatch: 'Exact', limit: 1 }, 1, 2, false],
        ]
        for (const [request, count, revision, more] of cases) {
          const page = await store.list(request)
          assert.deepEqual(
            [page.items.length, page.revision, page.continueToken !== undefined],
            [count, revision, more],
            JSON.stringify(request),
          )
        }
      }))

    it('with a selector give full pages and no count of the rest', () =>
      withObjects(async (store) => {
        const labelSelector = parseLabelSelector('odd=true')
        const first = await store.list({ labelSelector, limit: 2 })
        assert.deepEqual([names(first), first.remainingItemCount], [['n/a', 'n/c'], undefined])
        await store.update('n', 'e', ({ object }) => ({ ...object, metadata: { ...object.metadata, labels: {} } }))
        await store.update('n', 'e', () => remove)
        await store.create({ metadata: { namespace: 'n', name: 'i', labels: { odd: 'true' } } })
        await store.create({ metadata: { namespace: 'n', name: 'j', labels: { odd: 'true' } } })
        const second = await store.list({ labelSelector, limit: 2, continueToken: first.continueToken })
        assert.deepEqual(names(second), ['n/e', 'n/g'])
        assert.ok(second.continueToken)
        const third = await store.list({ labelSelector, limit: 2, continueToken: second.continueToken })
        assert.deepEqual([names(third), third.continueToken], [[], undefined])
      }))
  })
}

describe('lists', () => {
  it('that come too late get a token that goes on at the newest revision', async () => {
    const store = openMemoryStore()
    const configMaps = new KindStore(store, ConfigMap, { historyLimits: shortHistory })
    await configMaps.ready
    for (const name of 'abcde') await configMaps.create({ metadata: { namespace: 'n', name } })
    const first = await configMaps.list({ limit: 2 })
    for (const name of 'ce') await configMaps.update('n', name, () => remove)
    for (const name of 'fgh') await configMaps.create({ metadata: { namespace: 'n', name } })
    await store.compact(store.revision)
    const error: StatusError = await configMaps.list({ limit: 2, continueToken: first.continueToken }).then(
      () => assert.fail('the list was served'),
      (reason: StatusError) => reason,
    )
    assert.deepEqual([error.code, error.reason], [410, 'Expired'])
    assert.match(
      error.message,
      /^The provided continue parameter is too old to display a consistent list result\. .* in an inconsistent list/,
    )
    const { continue: continueToken } = error.status.metadata as { continue: string }
    assert.deepEqual(JSON.parse(Buffer.from(continueToken, 'base64url').toString()), { v: 'meta.k8s.io/v1', rv: -1, start: 'n/b\0' })
    const rest = await configMaps.list({ limit: 2, continueToken })
    assert.deepEqual([rest.items.map((stored) => stored.key), rest.revision, rest.remainingItemCount], [['n/d', 'n/f'], store.revision, 2])
    const old = { resourceVersion: '3', resourceVersionMatch: 'Exact' } as const
    await assert.rejects(
      configMaps.list(old),
      (reason: StatusError) => reason.code === 410 && reason.message === 'The resourceVersion for the provided list is too old.',
    )
    configMaps.close()
    await store.close()
  })

  it('of a revision that does not come fail after a while', { timeout: 20_000 }, async () => {
    const store = openMemoryStore()
    const configMaps = new KindStore(store, ConfigMap)
    const requests: ListRequest[] = [{ resourceVersion: '9' }, { resourceVersion: '9', resourceVersionMatch: 'Exact' }]
    const failures = requests.map((request) => assert.rejects(configMaps.list(request), (error: StatusError) => error.code === 504))
    await Promise.all(failures)
    configMaps.close()
    await store.close()
  })

  it('refuse tokens that are broken or climb out of their prefix', async () => {
    const store = openMemoryStore()
    const configMaps = new KindStore(store, ConfigMap)
    const token = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const broken = [
      '%%%',
      'bm90aGluZw',
      token(null),
      token({ v: 'meta.k8s.io/v2', rv: 2, start: 'a' }),
      token({ v: 'meta.k8s.io/v1', rv: 0, start: 'a' }),
      token({ v: 'meta.k8s.io/v1', rv: '2', start: 'a' }),
      token({ v: 'meta.k8s.io/v1', rv: 2, start: '' }),
      token({ v: 'meta.k8s.io/v1', rv: 2, start: '../secrets/x' }),
      token({ v: 'meta.k8s.io/v1', rv: 2, start: '/a/../../secrets/x' }),
      'x'.repeat(10_000),
    ]
    for (const continueToken of broken) {
      await assert.rejects(
        configMaps.list({ continueToken }),
        (error: StatusError) => error.code === 400 && /^invalid continue token: /.test(error.message),
      )
    }
    const continueToken = token({ v: 'meta.k8s.io/v1', rv: 1, start: 'n/a\0' })
    await assert.rejects(configMaps.list({ continueToken, resourceVersion: '1' }), (error: StatusError) => error.code === 400)
    assert.deepEqual((await configMaps.list({ continueToken, resourceVersion: '0' })).items, [])
    configMaps.close()
    await store.close()
  })

  it('select by fields, by labels and by name', async () => {
    const store = openMemoryStore()
    const pods = new KindStore(store, Pod)
    await pods.create({ metadata: { namespace: 'n', name: 'a', labels: { app: 'x' } }, spec: { nodeName: 'n1', containers: [] } })
    await pods.create({ metadata: { namespace: 'n', name: 'b', labels: { app: 'y' } }, spec: { nodeName: 'n2', containers: [] } })
    await pods.create({ metadata: { namespace: 'm', name: 'a', annotations: { nodeName: 'n1', app: 'x' } }, spec: { containers: [] } })
    const found = async (request: ListRequest) => (await pods.list(request)).items.map((stored) => stored.key)
    const fields = (text: string) => ({ fieldSelector: parseFieldSelector(text) })
    const labels = (text: string) => ({ labelSelector: parseLabelSelector(text) })
    assert.deepEqual(await found(fields('spec.nodeName=n1')), ['n/a'])
    assert.deepEqual(await found(fields('spec.nodeName=')), ['m/a'])
    assert.deepEqual(await found(fields('spec.nodeName!=n1')), ['m/a', 'n/b'])
    assert.deepEqual(await found(fields('metadata.name=a')), ['m/a', 'n/a'])
    assert.deepEqual(await found({ ...fields('metadata.name=a'), namespace: 'n' }), ['n/a'])
    assert.deepEqual(await found({ ...fields('metadata.name=a,spec.nodeName=n2'), namespace: 'n' }), [])
    assert.deepEqual(await found({ ...fields('metadata.namespace=m') }), ['m/a'])
    assert.deepEqual(await found({ ...fields('metadata.namespace=m'), namespace: 'n' }), [])
    assert.deepEqual(await found(labels('app=x')), ['n/a'])
    assert.deepEqual(await found(labels('app!=x')), ['m/a', 'n/b'])
    assert.deepEqual(await found(labels('app in (x,y)')), ['n/a', 'n/b'])
    assert.deepEqual(await found({ ...labels('app'), ...fields('spec.nodeName=n2') }), ['n/b'])
    pods.close()
    await store.close()
  })
})
