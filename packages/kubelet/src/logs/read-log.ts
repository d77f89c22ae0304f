import { type FileHandle, open, stat } from 'node:fs/promises'
import { type LogRecord, parseLogRecord } from './log-record.js'
import { tailOffset } from './tail.js'

export interface LogQuery {
  readonly follow: boolean
  readonly timestamps: boolean
  /** Lines from the end; undefined gives all. */
  readonly tailLines: number | undefined
  /** Bytes of the answer after which it stops; undefined is no limit. */
  readonly limitBytes: number | undefined
  /** Milliseconds since the epoch; lines before it are left out. */
  readonly since: number | undefined
  readonly stream: 'stdout' | 'stderr' | undefined
}

export interface LogSource {
  readonly path: string
  /** Whether the container may still print. */
  alive(): boolean
  readonly signal: AbortSignal
}

const block = 64 * 1024
const pollPeriod = 100
const newline = 0x0a
const longestRecord = 1 << 20

/** The lines of a container's log as a client gets them, in chunks. While following, ends when the container is dead and all is read. */
export async function* readLog(source: LogSource, query: LogQuery): AsyncGenerator<Buffer> {
  let left = query.limitBytes ?? Number.POSITIVE_INFINITY
  if (left <= 0) return
  const formatter = new Formatter(query)
  for await (const records of recordBatches(source, query)) {
    const chunk = formatter.format(records)
    if (chunk.length === 0) continue
    yield chunk.length > left ? chunk.subarray(0, left) : chunk
    left -= chunk.length
    if (left <= 0) return
  }
}

/** Puts records into the client's form. Timestamps stand once at the beginning of a line, not before each of its pieces. */
class Formatter {
  readonly #open = new Set<string>()

  constructor(private readonly query: LogQuery) {}

  format(records: readonly LogRecord[]): Buffer {
    const parts: Buffer[] = []
    for (const record of records) {
      const { stream, since, timestamps } = this.query
      if (stream !== undefined && record.stream !== stream) continue
      if (since !== undefined && Date.parse(record.time) < since) continue
      if (timestamps && !this.#open.has(record.stream)) parts.push(Buffer.from(`${record.time} `))
      parts.push(record.text)
      if (record.partial) this.#open.add(record.stream)
      else {
        this.#open.delete(record.stream)
        parts.push(Buffer.from('\n'))
      }
    }
    return Buffer.concat(parts)
  }
}

async function* recordBatches({ path, alive, signal }: LogSource, { follow, tailLines }: LogQuery): AsyncGenerator<LogRecord[]> {
  let file: FileHandle = await open(path)
  try {
    let offset = tailLines === undefined ? 0 : await tailOffset(file, tailLines)
    let rest: Buffer = Buffer.alloc(0)
    let lastLook = false
    for (;;) {
      const bytes = Buffer.alloc(block)
      const { bytesRead } = await file.read(bytes, 0, block, offset)
      if (bytesRead > 0) {
        offset += bytesRead
        lastLook = false
        const { records, left } = split(Buffer.concat([rest, bytes.subarray(0, bytesRead)]))
        rest = left.length > longestRecord ? Buffer.alloc(0) : left
        if (records.length > 0) yield records
        if (signal.aborted) return
        continue
      }
      if (!follow || signal.aborted) return
      if (await rotated(file, path)) {
        await file.close()
        file = await open(path)
        offset = 0
        rest = Buffer.alloc(0)
        continue
      }
      if (lastLook) return
      lastLook = !alive()
      if (!lastLook) await pause(pollPeriod, signal)
    }
  } finally {
    await file.close()
  }
}

function split(text: Buffer): { records: LogRecord[]; left: Buffer } {
  const records: LogRecord[] = []
  let from = 0
  for (let end = text.indexOf(newline); end >= 0; end = text.indexOf(newline, from)) {
    const record = parseLogRecord(text.subarray(from, end))
    if (record !== undefined) records.push(record)
    from = end + 1
  }
  return { records, left: text.subarray(from) }
}

async function rotated(file: FileHandle, path: string): Promise<boolean> {
  const [mine, named] = await Promise.all([file.stat(), stat(path).catch(() => undefined)])
  return named !== undefined && named.ino !== mine.ino
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done, { once: true })
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
