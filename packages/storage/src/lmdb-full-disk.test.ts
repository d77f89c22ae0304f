import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openLmdbStore } from './lmdb.js'
import { TemporaryDirectories } from './testing/temporary-directories.js'

const directories = new TemporaryDirectories()
after(() => directories.remove())

it('when the disk is full writes are refused, and what was acknowledged stays, also for the next process', {
  timeout: 60_000,
}, async () => {
  const directory = directories.make()
  const script = fileURLToPath(new URL('./testing/fill-disk.js', import.meta.url))
  // A limit on the size of files, in units of 1 KiB.
  const child = spawnSync('bash', ['-c', 'ulimit -f 1500 && exec "$0" "$@"', process.execPath, script, directory], { encoding: 'utf8' })
  assert.equal(child.status, 0, child.stderr)
  const { acknowledged, refused, readable, revision } = JSON.parse(child.stdout) as Record<string, string[] & number>
  assert.ok(acknowledged && acknowledged.length > 0)
  assert.equal(refused, 50)
  assert.deepEqual(readable, [...acknowledged].sort())
  assert.equal(revision, acknowledged.length + 1)

  const store = openLmdbStore({ directory })
  const { entries } = await store.range({ prefix: '/k/' })
  assert.deepEqual(
    entries.map((entry) => entry.key),
    readable,
  )
  assert.deepEqual(await store.put('/more', 0, Buffer.alloc(1_000_000)), { ok: true, revision: Number(revision) + 1 })
  await store.close()
})
