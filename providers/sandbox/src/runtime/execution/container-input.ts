import { PassThrough } from 'node:stream'

/** The standard input of a main process: what clients attach to. One that is `once` ends with its first client. */
export class ContainerInput {
  readonly stream = new PassThrough()

  constructor(private readonly once: boolean) {}

  /** Feeds what a client sends until it ends or is gone. */
  async feed(source: AsyncIterable<Buffer>): Promise<void> {
    try {
      for await (const chunk of source) {
        if (this.stream.writableEnded) return
        if (!this.stream.write(chunk)) await new Promise((resolve) => this.stream.once('drain', resolve))
      }
    } finally {
      if (this.once) this.stream.end()
    }
  }
}
