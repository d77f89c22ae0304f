import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { maxKeyBytes } from '../key.js'
import { CompactedError, FutureRevisionError, InvalidKeyError, type Store, StoreClosedError } from '../store.js'
import { recordWatch } from './watch-recorder.js'

/** What the suite needs of an engine. */
export interface StoreUnderTest {
  /** An empty store. */
  open(): Promise<Store>
  /** The store that was closed last, with its data; absent when nothing outlives a close. */
  reopen?(): Promise<Store>
}

/** Registers the tests that every engine must pass. */
export function testStoreContract(name: string, engine: StoreUnderTest): void {
  const test = (title: string, body: (store: Store) => Promise<void>) =>
    it(title, async () => {
      const store = await engine.open()
      try {
        await body(store)
      } finally {
        await store.close()
      }
    })

  describe(`${name}: writes`, () => {
    test('the first write gets revision 2, later ones count up', async (store) => {
      assert.equal(store.revision, 1)
      assert.deepEqual(await put(store, '/a', 0, 'x'), { ok: true, revision: 2 })
      assert.deepEqual(await put(store, '/b', 0, 'y'), { ok: true, revision: 3 })
      assert.equal(store.revision, 3)
      assert.equal(await store.latest(), 3)
      assert.deepEqual(await read(store, '/a'), { value: 'x', created: 2, modified: 2 })
    })

    test('a put that expects absence fails on a key that is there, and tells what is', async (store) => {
      await put(store, '/a', 0, 'x')
      const result = await put(store, '/a', 0, 'y')
      assert.equal(result.ok, false)
      assert.equal(!result.ok && result.current?.value.toString(), 'x')
      assert.equal(store.revision, 2)
    })

    test('a put replaces exactly the revision it expects and keeps the createRevision', async (store) => {
      await put(store, '/a', 0, 'x')
      assert.deepEqual(await put(store, '/a', 2, 'y'), { ok: true, revision: 3 })
      const late = await put(store, '/a', 2, 'z')
      assert.equal(!late.ok && late.current?.modRevision, 3)
      assert.deepEqual(await read(store, '/a'), { value: 'y', created: 2, modified: 3 })
      assert.deepEqual(await put(store, '/absent', 7, 'z'), { ok: false, current: undefined })
    })

    test('delete removes exactly the revision it expects; a key can come back', async (store) => {
      await put(store, '/a', 0, 'x')
      assert.equal((await store.delete('/a', 1)).ok, false)
      assert.deepEqual(await store.delete('/a', 2), { ok: true, revision: 3 })
      assert.equal(await store.get('/a'), undefined)
      assert.deepEqual(await store.delete('/a', 2), { ok: false, current: undefined })
      assert.deepEqual(await store.delete('/a', 0), { ok: false, current: undefined })
      assert.deepEqual(await put(store, '/a', 0, 'y'), { ok: true, revision: 4 })
      assert.deepEqual(await read(store, '/a'), { value: 'y', created: 4, modified: 4 })
    })

    test('writes that are under way together are decided in the order they were made', async (store) => {
      const results = await Promise.all([
        put(store, '/a', 0, '1'),
        put(store, '/a', 0, 'too late'),
        put(store, '/a', 2, '2'),
        store.delete('/a', 3),
        put(store, '/a', 0, '3'),
        put(store, '/b', 0, '1'),
      ])
      assert.deepEqual(
        results.map((result) => (result.ok ? result.revision : 'failed')),
        [2, 'failed', 3, 4, 5, 6],
      )
      assert.deepEqual(await read(store, '/a'), { value: '3', created: 5, modified: 5 })
    })

    test('of many that compare and swap one key, all succeed in the end and none is lost', async (store) => {
      await put(store, '/counter', 0, '0')
      const increment = async () => {
        let current = await store.get('/counter')
        for (;;) {
          const next = Number(current?.value.toString()) + 1
          const result = await put(store, '/counter', current?.modRevision ?? 0, String(next))
          if (result.ok) return
          current = result.current
        }
      }
      await Promise.all(Array.from({ length: 40 }, increment))
      assert.equal((await read(store, '/counter'))?.value, '40')
      assert.equal(store.revision, 42)
    })

    test('empty and large values come back as they were', async (store) => {
      const large = Buffer.alloc(1_500_000, 'treeline')
      await store.put('/empty', 0, new Uint8Array())
      await store.put('/large', 0, large)
      assert.equal((await store.get('/empty'))?.value.length, 0)
      assert.ok((await store.get('/large'))?.value.equals(large))
      assert.equal((await store.range({ prefix: '/' })).entries.length, 2)
    })

    test('keys that not every engine can hold are refused', async (store) => {
      const invalid = ['', 'a\0b', '\ud800', 'x'.repeat(maxKeyBytes + 1), '€'.repeat(maxKeyBytes / 3 + 1)]
      for (const key of invalid) await assert.rejects(put(store, key, 0, 'x'), InvalidKeyError)
      assert.equal(store.revision, 1)
      const longest = 'x'.repeat(maxKeyBytes)
      assert.equal((await store.put(longest, 0, Buffer.from('x'), { timeToLive: 100 })).ok, true)
      assert.deepEqual(await keys(store, 'x'), [longest])
    })
  })

  describe(`${name}: ranges`, () => {
    test('give the keys of a prefix in order of their bytes', async (store) => {
      const ordered = ['/p/!', '/p/A', '/p/a', '/p/a-b', '/p/a/b', '/p/a0', '/p/é', '/p/\uffee', '/p/😀']
      for (const key of [...ordered].reverse()) await put(store, key, 0, key)
      for (const key of ['/o', '/p', '/p0', '/q/a']) await put(store, key, 0, key)
      assert.deepEqual(await keys(store, '/p/'), ordered)
      assert.equal((await keys(store, '')).length, ordered.length + 4)
      assert.deepEqual(await keys(store, '/none/'), [])
    })

    test('go on from a start key, within a limit, and count the rest', async (store) => {
      for (const name of 'abcdefgh') await put(store, `/p/${name}`, 0, name)
      await put(store, '/q', 0, 'q')
      const first = await store.range({ prefix: '/p/', limit: 3, count: true })
      assert.deepEqual([first.entries.map((entry) => entry.key), first.more, first.remaining], [['/p/a', '/p/b', '/p/c'], true, 5])
      const next = await store.range({ prefix: '/p/', start: '/p/c\u0001', limit: 3 })
      assert.deepEqual([next.entries.map((entry) => entry.key), next.more, next.remaining], [['/p/d', '/p/e', '/p/f'], true, undefined])
      const last = await store.range({ prefix: '/p/', start: '/p/f\u0001', limit: 2, count: true })
      assert.deepEqual([last.entries.map((entry) => entry.key), last.more, last.remaining], [['/p/g', '/p/h'], false, 0])
      assert.deepEqual(await keys(store, '/p/', { start: '/a' }), await keys(store, '/p/'))
    })

    test('read what was there at an earlier revision', async (store) => {
      await put(store, '/p/a', 0, 'a1') // 2
      await put(store, '/p/b', 0, 'b1') // 3
      await put(store, '/p/a', 2, 'a2') // 4
      await store.delete('/p/b', 3) // 5
      await put(store, '/p/c', 0, 'c1') // 6
      await put(store, '/p/b', 0, 'b2') // 7
      await put(store, '/p/a', 4, 'a3') // 8
      const expected = [[], ['a1'], ['a1', 'b1'], ['a2', 'b1'], ['a2'], ['a2', 'c1'], ['a2', 'b2', 'c1'], ['a3', 'b2', 'c1']]
      for (const [index, values] of expected.entries()) {
        const range = await store.range({ prefix: '/p/', revision: index + 1 })
        assert.deepEqual([range.revision, range.entries.map((entry) => entry.value.toString())], [index + 1, values])
      }
      const page = await store.range({ prefix: '/p/', revision: 5, limit: 1, count: true })
      assert.deepEqual([page.more, page.remaining], [false, 0])
      const old = await store.range({ prefix: '/p/', revision: 4 })
      assert.deepEqual(old.entries.map((entry) => [entry.createRevision, entry.modRevision]), [[2, 4], [3, 3]]) // biome-ignore format: pairs
    })

    test('refuse a revision that does not exist yet', async (store) => {
      await assert.rejects(store.range({ prefix: '/', revision: 2 }), FutureRevisionError)
    })
  })

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

  const reopen = engine.reopen
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

function put(store: Store, key: string, expected: number, value: string) {
  return store.put(key, expected, Buffer.from(value))
}

async function read(store: Store, key: string) {
  const entry = await store.get(key)
  return entry && { value: entry.value.toString(), created: entry.createRevision, modified: entry.modRevision }
}

async function keys(store: Store, prefix: string, options: { start?: string } = {}): Promise<string[]> {
  return (await store.range({ prefix, ...options })).entries.map((entry) => entry.key)
}
