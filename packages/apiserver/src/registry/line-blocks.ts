import type { StoredEvent } from '../resource-store/resource-store.js'

/** Some event lines in a row. */
export interface LineBlock {
  readonly bytes: Buffer
  readonly events: number
}

/** A block is closed once it has this many bytes, so that backpressure still has something to hold back. */
const blockSize = 128 * 1024

const known = new WeakMap<readonly StoredEvent[], readonly LineBlock[]>()

/**
 * The lines of a batch of events, joined into few large buffers. Watches that select alike are handed the same array, and
 * so share what is joined for the first of them. The array must not change any more.
 */
export function lineBlocks(events: readonly StoredEvent[]): readonly LineBlock[] {
  let blocks = known.get(events)
  if (!blocks) {
    blocks = join(events)
    known.set(events, blocks)
  }
  return blocks
}

function join(events: readonly StoredEvent[]): readonly LineBlock[] {
  const blocks: LineBlock[] = []
  let lines: Buffer[] = []
  let size = 0
  events.forEach((event, index) => {
    lines.push(event.line)
    size += event.line.length
    if (size < blockSize && index < events.length - 1) return
    blocks.push({ bytes: lines.length === 1 ? event.line : Buffer.concat(lines, size), events: lines.length })
    lines = []
    size = 0
  })
  return blocks
}
