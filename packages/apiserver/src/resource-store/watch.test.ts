import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { ConfigMap, Pod } from '@treeline/api'
import { parseFieldSelector, parseLabelSelector, type StatusError } from '@treeline/machinery'
import { openLmdbStore, openMemoryStore, type Store } from '@treeline/storage'
import { KindStore, type KindStoreOptions } from './kind-store.js'
import { remove } from './resource-store.js'
import { logWatch } from './watch-log.js'

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

const add = (store: KindStore<ConfigMap>, namespace: string, name: string, labels?: Record<string, string>) =>
  store.create({ metadata: { namespace, name, ...(labels && { labels }) } })
const label = (store: KindStore<ConfigMap>, namespace: string, name: string, labels: Record<string, string>) =>
  store.update(namespace, name, ({ object }) => ({ ...object, metadata: { ...object.metadata, labels } }))

describe('a watch', () => {
  it('from a revision gets what came after it, encoded for the wire', () =>
    withStore(async (store) => {
      await store.ready
      await add(store, 'n', 'a') // 2
      await add(store, 'n', 'b') // 3
      const watch = logWatch(store, { resourceVersion: '2' })
      await watch.count(1)
      await label(store, 'n', 'a', { x: 'y' }) // 4
      await store.update('n', 'b', () => remove) // 5
      await watch.count(3)
      assert.deepEqual(watch.lines(), ['ADDED n/b 3', 'MODIFIED n/a 4', 'DELETED n/b 5'])
      assert.deepEqual(
        watch.events.map((event) => event.line.toString()),
        [
          '{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"3","namespace":"n","name":"b"}}}\n',
          '{"type":"MODIFIED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"4","namespace":"n","name":"a","labels":{"x":"y"}}}}\n',
          '{"type":"DELETED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"5","namespace":"n","name":"b"}}}\n',
        ],
      )
    }))

  it('without a revision begins with all objects, and can be told where they end', () =>
    withStore(async (store) => {
      await add(store, 'n', 'b')
      await add(store, 'n', 'a')
      const requests = [
        { allowBookmarks: true, sendInitialEvents: true },
        { allowBookmarks: true, sendInitialEvents: true, resourceVersion: '2' },
        { allowBookmarks: true, resourceVersion: '0' },
      ]
      for (const request of requests) {
        const watch = logWatch(store, request)
        await watch.count(3)
        assert.deepEqual(watch.lines(), ['ADDED n/a 3', 'ADDED n/b 2', 'BOOKMARK - 3'])
        assert.equal(
          watch.events[2]?.line.toString(),
          '{"type":"BOOKMARK","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"3","annotations":{"k8s.io/initial-events-end":"true"}}}}\n',
        )
        watch.stop()
      }
      const silent = logWatch(store, {})
      const later = logWatch(store, { sendInitialEvents: false })
      await silent.count(2)
      await add(store, 'n', 'c')
      await silent.count(3)
      await later.count(1)
      assert.deepEqual(silent.lines(), ['ADDED n/a 3', 'ADDED n/b 2', 'ADDED n/c 4'])
      assert.deepEqual(later.lines(), ['ADDED n/c 4'])
    }))

  it('sees objects come and go through the edge of its selector', () =>
    withStore(async (store) => {
      await store.ready
      const watch = logWatch(store, { labelSelector: parseLabelSelector('x=1'), resourceVersion: '1' })
      const other = logWatch(store, { labelSelector: parseLabelSelector('x=2'), resourceVersion: '1' })
      await add(store, 'n', 'a', { x: '2' }) // 2
      await label(store, 'n', 'a', { x: '1' }) // 3
      await label(store, 'n', 'a', { x: '1', y: '1' }) // 4
      await label(store, 'n', 'a', { x: '2' }) // 5
      await label(store, 'n', 'a', { x: '1' }) // 6
      await store.update('n', 'a', () => remove) // 7
      await watch.count(5)
      await other.count(4)
      assert.deepEqual(watch.lines(), ['ADDED n/a 3', 'MODIFIED n/a 4', 'DELETED n/a 5', 'ADDED n/a 6', 'DELETED n/a 7'])
      assert.deepEqual(other.lines(), ['ADDED n/a 2', 'DELETED n/a 3', 'ADDED n/a 5', 'DELETED n/a 6'])
      // The old content, with the new resourceVersion.
      const left = watch.events[2]?.stored.object
      assert.deepEqual([left?.metadata.resourceVersion, left?.metadata.labels], ['5', { x: '1', y: '1' }])
      assert.equal(JSON.parse(watch.events[2]?.line.toString() ?? '').object.metadata.resourceVersion, '5')
      assert.deepEqual(JSON.parse(watch.events[3]?.line.toString() ?? '').type, 'ADDED')
      const again = logWatch(store, { labelSelector: parseLabelSelector('x=1'), resourceVersion: '1' })
      await again.count(5)
      assert.deepEqual(again.lines(), watch.lines())
    }))

  it('of a namespace, of a name and of a node sees only its own', async () => {
    const store = openMemoryStore()
    const pods = new KindStore(store, Pod)
    await pods.ready
    const from = { resourceVersion: '1' }
    const byNamespace = logWatch(pods, { ...from, namespace: 'n' })
    const byName = logWatch(pods, { ...from, fieldSelector: parseFieldSelector('metadata.name=a') })
    const byNode = logWatch(pods, { ...from, fieldSelector: parseFieldSelector('spec.nodeName=n1') })
    const byBoth = logWatch(pods, { ...from, namespace: 'm', fieldSelector: parseFieldSelector('spec.nodeName=n1') })
    const unbound = logWatch(pods, { ...from, fieldSelector: parseFieldSelector('spec.nodeName=') })
    const all = logWatch(pods, from)
    await pods.create({ metadata: { namespace: 'n', name: 'a' }, spec: { containers: [] } }) // 2
    await pods.create({ metadata: { namespace: 'm', name: 'a' }, spec: { containers: [] } }) // 3
    await pods.create({ metadata: { namespace: 'n1', name: 'b' }, spec: { containers: [] } }) // 4
    const bind = (namespace: string, name: string) =>
      pods.update(namespace, name, ({ object }) => ({ ...object, spec: { containers: [], nodeName: 'n1' } }))
    await bind('n', 'a') // 5
    await bind('m', 'a') // 6
    await pods.update('n', 'a', () => remove) // 7
    await all.count(6)
    assert.deepEqual(byNamespace.lines(), ['ADDED n/a 2', 'MODIFIED n/a 5', 'DELETED n/a 7'])
    assert.deepEqual(byName.lines(), ['ADDED n/a 2', 'ADDED m/a 3', 'MODIFIED n/a 5', 'MODIFIED m/a 6', 'DELETED n/a 7'])
    assert.deepEqual(byNode.lines(), ['ADDED n/a 5', 'ADDED m/a 6', 'DELETED n/a 7'])
    assert.deepEqual(byBoth.lines(), ['ADDED m/a 6'])
    assert.deepEqual(unbound.lines(), ['ADDED n/a 2', 'ADDED m/a 3', 'ADDED n1/b 4', 'DELETED n/a 5', 'DELETED m/a 6'])
    byNode.stop()
    byNamespace.stop()
    await bind('n1', 'b')
    await all.count(7)
    assert.equal(byNode.events.length, 3)
    pods.close()
    await store.close()
  })

  it('shares its lines with all others', () =>
    withStore(async (store) => {
      await store.ready
      const watches = Array.from({ length: 20 }, () => logWatch(store, { resourceVersion: '1' }))
      await add(store, 'n', 'a')
      await label(store, 'n', 'a', { x: '1' })
      for (const watch of watches) await watch.count(2)
      for (const watch of watches) {
        assert.equal(watch.events[0], watches[0]?.events[0])
        assert.equal(watch.events[1]?.line.buffer, watches[0]?.events[1]?.line.buffer)
      }
    }))

  it('that begins while writes go on misses nothing and repeats nothing', () =>
    withStore(async (store) => {
      await store.ready
      const watches: [watch: ReturnType<typeof logWatch>, events: number][] = [[logWatch(store, { resourceVersion: '1' }), 1200]]
      for (let round = 0; round < 12; round++) {
        await Promise.all(Array.from({ length: 100 }, (_, i) => add(store, 'n', `${round}-${i}`)))
        watches.push([logWatch(store, { resourceVersion: String(100 * round + 1) }), 1200 - 100 * round], [logWatch(store, {}), 1200])
      }
      for (const [watch, events] of watches) {
        await watch.count(events)
        assert.equal(watch.events.length, events)
        assert.equal(new Set(watch.events.map((event) => event.revision)).size, events)
      }
    }))

  it('from a revision that is not there yet is silent until it is', () =>
    withStore(async (store) => {
      await store.ready
      const watch = logWatch(store, { resourceVersion: '3' })
      const other = logWatch(store, { resourceVersion: '1' })
      await add(store, 'n', 'a')
      await other.count(1)
      assert.equal(watch.bookmark(), undefined)
      await add(store, 'n', 'b')
      await add(store, 'n', 'c')
      await watch.count(1)
      assert.deepEqual(watch.lines(), ['ADDED n/c 4'])
      assert.equal(watch.bookmark()?.revision, 4)
    }))

  it('with initial events of a revision that does not come ends with a time-out', { timeout: 20_000 }, () =>
    withStore(async (store) => {
      const watch = logWatch(store, { resourceVersion: '99', sendInitialEvents: true })
      const error = (await watch.ended()) as StatusError
      assert.equal(error.code, 504)
      assert.equal(error.status.details?.causes?.[0]?.reason, 'ResourceVersionTooLarge')
    }),
  )

  it('from a revision that history has left behind ends as expired', () =>
    withStore(
      async (store) => {
        await store.ready
        for (const name of 'abcdefgh') await add(store, 'n', name)
        const kept = logWatch(store, { resourceVersion: '6' })
        await kept.count(3)
        const gone = logWatch(store, { resourceVersion: '5' })
        const error = (await gone.ended()) as StatusError
        assert.deepEqual([error.code, error.reason, error.message], [410, 'Expired', 'too old resource version: 5 (6)'])
      },
      { historyLimits: { fewest: 3, most: 3, bytes: 1_000_000, age: 1_000_000 } },
    ))

  it('gets bookmarks at what it was sent or what passed it by', () =>
    withStore(async (store, below) => {
      await store.ready
      const watch = logWatch(store, { resourceVersion: '1', namespace: 'n' })
      assert.equal(watch.bookmark(), undefined)
      await add(store, 'n', 'a')
      await watch.count(1)
      assert.equal(watch.bookmark()?.revision, 2)
      const all = logWatch(store, { resourceVersion: '2' })
      await add(store, 'm', 'a')
      await below.put('/registry/elsewhere', 0, Buffer.from('x'))
      await all.count(1)
      const bookmark = watch.bookmark()
      assert.equal(
        bookmark?.line.toString(),
        '{"type":"BOOKMARK","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"4"}}}\n',
      )
      assert.equal(all.bookmark()?.line, bookmark?.line)
    }))

  it('that takes its initial events slowly gets them in pieces, then what happened meanwhile', () =>
    withStore(async (store) => {
      await Promise.all(Array.from({ length: 1300 }, (_, i) => add(store, 'n', `o${String(i).padStart(4, '0')}`)))
      const pieces: number[] = []
      const watch = logWatch(store, {
        allowBookmarks: true,
        async onEvents(events) {
          pieces.push(events.length)
          if (pieces.length > 3) return
          await add(store, 'n', `during${pieces.length}`)
          await store.update('n', `o000${pieces.length}`, () => remove)
        },
      })
      await watch.count(1307)
      assert.deepEqual(pieces.slice(0, 4), [500, 500, 300, 1])
      assert.deepEqual(watch.lines().slice(1300, 1307), [
        'BOOKMARK - 1301',
        'ADDED n/during1 1302',
        'DELETED n/o0001 1303',
        'ADDED n/during2 1304',
        'DELETED n/o0002 1305',
        'ADDED n/during3 1306',
        'DELETED n/o0003 1307',
      ])
    }))

  it('whose consumer fails ends, and does not disturb the others', () =>
    withStore(async (store) => {
      await store.ready
      const broken = logWatch(store, {
        resourceVersion: '1',
        onEvents() {
          throw new Error('broken')
        },
      })
      const rejecting = logWatch(store, { resourceVersion: '1', onEvents: () => Promise.reject(new Error('rejecting')) })
      const watch = logWatch(store, { resourceVersion: '1' })
      await add(store, 'n', 'a')
      await watch.count(1)
      assert.equal((await broken.ended())?.message, 'broken')
      assert.equal((await rejecting.ended())?.message, 'rejecting')
      await add(store, 'n', 'b')
      await watch.count(2)
      assert.equal(broken.events.length, 1)
    }))

  it('ends without an error when the store closes', async () => {
    const below = openMemoryStore()
    const store = new KindStore(below, ConfigMap)
    const joined = logWatch(store, {})
    await add(store, 'n', 'a')
    await joined.count(1)
    await below.close()
    assert.equal(await joined.ended(), undefined)
    store.close()
  })

  it('can go on where it was after a restart', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'treeline-watch-'))
    try {
      const before = openLmdbStore({ directory })
      const first = new KindStore(before, ConfigMap)
      await add(first, 'n', 'a') // 2
      await add(first, 'n', 'b') // 3
      await first.update('n', 'a', () => remove) // 4
      first.close()
      await before.close()
      const after = openLmdbStore({ directory })
      const second = new KindStore(after, ConfigMap)
      const watch = logWatch(second, { resourceVersion: '2' })
      await watch.count(2)
      assert.deepEqual(watch.lines(), ['ADDED n/b 3', 'DELETED n/a 4'])
      assert.deepEqual(
        second.all().map((stored) => stored.key),
        ['n/b'],
      )
      second.close()
      await after.close()
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})
