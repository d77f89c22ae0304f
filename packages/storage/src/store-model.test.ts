import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import fc from 'fast-check'
import { openLmdbStore } from './lmdb.js'
import { openMemoryStore } from './memory.js'
import { CompactedError, type Store } from './store.js'
import { TemporaryDirectories } from './testing/temporary-directories.js'
import { recordWatch } from './testing/watch-recorder.js'

const directories = new TemporaryDirectories()
after(() => directories.remove())

/** What a store must look like: the whole state after each revision. */
class Model {
  readonly states: ReadonlyMap<string, { value: string; created: number; modified: number }>[] = [new Map(), new Map()]
  readonly changes: string[] = []
  compacted = 0

  get revision(): number {
    return this.states.length - 1
  }

  get current() {
    return this.states[this.revision] as ReadonlyMap<string, { value: string; created: number; modified: number }>
  }

  /** The revision written, or 0. */
  write(key: string, expected: number, value: string | undefined): number {
    const before = this.current.get(key)
    if ((before?.modified ?? 0) !== expected || (value === undefined && !before)) return 0
    const revision = this.states.length
    const next = new Map(this.current)
    if (value === undefined) next.delete(key)
    else next.set(key, { value, created: before?.created ?? revision, modified: revision })
    this.states.push(next)
    this.changes.push(`${value === undefined ? 'delete' : 'put'} ${key} ${revision}`)
    return revision
  }

  range(prefix: string, revision: number) {
    return [...(this.states[revision] ?? [])].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1))
  }
}

const key = fc.constantFrom('/a', '/b', '/b/x', '/b/y', '/c', '/c/x')
const prefix = fc.constantFrom('', '/', '/b', '/b/', '/c/x')
/** Of the present time, mostly: a share of the newest revision. */
const share = fc.double({ min: 0, max: 1, noNaN: true })
const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('writes' as const),
      writes: fc.array(fc.record({ key, fresh: fc.boolean(), value: fc.option(fc.string(), { nil: undefined }) }), {
        minLength: 1,
        maxLength: 8,
      }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('range' as const), prefix, share, limit: fc.nat(3), start: fc.option(key) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('watch' as const), prefix, share }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('compact' as const), share }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('reopen' as const) }) },
)

async function play(commands: readonly (typeof command extends fc.Arbitrary<infer C> ? C : never)[], open: () => Store, reopens: boolean) {
  let store = open()
  const model = new Model()
  const at = (part: number) => Math.max(1, Math.round(part * model.revision))
  try {
    for (const step of commands) {
      switch (step.type) {
        case 'writes': {
          const expected: number[] = []
          const results = step.writes.map((write) => {
            // `fresh` writes expect what is there now; the others expect the state before this round.
            const modified = write.fresh
              ? (model.current.get(write.key)?.modified ?? 0)
              : (model.states.at(-2)?.get(write.key)?.modified ?? 0)
            expected.push(model.write(write.key, modified, write.value))
            if (write.value === undefined) return store.delete(write.key, modified)
            return store.put(write.key, modified, Buffer.from(write.value))
          })
          const written = (await Promise.all(results)).map((result) => (result.ok ? result.revision : 0))
          assert.deepEqual(written, expected)
          break
        }
        case 'range': {
          const revision = at(step.share)
          const request = { prefix: step.prefix, revision, limit: step.limit || undefined, start: step.start ?? undefined, count: true }
          if (revision < model.compacted) {
            await assert.rejects(store.range(request), CompactedError)
            break
          }
          const from = model.range(step.prefix, revision).filter(([name]) => step.start === null || name >= step.start)
          const result = await store.range(request)
          const found = result.entries.map((entry) => [
            entry.key,
            { value: entry.value.toString(), created: entry.createRevision, modified: entry.modRevision },
          ])
          assert.deepEqual(found, from.slice(0, request.limit))
          assert.equal(result.remaining, from.length - found.length)
          assert.equal(result.more, found.length < from.length)
          break
        }
        case 'watch': {
          const from = at(step.share)
          const watch = recordWatch(store, step.prefix, from)
          if (from < model.compacted) assert.ok((await watch.ended()) instanceof CompactedError)
          else {
            await watch.reached(model.revision)
            const expected = model.changes.slice(from - 1).filter((line) => line.split(' ')[1]?.startsWith(step.prefix))
            assert.deepEqual(watch.lines(), expected)
          }
          watch.stop()
          break
        }
        case 'compact': {
          const revision = at(step.share)
          await store.compact(revision)
          model.compacted = Math.max(model.compacted, revision)
          assert.equal(store.compactedRevision, model.compacted)
          break
        }
        case 'reopen':
          if (!reopens) break
          await store.close()
          store = open()
          assert.deepEqual([store.revision, store.compactedRevision], [model.revision, model.compacted])
          break
      }
    }
  } finally {
    await store.close()
  }
}

const script = fc.array(command, { minLength: 1, maxLength: 40, size: 'max' })

it('the memory store behaves as the model does', async () => {
  await fc.assert(
    fc.asyncProperty(script, (commands) => play(commands, () => openMemoryStore(), false)),
    { numRuns: 150 },
  )
})

it('the lmdb store behaves as the model does', { timeout: 120_000 }, async () => {
  const run = (commands: typeof script extends fc.Arbitrary<infer C> ? C : never) => {
    const directory = directories.make()
    return play(commands, () => openLmdbStore({ directory }), true)
  }
  await fc.assert(fc.asyncProperty(script, run), { numRuns: 20 })
})
