import { writeSync } from 'node:fs'
import { openLmdbStore } from '../lmdb.js'

/**
 * The victim of the kill test and of the flush test: `node write-under-load.js DIRECTORY SEED [WORKERS [ROUNDS]]` creates, changes and deletes keys as fast as the
 * store takes it, compacts now and then, and prints a line `put|delete KEY REVISION` for each acknowledged write until it
 * is killed or has done its rounds.
 */
const [directory = '', seed = '0', workers = '64', rounds = 'Infinity'] = process.argv.slice(2)
const store = openLmdbStore({ directory })
/** History after the opening is left to whoever checks. */
const opened = store.revision

async function work(worker: number): Promise<void> {
  for (let round = 0; round < Number(rounds); round++) {
    const key = `/k/${(worker * 31 + round * 17 + Number(seed)) % 700}`
    const current = await store.get(key)
    const remove = current !== undefined && round % 5 === 4
    const value = Buffer.from(key.padEnd(200 + ((round * 97) % 3000), '.'))
    const expected = current?.modRevision ?? 0
    const result = remove ? await store.delete(key, expected) : await store.put(key, expected, value)
    // Synchronously, so that a line once printed is in the pipe, whatever happens to this process.
    if (result.ok) writeSync(1, `${remove ? 'delete' : 'put'} ${key} ${result.revision}\n`)
    if (worker === 0 && round % 50 === 49) await store.compact(Math.ceil((store.compactedRevision + opened) / 2))
  }
}

await Promise.all(Array.from({ length: Number(workers) }, (_, worker) => work(worker)))
await store.close()
