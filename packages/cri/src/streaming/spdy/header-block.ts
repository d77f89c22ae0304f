import { createInflate, type Inflate } from 'node:zlib'
import { headerDictionary, headerDictionaryId } from './dictionary.js'

/** Lower-case names; a name given several times has its values joined with NUL, as on the wire. */
export type SpdyHeaders = ReadonlyMap<string, string>

const longestBlock = 256 * 1024
const mostHeaders = 256
const longestStored = 0xffff

/**
 * Header blocks on their way out, as one zlib stream over the connection's life. Blocks are stored instead of
 * compressed: they are short, and so the writer needs no state but whether it began.
 */
export class HeaderEncoder {
  #begun = false

  encode(headers: SpdyHeaders): Buffer {
    const parts: Buffer[] = [uint32(headers.size)]
    for (const [name, value] of headers) {
      for (const text of [name, value]) {
        const bytes = Buffer.from(text)
        parts.push(uint32(bytes.length), bytes)
      }
    }
    const block = Buffer.concat(parts)
    const stored: Buffer[] = this.#begun ? [] : [streamHeader]
    this.#begun = true
    for (let at = 0; at < block.length; at += longestStored) {
      const piece = block.subarray(at, at + longestStored)
      const head = Buffer.alloc(5)
      head.writeUInt16LE(piece.length, 1)
      head.writeUInt16LE(~piece.length & 0xffff, 3)
      stored.push(head, piece)
    }
    stored.push(flushMark)
    return Buffer.concat(stored)
  }
}

/** An empty stored block: readers that follow Go's give out what they have only when they see one. */
const flushMark = Buffer.from([0, 0, 0, 0xff, 0xff])

/** Deflate with a 32 KiB window, and the checksum of the preset dictionary. */
const streamHeader = Buffer.concat([Buffer.from([0x78, 0x20 + (31 - ((0x78 * 256 + 0x20) % 31))]), uint32(headerDictionaryId)])

/** Header blocks on their way in. Calls must not overlap. */
export class HeaderDecoder {
  readonly #inflate: Inflate = createInflate({ dictionary: headerDictionary })
  #output: Buffer[] = []
  #length = 0
  #failure: Error | undefined

  constructor() {
    this.#inflate.on('data', (chunk: Buffer) => {
      this.#output.push(chunk)
      this.#length += chunk.length
      if (this.#length > longestBlock) {
        this.#failure = new Error('header block too large')
        this.#inflate.destroy(this.#failure)
      }
    })
    this.#inflate.on('error', (error) => {
      this.#failure ??= error
    })
  }

  /** Rejects on anything that is not a header block, or one that is too large. */
  async decode(compressed: Buffer): Promise<SpdyHeaders> {
    if (this.#failure !== undefined) throw this.#failure
    this.#output = []
    this.#length = 0
    await new Promise<void>((resolve, reject) => {
      this.#inflate.once('error', reject)
      this.#inflate.write(compressed, (error) => {
        this.#inflate.removeListener('error', reject)
        if (error) reject(error)
        else resolve()
      })
    })
    if (this.#failure !== undefined) throw this.#failure
    return parseBlock(Buffer.concat(this.#output))
  }

  close(): void {
    this.#inflate.destroy()
  }
}

function parseBlock(block: Buffer): SpdyHeaders {
  let at = 0
  const number = () => {
    if (at + 4 > block.length) throw new Error('header block too short')
    at += 4
    return block.readUInt32BE(at - 4)
  }
  const text = () => {
    const length = number()
    if (at + length > block.length) throw new Error('header block too short')
    at += length
    return block.toString('utf8', at - length, at)
  }
  const count = number()
  if (count > mostHeaders) throw new Error('too many headers')
  const headers = new Map<string, string>()
  for (let index = 0; index < count; index++) headers.set(text().toLowerCase(), text())
  return headers
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
