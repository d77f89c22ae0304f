import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { maxKeyBytes } from '../key.js'
import { FutureRevisionError, InvalidKeyError, type Store } from '../store.js'
import { keys, put, read, type StoreUnderTest, testOnStore } from './store-under-test.js'

/** What every engine must hold to in writes and in reads of one moment. */
export function testWritesAndReads(name: string, engine: StoreUnderTest): void {
  const test = (title: string, body: (store: Store) => Promise<void>) => testOnStore(engine, title, body)

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
}
