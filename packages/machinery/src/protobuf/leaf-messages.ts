import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { formatDuration, parseDuration } from '../schema/duration.js'
import { ProtobufError } from './protobuf-error.js'

/** A message of a few scalars, by field number; anything else is passed over. */
function scalarsOf(bytes: Uint8Array): Map<number, number | bigint | Uint8Array> {
  const reader = new BinaryReader(bytes)
  const found = new Map<number, number | bigint | Uint8Array>()
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag()
    if (type === WireType.Varint) found.set(number, BigInt(reader.int64()))
    else if (type === WireType.LengthDelimited) found.set(number, reader.bytes())
    else reader.skip(type, number)
  }
  return found
}

const text = (value: number | bigint | Uint8Array | undefined): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : ''
const whole = (value: number | bigint | Uint8Array | undefined): bigint =>
  value === undefined || value instanceof Uint8Array ? 0n : BigInt(value)

/** resource.Quantity is a message around its text. */
export const quantityMessage = {
  decode: (bytes: Uint8Array): unknown => text(scalarsOf(bytes).get(1)) || '0',
  encode: (value: unknown): Uint8Array => new BinaryWriter().tag(1, WireType.LengthDelimited).string(String(value)).finish(),
}

/** intstr.IntOrString: which of the two, then both. */
export const intOrStringMessage = {
  decode(bytes: Uint8Array): unknown {
    const fields = scalarsOf(bytes)
    return whole(fields.get(1)) === 0n ? Number(BigInt.asIntN(32, whole(fields.get(2)))) : text(fields.get(3))
  },
  encode(value: unknown): Uint8Array {
    const isNumber = typeof value === 'number'
    const writer = new BinaryWriter().tag(1, WireType.Varint).int64(isNumber ? 0 : 1)
    return writer
      .tag(2, WireType.Varint)
      .int32(isNumber ? value : 0)
      .tag(3, WireType.LengthDelimited)
      .string(isNumber ? '' : String(value))
      .finish()
  },
}

/** meta.v1 Time and MicroTime: seconds and nanoseconds; the zero time is an empty message and `null` in JSON. */
export function timeMessage(digits: 0 | 6) {
  return {
    decode(bytes: Uint8Array): unknown {
      if (bytes.length === 0) return null
      const fields = scalarsOf(bytes)
      const date = new Date(Number(whole(fields.get(1))) * 1000)
      if (Number.isNaN(date.getTime())) throw new ProtobufError('a time is out of range')
      const seconds = date.toISOString().slice(0, -5)
      if (digits === 0) return `${seconds}Z`
      return `${seconds}.${(whole(fields.get(2)) / 1000n).toString().padStart(6, '0').slice(0, 6)}Z`
    },
    encode(value: unknown): Uint8Array {
      if (value === null || value === undefined || value === '') return new Uint8Array()
      const milliseconds = Date.parse(String(value))
      if (Number.isNaN(milliseconds)) throw new ProtobufError(`${JSON.stringify(value)} is no time`)
      const fraction = digits === 0 ? 0 : Number((/\.(\d+)/.exec(String(value))?.[1] ?? '0').padEnd(9, '0').slice(0, 9))
      return new BinaryWriter()
        .tag(1, WireType.Varint)
        .int64(Math.floor(milliseconds / 1000))
        .tag(2, WireType.Varint)
        .int32(fraction)
        .finish()
    },
  }
}

export const durationMessage = {
  decode: (bytes: Uint8Array): unknown => formatDuration(whole(scalarsOf(bytes).get(1))),
  encode(value: unknown): Uint8Array {
    return new BinaryWriter()
      .tag(1, WireType.Varint)
      .int64(parseDuration(String(value)) ?? 0n)
      .finish()
  },
}

/** RawExtension, FieldsV1 and JSON: JSON text in field 1. */
export const rawJsonMessage = {
  decode(bytes: Uint8Array): unknown {
    const raw = scalarsOf(bytes).get(1)
    if (!(raw instanceof Uint8Array) || raw.length === 0) return null
    try {
      return JSON.parse(Buffer.from(raw).toString('utf8'))
    } catch (error) {
      throw new ProtobufError('embedded JSON cannot be read', { cause: error })
    }
  },
  encode(value: unknown): Uint8Array {
    return new BinaryWriter()
      .tag(1, WireType.LengthDelimited)
      .bytes(Buffer.from(JSON.stringify(value ?? null)))
      .finish()
  },
}
