import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { ProtobufError } from './protobuf-error.js'

/** What surrounds every object on the wire and in storage: four bytes of magic and a message that names the type. */
export interface Envelope {
  readonly apiVersion: string
  readonly kind: string
  /** The object's own message. */
  readonly raw: Uint8Array
  readonly contentEncoding: string
  readonly contentType: string
}

const magic = Uint8Array.of(0x6b, 0x38, 0x73, 0x00)

/** `k8s` and a zero byte; then runtime.Unknown. */
export function isEnvelope(bytes: Uint8Array): boolean {
  return bytes.length >= magic.length && magic.every((byte, index) => bytes[index] === byte)
}

/** Throws ProtobufError on what is no envelope. */
export function openEnvelope(bytes: Uint8Array): Envelope {
  if (!isEnvelope(bytes)) throw new ProtobufError('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]')
  const envelope: { -readonly [K in keyof Envelope]: Envelope[K] } = {
    apiVersion: '',
    kind: '',
    raw: new Uint8Array(),
    contentEncoding: '',
    contentType: '',
  }
  try {
    const reader = new BinaryReader(bytes.subarray(magic.length))
    while (reader.pos < reader.len) {
      const [number, type] = reader.tag()
      if (type !== WireType.LengthDelimited) reader.skip(type, number)
      else if (number === 1) readTypeMeta(reader.bytes(), envelope)
      else if (number === 2) envelope.raw = reader.bytes()
      else if (number === 3) envelope.contentEncoding = reader.string()
      else if (number === 4) envelope.contentType = reader.string()
      else reader.skip(type, number)
    }
  } catch (error) {
    throw new ProtobufError(error instanceof Error ? error.message : String(error), { cause: error })
  }
  return envelope
}

function readTypeMeta(bytes: Uint8Array, into: { apiVersion: string; kind: string }): void {
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag()
    if (number === 1 && type === WireType.LengthDelimited) into.apiVersion = reader.string()
    else if (number === 2 && type === WireType.LengthDelimited) into.kind = reader.string()
    else reader.skip(type, number)
  }
}

/** All fields are written, empty ones too, as upstream does. */
export function sealEnvelope({ apiVersion, kind, raw }: Pick<Envelope, 'apiVersion' | 'kind' | 'raw'>): Buffer {
  const writer = new BinaryWriter()
  writer.tag(1, WireType.LengthDelimited).fork()
  writer.tag(1, WireType.LengthDelimited).string(apiVersion).tag(2, WireType.LengthDelimited).string(kind).join()
  writer.tag(2, WireType.LengthDelimited).bytes(raw)
  writer.tag(3, WireType.LengthDelimited).string('').tag(4, WireType.LengthDelimited).string('')
  return Buffer.concat([magic, writer.finish()])
}
