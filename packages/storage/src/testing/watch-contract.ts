import assert from 'node:assert/strict'
import { describe } from 'node:test'
import type { Store } from '../store.js'
import { put, type StoreUnderTest, testOnStore } from './store-under-test.js'
import { recordWatch } from './watch-recorder.js'

/** What every engine must hold to in watches. */
export function testWatches(name: string, engine: StoreUnderTest): void {
  const test = (title: string, body: (store: Store) => Promise<void>) => testOnStore(engine, title, body)

  describe(`${name}: watches`, () => {
    test('deliver history first, then what is new, in order', async (store) => {
      await put(store, '/p/a', 0, '1')
      await put(store, '/q/a', 0, '1')
      await store.delete('/p/a', 2)
      const watch = recordWatch(store, '/p/', 1)
      await put(store, '/p/b', 0, '1')
      await watch.reached(5)
      await put(store, '/p/a', 0, '2')
      await put(store, '/q/b', 0, '2')
      await watch.reached(7)
      assert.deepEqual(watch.lines(), ['put /p/a 2', 'delete /p/a 4', 'put /p/b 5', 'put /p/a 6'])
      assert.equal(watch.changes[3]?.value.toString(), '2')
      assert.deepEqual([watch.changes[0]?.createRevision, watch.changes[3]?.createRevision], [2, 6])
      assert.equal(watch.changes[1]?.value.length, 0)
    })

    test('start after the revision asked for, even in the future', async (store) => {
      await put(store, '/p/a', 0, '1')
      const [past, now, future] = [2, 3, 5].map((after) => recordWatch(store, '/p/', after))
      await put(store, '/p/b', 0, '1')
      await put(store, '/p/c', 0, '1')
      await put(store, '/p/d', 0, '1')
      await put(store, '/p/e', 0, '1')
      await Promise.all([past, now, future].map((watch) => watch?.reached(6)))
      assert.deepEqual(past?.lines(), ['put /p/b 3', 'put /p/c 4', 'put /p/d 5', 'put /p/e 6'])
      assert.deepEqual(now?.lines(), ['put /p/c 4', 'put /p/d 5', 'put /p/e 6'])
      assert.deepEqual(future?.lines(), ['put /p/e 6'])
    })

    test('say how far they are, though nothing of theirs changes', async (store) => {
      const watch = recordWatch(store, '/p/', 1)
      await put(store, '/q/a', 0, '1')
      await watch.reached(2)
      assert.deepEqual(watch.lines(), [])
    })

    test('never tell of a write before it is acknowledged to readers', async (store) => {
      let early = 0
      const onChanges = (_: unknown, through: number) => (early += through > store.revision ? 1 : 0)
      const stop = store.watch({ prefix: '/', after: 1, onEnd: assert.fail, onChanges })
      await Promise.all(Array.from({ length: 100 }, (_, i) => put(store, `/p/${i}`, 0, 'x')))
      stop()
      assert.equal(early, 0)
    })

    test('that begin while writes go on miss nothing and repeat nothing', async (store) => {
      const watches = [recordWatch(store, '/p/', 1)]
      for (let round = 0; round < 20; round++) {
        await Promise.all(Array.from({ length: 100 }, (_, i) => put(store, `/p/${round}-${i}`, 0, 'x')))
        watches.push(recordWatch(store, '/p/', Math.floor(store.revision / 2)))
      }
      for (const watch of watches) {
        await watch.reached(2001)
        const revisions = watch.changes.map((change) => change.revision)
        const first = revisions[0] ?? 0
        assert.deepEqual(
          revisions,
          Array.from({ length: 2001 - first + 1 }, (_, i) => first + i),
        )
      }
      assert.equal(watches[0]?.changes.length, 2000)
    })

    test('are silent once stopped', async (store) => {
      const watch = recordWatch(store, '/', 1)
      const other = recordWatch(store, '/', 1)
      await put(store, '/a', 0, '1')
      await watch.reached(2)
      watch.stop()
      await put(store, '/b', 0, '1')
      await other.reached(3)
      assert.deepEqual([watch.lines(), watch.error], [['put /a 2'], undefined])
    })

    test('may write from their listener without upsetting the order for others', async (store) => {
      const echo = store.watch({
        prefix: '/p/',
        after: 1,
        onEnd: assert.fail,
        onChanges: (changes) => {
          for (const change of changes) void put(store, `/echo${change.key}`, 0, 'x')
        },
      })
      const watch = recordWatch(store, '/', 1)
      await put(store, '/p/a', 0, '1')
      await put(store, '/p/b', 0, '1')
      await watch.reached(5)
      echo()
      assert.deepEqual(
        watch.changes.map((change) => change.revision),
        [2, 3, 4, 5],
      )
    })

    test('whose listener throws end, and the others go on', async (store) => {
      const ended = new Promise<Error>((resolve) => {
        store.watch({
          prefix: '/',
          after: 1,
          onEnd: resolve,
          onChanges() {
            throw new Error('broken listener')
          },
        })
      })
      const watch = recordWatch(store, '/', 1)
      await put(store, '/a', 0, '1')
      await watch.reached(2)
      assert.equal((await ended).message, 'broken listener')
    })
  })
}
