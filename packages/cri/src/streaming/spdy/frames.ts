/** A SPDY/3.1 frame as read: still with its header block compressed. */
export type Frame =
  | { readonly type: 'data'; readonly streamId: number; readonly fin: boolean; readonly data: Buffer }
  | { readonly type: 'control'; readonly kind: number; readonly flags: number; readonly body: Buffer }

/** Control frame types. */
export const control = {
  synStream: 1,
  synReply: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  headers: 8,
  windowUpdate: 9,
} as const

export const flagFin = 0x01
export const flagUnidirectional = 0x02

const version = 3
const headLength = 8
const longestControl = 128 * 1024
const longestData = 16 * 1024 * 1024 - 1
/** Data is sent in pieces of at most this, so that streams take turns. */
export const longestPiece = 32 * 1024

/** Cuts a byte stream into frames. */
export class FrameReader {
  #pending: Buffer = Buffer.alloc(0);

  /** Throws on frames of another version and on ones that are too long. */
  *read(chunk: Buffer): Generator<Frame> {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    while (this.#pending.length >= headLength) {
      const isControl = ((this.#pending[0] ?? 0) & 0x80) !== 0
      const flags = this.#pending[4] ?? 0
      const length = this.#pending.readUIntBE(5, 3)
      if (isControl && length > longestControl) throw new Error(`control frame of ${length} bytes`)
      if (length > longestData) throw new Error(`data frame of ${length} bytes`)
      if (this.#pending.length < headLength + length) return
      const head = this.#pending.subarray(0, headLength)
      const body = this.#pending.subarray(headLength, headLength + length)
      this.#pending = this.#pending.subarray(headLength + length)
      if (!isControl) {
        yield { type: 'data', streamId: head.readUInt32BE(0) & 0x7fffffff, fin: (flags & flagFin) !== 0, data: body }
        continue
      }
      if ((head.readUInt16BE(0) & 0x7fff) !== version) throw new Error(`unsupported SPDY version ${head.readUInt16BE(0) & 0x7fff}`)
      yield { type: 'control', kind: head.readUInt16BE(2), flags, body }
    }
  }
}

export function dataFrame(streamId: number, data: Uint8Array, fin: boolean): Buffer[] {
  const head = Buffer.alloc(headLength)
  head.writeUInt32BE(streamId & 0x7fffffff, 0)
  head.writeUInt8(fin ? flagFin : 0, 4)
  head.writeUIntBE(data.length, 5, 3)
  return data.length === 0 ? [head] : [head, Buffer.from(data.buffer, data.byteOffset, data.byteLength)]
}

export function controlFrame(kind: number, flags: number, ...body: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(headLength)
  head.writeUInt16BE(0x8000 | version, 0)
  head.writeUInt16BE(kind, 2)
  head.writeUInt8(flags, 4)
  head.writeUIntBE(
    body.reduce((sum, part) => sum + part.length, 0),
    5,
    3,
  )
  return Buffer.concat([head, ...body])
}

export function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4)
  return bytes
}
