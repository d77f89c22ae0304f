/** What a command reads. */
export interface Source extends AsyncIterable<Buffer> {
  /** The next chunk; undefined at the end. */
  read(): Promise<Buffer | undefined>
}

/** What a command writes to. Resolves when more may follow; a sink that is gone swallows. */
export type Sink = (data: Buffer | string) => Promise<void>

export const emptySource: Source = sourceOf([])

/** Reads from any iterable of chunks. */
export function sourceOf(chunks: Iterable<Buffer> | AsyncIterable<Buffer>): Source {
  const iterator = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]()
  const source: Source = {
    async read() {
      const { value, done } = await iterator.next()
      return done ? undefined : (value as Buffer)
    },
    async *[Symbol.asyncIterator]() {
      for (let chunk = await source.read(); chunk !== undefined; chunk = await source.read()) yield chunk
    },
  }
  return source
}

/** All of it. */
export async function readAll(source: Source): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of source) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Reads line by line, each without its newline, taking no more of the source than it must. */
export class LineReader {
  #pending: Buffer = Buffer.alloc(0)
  #ended = false

  constructor(private readonly source: Source) {}

  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#pending.indexOf(0x0a)
      if (end >= 0) {
        const line = this.#pending.toString('utf8', 0, end)
        this.#pending = this.#pending.subarray(end + 1)
        return line
      }
      if (this.#ended) break
      const chunk = await this.source.read()
      if (chunk === undefined) this.#ended = true
      else this.#pending = Buffer.concat([this.#pending, chunk])
    }
    if (this.#pending.length === 0) return undefined
    const rest = this.#pending.toString('utf8')
    this.#pending = Buffer.alloc(0)
    return rest
  }
}

const pipeCapacity = 64 * 1024

/** Joins the output of one command with the input of the next. */
export function pipe(): { sink: Sink; source: Source; end: () => void; abandon: () => void } {
  const chunks: Buffer[] = []
  let size = 0
  let ended = false
  let abandoned = false
  let wakeReader: (() => void) | undefined
  let wakeWriter: (() => void) | undefined
  const source: Source = {
    async read() {
      while (chunks.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wakeReader = resolve
        })
      }
      const chunk = chunks.shift()
      size -= chunk?.length ?? 0
      wakeWriter?.()
      return chunk
    },
    async *[Symbol.asyncIterator]() {
      for (let chunk = await source.read(); chunk !== undefined; chunk = await source.read()) yield chunk
    },
  }
  return {
    source,
    async sink(data) {
      if (abandoned || ended) return
      const chunk = Buffer.from(data)
      chunks.push(chunk)
      size += chunk.length
      wakeReader?.()
      while (size > pipeCapacity && !abandoned) {
        await new Promise<void>((resolve) => {
          wakeWriter = resolve
        })
      }
    },
    end() {
      ended = true
      wakeReader?.()
    },
    abandon() {
      abandoned = true
      wakeWriter?.()
    },
  }
}
