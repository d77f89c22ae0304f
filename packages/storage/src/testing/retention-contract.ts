import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CompactedError, FutureRevisionError, type Store, StoreClosedError } from '../store.js'
import { keys, put, read, type StoreUnderTest, testOnStore } from './store-under-test.js'
import { recordWatch } from './watch-recorder.js'

/** What every engine must hold to in forgetting and keeping: compaction, times to live, closing and reopening. */
export function testRetention(name: string, engine: StoreUnderTest): void {
  const test = (title: string, body: (store: Store) => Promise<void>) => testOnStore(engine, title, body)

  describe(`${name}: compaction`, () => {
    test('keeps what a reader at that revision sees, and forgets what is before', async (store) => {
      await put(store, '/p/a', 0, 'a1') // 2
      await put(store, '/p/b', 0, 'b1') // 3
      await put(store, '/p/a', 2, 'a2') // 4
      await store.delete('/p/b', 3) // 5
      await put(store, '/p/a', 4, 'a3') // 6
      await store.compact(4)
      assert.equal(store.compactedRevision, 4)
      await assert.rejects(store.range({ prefix: '/p/', revision: 3 }), CompactedError)
      const values = async (revision: number) =>
        (await store.range({ prefix: '/p/', revision })).entries.map((entry) => entry.value.toString())
      assert.deepEqual([await values(4), await values(5), await values(6)], [['a2', 'b1'], ['a2'], ['a3']])
      await store.compact(6)
      assert.deepEqual(await values(6), ['a3'])
      await put(store, '/p/b', 0, 'b2')
      assert.deepEqual([await values(6), await values(7)], [['a3'], ['a3', 'b2']])
    })

    test('of the same or an earlier revision does nothing, of a later one than the newest is refused', async (store) => {
      await put(store, '/a', 0, '1')
      await store.compact(2)
      await store.compact(1)
      await store.compact(2)
      assert.equal(store.compactedRevision, 2)
      await assert.rejects(store.compact(3), FutureRevisionError)
    })

    test('ends watches that would need what is gone; those after it go on', async (store) => {
      for (const name of 'abcde') await put(store, `/p/${name}`, 0, '1')
      await store.compact(4)
      const gone = recordWatch(store, '/p/', 3)
      const kept = recordWatch(store, '/p/', 4)
      const error = await gone.ended()
      assert.ok(error instanceof CompactedError)
      assert.deepEqual([error.requested, error.compacted], [3, 4])
      await kept.reached(6)
      assert.deepEqual(kept.lines(), ['put /p/d 5', 'put /p/e 6'])
    })

    test('of a long history happens beside writes and leaves the newest state', async (store) => {
      for (let round = 0; round < 6; round++) {
        await Promise.all(
          Array.from({ length: 500 }, async (_, i) => {
            const current = await store.get(`/p/${i}`)
            if (round % 3 === 2) return store.delete(`/p/${i}`, current?.modRevision ?? 0)
            return put(store, `/p/${i}`, current?.modRevision ?? 0, `${round}`)
          }),
        )
      }
      await put(store, '/p/left', 0, 'x')
      const [compacted] = await Promise.all([store.compact(store.revision), put(store, '/p/new', 0, 'y')])
      assert.equal(compacted, undefined)
      assert.deepEqual(await keys(store, '/p/'), ['/p/left', '/p/new'])
      assert.deepEqual(await put(store, '/p/7', 0, 'again'), { ok: true, revision: store.revision })
    })
  })

  describe(`${name}: time to live`, () => {
    test('ends with an ordinary deletion that watchers see', async (store) => {
      const watch = recordWatch(store, '/', 1)
      await store.put('/a', 0, Buffer.from('x'), { timeToLive: 0.02 })
      await store.put('/b', 0, Buffer.from('x'), { timeToLive: 0.01 })
      await put(store, '/c', 0, 'x')
      await watch.reached(6)
      assert.deepEqual(watch.lines().slice(0, 3), ['put /a 2', 'put /b 3', 'put /c 4'])
      assert.deepEqual(watch.changes.slice(3).map((change) => `${change.type} ${change.key}`).sort(), ['delete /a', 'delete /b']) // biome-ignore format: one thought
      assert.deepEqual(await keys(store, '/'), ['/c'])
    })

    test('is replaced by every put of the key', async (store) => {
      const watch = recordWatch(store, '/', 1)
      await store.put('/kept', 0, Buffer.from('x'), { timeToLive: 0.02 })
      await store.put('/kept', 2, Buffer.from('y'))
      await store.put('/later', 0, Buffer.from('x'), { timeToLive: 0.02 })
      await store.put('/later', 4, Buffer.from('y'), { timeToLive: 1000 })
      await store.put('/gone', 0, Buffer.from('x'), { timeToLive: 0.04 })
      await watch.reached(7)
      assert.equal(watch.lines()[5], 'delete /gone 7')
      assert.deepEqual(await keys(store, '/'), ['/kept', '/later'])
    })

    test('must be positive', async (store) => {
      await assert.rejects(store.put('/a', 0, Buffer.from('x'), { timeToLive: 0 }), RangeError)
    })
  })

  describe(`${name}: close`, () => {
    it('finishes what was accepted, ends watches and refuses the rest', async () => {
      const store = await engine.open()
      const watch = recordWatch(store, '/', 1)
      const accepted = put(store, '/a', 0, '1')
      const closing = store.close()
      assert.deepEqual(await accepted, { ok: true, revision: 2 })
      await closing
      await store.close()
      assert.ok((await watch.ended()) instanceof StoreClosedError)
      await assert.rejects(put(store, '/b', 0, '1'), StoreClosedError)
      await assert.rejects(store.get('/a'), StoreClosedError)
      await assert.rejects(store.range({ prefix: '/' }), StoreClosedError)
      await assert.rejects(store.compact(1), StoreClosedError)
      assert.throws(() => recordWatch(store, '/', 1), StoreClosedError)
    })
  })

  const { reopen } = engine
  if (!reopen) return

  describe(`${name}: reopening`, () => {
    it('finds revisions, history, compaction and times to live as they were', async () => {
      const before = await engine.open()
      await put(before, '/p/a', 0, 'a1')
      await put(before, '/p/a', 2, 'a2')
      await before.put('/p/short', 0, Buffer.from('x'), { timeToLive: 0.05 })
      await put(before, '/p/b', 0, 'b1')
      await before.delete('/p/b', 5)
      await before.compact(3)
      await before.close()

      const after = await reopen()
      try {
        assert.deepEqual([after.revision, after.compactedRevision], [6, 3])
        assert.deepEqual(await read(after, '/p/a'), { value: 'a2', created: 2, modified: 3 })
        assert.equal((await after.range({ prefix: '/p/', revision: 5 })).entries.length, 3)
        await assert.rejects(after.range({ prefix: '/p/', revision: 2 }), CompactedError)
        const watch = recordWatch(after, '/p/', 3)
        await watch.reached(7)
        assert.deepEqual(watch.lines(), ['put /p/short 4', 'put /p/b 5', 'delete /p/b 6', 'delete /p/short 7'])
        assert.deepEqual(await put(after, '/p/c', 0, 'c1'), { ok: true, revision: 8 })
      } finally {
        await after.close()
      }
    })

    it('goes on counting after everything was deleted and compacted', async () => {
      const before = await engine.open()
      await put(before, '/a', 0, '1')
      await before.delete('/a', 2)
      await before.compact(3)
      await before.close()
      const after = await reopen()
      assert.deepEqual([after.revision, await keys(after, '')], [3, []])
      assert.deepEqual(await put(after, '/a', 0, '2'), { ok: true, revision: 4 })
      await after.close()
    })
  })
}
