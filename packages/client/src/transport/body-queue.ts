import { TransportError } from '../transport.js'

/**
 * The body of an answer between the connection that delivers it and the one reader that takes it. The reader may leave
 * early; the connection then hears it once through `cancelled`.
 */
export class BodyQueue implements AsyncIterable<Buffer> {
  private readonly chunks: Buffer[] = []
  private failure: Error | undefined
  private ended = false
  private wake: (() => void) | undefined

  constructor(
    private readonly taken: (bytes: number) => void,
    private readonly cancelled: () => void,
  ) {}

  push(chunk: Buffer): void {
    if (this.ended) return
    this.chunks.push(chunk)
    this.wake?.()
  }

  /** The body is complete, or broken off by `failure`. */
  end(failure?: Error): void {
    if (this.ended) return
    this.ended = true
    this.failure = failure
    this.wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      for (;;) {
        const chunk = this.chunks.shift()
        if (chunk) {
          yield chunk
          this.taken(chunk.length)
          continue
        }
        if (this.failure) throw this.failure
        if (this.ended) return
        await new Promise<void>((resolve) => {
          this.wake = resolve
        })
        this.wake = undefined
      }
    } finally {
      if (!this.ended) {
        this.end(new TransportError('aborted', 'the reader has left'))
        this.cancelled()
      }
    }
  }
}

/** Reads a body to its end. */
export async function wholeBody(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(chunk)
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
}
