import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { DirectoryLockedError } from './lmdb/directory-lock.js'
import { openLmdbStore } from './lmdb.js'
import { testStoreContract } from './testing/store-contract.js'
import { TemporaryDirectories } from './testing/temporary-directories.js'

const directories = new TemporaryDirectories()
after(() => directories.remove())

let last = ''
testStoreContract('lmdb', {
  async open() {
    last = directories.make()
    return openLmdbStore({ directory: last })
  },
  reopen: async () => openLmdbStore({ directory: last }),
})

describe('lmdb: the directory', () => {
  it('is held by one store at a time, and the error names the holder', async () => {
    const directory = directories.make()
    const store = openLmdbStore({ directory })
    assert.throws(
      () => openLmdbStore({ directory }),
      (error) => error instanceof DirectoryLockedError && error.pid === process.pid && error.message.includes(directory),
    )
    await store.close()
    const next = openLmdbStore({ directory })
    await next.close()
    assert.ok(!readdirSync(directory).includes('store.lock'))
  })

  it('is refused while another process lives that holds it', async () => {
    const directory = directories.make()
    const script = fileURLToPath(new URL('./testing/write-under-load.js', import.meta.url))
    const child = spawn(process.execPath, [script, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    assert.throws(
      () => openLmdbStore({ directory }),
      (error) =>
        error instanceof DirectoryLockedError &&
        error.pid === child.pid &&
        error.message === `${directory} is in use by process ${child.pid}`,
    )
    child.kill('SIGKILL')
    await once(child, 'exit')
    await openLmdbStore({ directory }).close()
  })

  it('is given back when opening fails', () => {
    const directory = directories.make()
    writeFileSync(join(directory, 'store.mdb'), 'this is no database'.repeat(1000))
    assert.throws(() => openLmdbStore({ directory }), /store\.mdb is not a database/)
    assert.ok(!readdirSync(directory).includes('store.lock'))
  })

  it('is for its owner only', async () => {
    const directory = join(directories.make(), 'deep/inside')
    const store = openLmdbStore({ directory })
    assert.equal(statSync(directory).mode & 0o777, 0o700)
    for (const file of readdirSync(directory)) assert.equal(statSync(join(directory, file)).mode & 0o077, 0, file)
    await store.close()
  })
})

describe('lmdb: heads written behind', () => {
  it('are all found after several generations, compaction and reopening', { timeout: 120_000 }, async () => {
    const directory = directories.make()
    let store = openLmdbStore({ directory })
    const name = (i: number) => `/p/${(i * 7919) % 5000}`
    const newest = new Map<string, number>()
    for (let from = 0; from < 45_000; from += 1000) {
      await Promise.all(
        Array.from({ length: 1000 }, async (_, i) => {
          const key = name(from + i)
          const result = await store.put(key, newest.get(key) ?? 0, Buffer.from(`${from + i}`))
          assert.ok(result.ok)
          newest.set(key, result.revision)
        }),
      )
    }
    const check = async () => {
      const { entries } = await store.range({ prefix: '/p/' })
      assert.deepEqual(new Map(entries.map((entry) => [entry.key, entry.modRevision])), newest)
      const keys = entries.map((entry) => entry.key)
      assert.deepEqual(keys, [...keys].sort())
    }
    await check()
    await store.compact(store.revision - 10)
    await check()
    await store.close()
    store = openLmdbStore({ directory })
    await check()
    await store.close()
  })
})
