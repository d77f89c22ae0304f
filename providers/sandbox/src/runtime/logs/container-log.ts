import { appendFile, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

export type OutputStream = 'stdout' | 'stderr'
type Reader = (stream: OutputStream, chunk: Buffer) => void

const longestPiece = 16_384

/**
 * What a container prints: into its log file in CRI form (`<time> <stream> <F|P> <text>`), and to whoever is attached.
 * The file is opened for each batch of lines, so that thousands of quiet containers hold no descriptors and rotation
 * needs no more than a rename.
 */
export class ContainerLog {
  readonly #path: string | undefined
  readonly #readers = new Set<Reader>()
  readonly #open: Record<OutputStream, string> = { stdout: '', stderr: '' }
  #pending = ''
  #writing: Promise<void> | undefined
  #written = false

  /** Without a path, nothing is kept. `report` hears of lines that could not be written. */
  constructor(
    path: string | undefined,
    readonly report: (error: unknown) => void,
  ) {
    this.#path = path
  }

  write(stream: OutputStream, text: string | Buffer): void {
    for (const reader of this.#readers) reader(stream, Buffer.from(text))
    if (this.#path === undefined) return
    const lines = (this.#open[stream] + text.toString()).split('\n')
    this.#open[stream] = lines.pop() ?? ''
    for (const line of lines) this.#append(stream, line)
    while (this.#open[stream].length >= longestPiece) {
      this.#record(stream, 'P', this.#open[stream].slice(0, longestPiece))
      this.#open[stream] = this.#open[stream].slice(longestPiece)
    }
  }

  /** Gives every chunk from now on to `reader`. Returns the function that stops it. */
  attach(reader: Reader): () => void {
    this.#readers.add(reader)
    return () => this.#readers.delete(reader)
  }

  /** Writes what is not ended by a newline, and waits until everything is in the file. */
  async finish(): Promise<void> {
    for (const stream of ['stdout', 'stderr'] as const) {
      if (this.#open[stream] !== '') this.#append(stream, this.#open[stream])
      this.#open[stream] = ''
    }
    while (this.#writing !== undefined) await this.#writing
  }

  /**
   * Makes sure that whatever is printed from now on goes to a file newly opened by its path. Nothing stays open between
   * batches, so waiting for the batch at hand is all there is to do.
   */
  async reopen(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing
  }

  #append(stream: OutputStream, line: string): void {
    let rest = line
    while (rest.length > longestPiece) {
      this.#record(stream, 'P', rest.slice(0, longestPiece))
      rest = rest.slice(longestPiece)
    }
    this.#record(stream, 'F', rest)
  }

  #record(stream: OutputStream, tag: 'F' | 'P', text: string): void {
    this.#pending += `${timestamp()} ${stream} ${tag} ${text}\n`
    this.#writing ??= this.#flush()
  }

  /** The node agent makes the folder as a rule; whoever drives the runtime by hand may not have. */
  async #appendTo(path: string, batch: string): Promise<void> {
    const first = !this.#written
    this.#written = true
    try {
      await appendFile(path, batch, { mode: 0o640 })
    } catch (error) {
      if (!first || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      await mkdir(dirname(path), { recursive: true })
      await appendFile(path, batch, { mode: 0o640 })
    }
  }

  async #flush(): Promise<void> {
    try {
      while (this.#pending !== '' && this.#path !== undefined) {
        const batch = this.#pending
        this.#pending = ''
        await this.#appendTo(this.#path, batch)
      }
    } catch (error) {
      // The pod's directory is removed with the pod; a line that comes after that has no reader.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.report(error)
      this.#pending = ''
    } finally {
      this.#writing = undefined
    }
  }
}

let last = 0n

/** Now in RFC 3339 with nine digits; never the same twice, so that lines of one instant keep their order. */
function timestamp(): string {
  const now = BigInt(Date.now()) * 1_000_000n
  last = now > last ? now : last + 1_000n
  const seconds = new Date(Number(last / 1_000_000n)).toISOString().slice(0, 19)
  return `${seconds}.${String(last % 1_000_000_000n).padStart(9, '0')}Z`
}
