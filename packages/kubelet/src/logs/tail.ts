import type { FileHandle } from 'node:fs/promises'
import { endsLine } from './log-record.js'

const block = 64 * 1024
const newline = 0x0a

/** Offset at which the last `lines` whole lines of a log file begin; pieces of one line count once. */
export async function tailOffset(file: FileHandle, lines: number): Promise<number> {
  const { size } = await file.stat()
  if (lines <= 0) return size
  let rest: Buffer = Buffer.alloc(0)
  let found = 0
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - block)
    const bytes = Buffer.alloc(end - start)
    await file.read(bytes, 0, bytes.length, start)
    let text = Buffer.concat([bytes, rest])
    // Whole records of this text, from the last to the first; what comes before its first newline waits for the next block.
    for (;;) {
      const last = text.length - (text.at(-1) === newline ? 1 : 0)
      const before = text.subarray(0, last).lastIndexOf(newline)
      if (before < 0 && start > 0) break
      const record = text.subarray(before + 1, last)
      if (record.length > 0 && endsLine(record)) found++
      if (found > lines) return start + text.length
      if (before < 0) break
      text = text.subarray(0, before + 1)
    }
    rest = text
    end = start
  }
  return 0
}
