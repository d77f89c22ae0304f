import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StoredEvent } from '../resource-store/resource-store.js'
import { lineBlocks } from './line-blocks.js'

const events = (...lengths: readonly number[]): readonly StoredEvent[] =>
  lengths.map((length, revision) => {
    const bytes = Buffer.alloc(length, String(revision % 10))
    return { type: 'ADDED', revision, line: bytes, stored: { key: '', revision, bytes, object: { metadata: {} } as never } }
  })

const cases: readonly { readonly name: string; readonly lengths: readonly number[]; readonly counts: readonly number[] }[] = [
  { name: 'no events', lengths: [], counts: [] },
  { name: 'one event', lengths: [5], counts: [1] },
  { name: 'small events', lengths: [5, 1, 7], counts: [3] },
  { name: 'events that fill several blocks', lengths: [100_000, 100_000, 10, 200_000, 3], counts: [2, 2, 1] },
  { name: 'a large event at the end', lengths: [1, 500_000], counts: [2] },
]

describe('blocks of event lines', () => {
  for (const { name, lengths, counts } of cases) {
    it(`${name}: every line once, in order`, () => {
      const batch = events(...lengths)
      const blocks = lineBlocks(batch)
      assert.deepEqual(
        blocks.map((block) => block.events),
        counts,
      )
      assert.ok(Buffer.concat(blocks.map(({ bytes }) => bytes)).equals(Buffer.concat(batch.map(({ line }) => line))))
    })
  }

  it('are made once for a batch, and copy nothing for one event', () => {
    const batch = events(5, 6)
    assert.equal(lineBlocks(batch), lineBlocks(batch))
    const [single] = events(5)
    assert.ok(single)
    assert.equal(lineBlocks([single])[0]?.bytes, single.line)
  })
})
