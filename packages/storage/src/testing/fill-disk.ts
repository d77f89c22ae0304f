import { openLmdbStore } from '../lmdb.js'
import { StoreWriteError } from '../store.js'

/**
 * `node fill-disk.js DIRECTORY`, run where files cannot grow far: writes until writes fail, then prints as JSON what the
 * store says of itself.
 */
const store = openLmdbStore({ directory: process.argv[2] ?? '' })
const acknowledged: string[] = []
let refused = 0
for (let round = 0; refused === 0 && round < 1000; round++) {
  const keys = Array.from({ length: 50 }, (_, i) => `/k/${round}-${i}`)
  const results = await Promise.allSettled(keys.map((key) => store.put(key, 0, Buffer.alloc(2000))))
  for (const [i, result] of results.entries()) {
    if (result.status === 'fulfilled') acknowledged.push(keys[i] ?? '')
    else if (result.reason instanceof StoreWriteError) refused++
    else throw result.reason
  }
}
const { entries } = await store.range({ prefix: '/k/' })
const readable = entries.map((entry) => entry.key)
console.log(JSON.stringify({ acknowledged, refused, readable, revision: store.revision }))
await store.close()
