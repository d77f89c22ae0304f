import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { after, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openLmdbStore } from './lmdb.js'
import type { Store } from './store.js'
import { TemporaryDirectories } from './testing/temporary-directories.js'
import { recordWatch } from './testing/watch-recorder.js'

const directories = new TemporaryDirectories()
const children = new Set<ChildProcess>()
after(() => {
  for (const child of children) child.kill('SIGKILL')
  directories.remove()
})

/** A longer run: `TREELINE_KILLS=200 node --test dist/lmdb-kill.test.js`. */
const kills = Number(process.env['TREELINE_KILLS'] ?? 20)

it(`no acknowledged write is lost when the process is killed, ${kills} times`, { timeout: 30_000 + kills * 5000 }, async () => {
  const directory = directories.make()
  /** Newest acknowledged write of each key, as the children told it. */
  const acknowledged = new Map<string, Followed>()
  /** Revision up to which a watch has followed the store, and what it built from that. */
  let seen = 1
  const followed = new Map<string, Followed>()
  for (let kill = 0; kill < kills; kill++) {
    const lines = await runAndKill(directory, kill)
    for (const line of lines) {
      const [type = '', key = '', revision = ''] = line.split(' ')
      const known = acknowledged.get(key)
      if (!known || known.revision < Number(revision)) acknowledged.set(key, { revision: Number(revision), deleted: type === 'delete' })
    }
    const store = openLmdbStore({ directory })
    try {
      const watch = recordWatch(store, '/k/', seen)
      await watch.reached(store.revision)
      for (const change of watch.changes) {
        assert.ok(change.revision > seen)
        seen = change.revision
        followed.set(change.key, { revision: change.revision, deleted: change.type === 'delete' })
      }
      seen = store.revision
      await verify(store, acknowledged, followed)
      // Leaves history behind that the next watch still needs, and sometimes a compaction that was cut short.
      if (kill % 3 === 2) await store.compact(seen)
    } finally {
      await store.close()
    }
  }
  assert.ok(acknowledged.size > 0)
})

interface Followed {
  readonly revision: number
  readonly deleted: boolean
}

async function verify(store: Store, acknowledged: ReadonlyMap<string, Followed>, followed: ReadonlyMap<string, Followed>) {
  const { entries } = await store.range({ prefix: '/k/' })
  const expected = [...followed].flatMap(([key, { revision, deleted }]) => (deleted ? [] : [[key, revision] as const]))
  assert.deepEqual(new Map(entries.map((entry) => [entry.key, entry.modRevision])), new Map(expected))
  for (const [key, { revision, deleted }] of acknowledged) {
    const now = followed.get(key)
    // What was written but not acknowledged may be there as well; nothing older may.
    assert.ok(now && now.revision >= revision, `${key} went from ${revision} to ${now?.revision}`)
    if (now.revision === revision) assert.equal(now.deleted, deleted)
  }
  for (const entry of entries) assert.equal(entry.value.toString('utf8', 0, entry.key.length), entry.key)
}

/** Lets a child write for a moment and kills it; resolves with the lines it printed, one for each acknowledged write. */
async function runAndKill(directory: string, seed: number): Promise<string[]> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./testing/write-under-load.js', import.meta.url)), directory, String(seed)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  children.add(child)
  const lines: string[] = []
  const closed = once(child, 'close')
  // A moment after a number of acknowledgements, both drawn anew: in the middle of flushes, sweeps and openings.
  const killAfter = Math.floor(Math.random() * 4000)
  let timer: NodeJS.Timeout | undefined
  const strike = () => {
    timer ??= setTimeout(() => child.kill('SIGKILL'), Math.random() * 20)
  }
  if (seed % 10 === 9) setTimeout(strike, Math.random() * 200)
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (lines.length >= killAfter) strike()
  }
  const [code, signal] = await closed
  children.delete(child)
  clearTimeout(timer)
  assert.deepEqual([code, signal], [null, 'SIGKILL'])
  return lines
}
