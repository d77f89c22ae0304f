import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { Field, Schema, StructSchema } from '../schema/schema.js'
import { durationMessage, intOrStringMessage, quantityMessage, rawJsonMessage, timeMessage } from './leaf-messages.js'
import { ProtobufError } from './protobuf-error.js'

/** A message on the wire nests at most this deep. */
const deepest = 64

/** Reads an object's message by its schema; the result is what the same object would be in JSON, zero values included. */
export function decodeMessage(schema: StructSchema, bytes: Uint8Array): Record<string, unknown> {
  try {
    return decodeStruct(schema, bytes, 0)
  } catch (error) {
    if (error instanceof ProtobufError) throw error
    throw new ProtobufError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/** Writes a canonical object as its message, fields in order of their numbers. Throws ProtobufError where JSON has what the message cannot. */
export function encodeMessage(schema: StructSchema, value: object): Uint8Array {
  const writer = new BinaryWriter()
  encodeStruct(schema, value as Record<string, unknown>, writer)
  return writer.finish()
}

/** Where each number of a message leads: to a field, or to a message whose fields lie flat in the JSON object. */
interface Layout {
  readonly fields: Map<number, { readonly name: string; readonly field: Field }>
  readonly inlined: Map<number, Layout>
}

const layouts = new WeakMap<StructSchema, Layout>()

function layoutOf(schema: StructSchema): Layout {
  let layout = layouts.get(schema)
  if (!layout) {
    layout = { fields: new Map(), inlined: new Map() }
    for (const [name, field] of schema.fields) {
      if (field.number === undefined) continue
      let within = layout
      for (const number of field.within ?? []) {
        const inner: Layout = within.inlined.get(number) ?? { fields: new Map(), inlined: new Map() }
        within.inlined.set(number, inner)
        within = inner
      }
      within.fields.set(field.number, { name, field })
    }
    layouts.set(schema, layout)
  }
  return layout
}

function decodeStruct(schema: StructSchema, bytes: Uint8Array, depth: number): Record<string, unknown> {
  if (depth > deepest) throw new ProtobufError('the message nests too deep')
  const value: Record<string, unknown> = {}
  decodeInto(layoutOf(schema), bytes, value, depth)
  return value
}

function decodeInto(layout: Layout, bytes: Uint8Array, value: Record<string, unknown>, depth: number): void {
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag()
    const known = layout.fields.get(number)
    if (known) {
      decodeField(known.name, known.field.schema, reader, type, value, depth)
      continue
    }
    const inner = layout.inlined.get(number)
    if (inner && type === WireType.LengthDelimited) decodeInto(inner, reader.bytes(), value, depth)
    else reader.skip(type, number)
  }
}

function decodeField(
  name: string,
  schema: Schema,
  reader: BinaryReader,
  type: WireType,
  value: Record<string, unknown>,
  depth: number,
): void {
  if (schema.type === 'list') {
    const list = (value[name] ?? []) as unknown[]
    value[name] = list
    if (type === WireType.LengthDelimited && isVarint(schema.items)) {
      const packed = new BinaryReader(reader.bytes())
      while (packed.pos < packed.len) list.push(decodeValue(schema.items, packed, WireType.Varint, depth))
    } else list.push(decodeValue(schema.items, reader, type, depth))
  } else if (schema.type === 'map') {
    const map = (value[name] ?? {}) as Record<string, unknown>
    value[name] = map
    const [key, entry] = decodeEntry(schema.values, reader.bytes(), depth)
    Object.defineProperty(map, key, { value: entry, enumerable: true, configurable: true, writable: true })
  } else value[name] = decodeValue(schema, reader, type, depth)
}

function decodeEntry(values: Schema, bytes: Uint8Array, depth: number): [key: string, value: unknown] {
  const reader = new BinaryReader(bytes)
  let key = ''
  let value: unknown
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag()
    if (number === 1) key = reader.string()
    else if (number === 2) value = decodeValue(values, reader, type, depth)
    else reader.skip(type, number)
  }
  return [key, value ?? emptyOf(values)]
}

function emptyOf(schema: Schema): unknown {
  if (schema.type === 'struct' || schema.type === 'map') return {}
  if (schema.type === 'list') return []
  return schema.type === 'string' || schema.type === 'bytes' ? '' : null
}

function decodeValue(schema: Schema, reader: BinaryReader, type: WireType, depth: number): unknown {
  switch (schema.type) {
    case 'string':
      return reader.string()
    case 'boolean':
      return reader.bool()
    case 'int32':
      return reader.int32()
    case 'int64':
      return Number(reader.int64())
    case 'number':
      return type === WireType.Bit64 ? reader.double() : reader.float()
    case 'bytes':
      return Buffer.from(reader.bytes()).toString('base64')
    case 'struct':
      return decodeStruct(schema, reader.bytes(), depth + 1)
    case 'list':
      // a named slice inside a map is a message around its items
      return wrappedItems(schema.items, reader.bytes(), depth + 1)
    case 'map':
      throw new ProtobufError('a map inside a list or map has no message')
    default:
      return messageOf(schema).decode(reader.bytes())
  }
}

function wrappedItems(items: Schema, bytes: Uint8Array, depth: number): unknown[] {
  const reader = new BinaryReader(bytes)
  const list: unknown[] = []
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag()
    if (number === 1) list.push(decodeValue(items, reader, type, depth))
    else reader.skip(type, number)
  }
  return list
}

const isVarint = (schema: Schema): boolean => schema.type === 'int32' || schema.type === 'int64' || schema.type === 'boolean'

const messages = {
  quantity: quantityMessage,
  'int-or-string': intOrStringMessage,
  time: timeMessage(0),
  'micro-time': timeMessage(6),
  duration: durationMessage,
  any: rawJsonMessage,
}

function messageOf(schema: Schema): { decode(bytes: Uint8Array): unknown; encode(value: unknown): Uint8Array } {
  const message = messages[schema.type as keyof typeof messages]
  if (!message || (schema.type === 'any' && schema.name?.includes('JSONSchemaProps')))
    throw new ProtobufError(`type ${schema.type} has no message`)
  return message
}

function encodeStruct(schema: StructSchema, value: Record<string, unknown>, writer: BinaryWriter): void {
  encodeLayout(layoutOf(schema), value, writer)
}

function encodeLayout(layout: Layout, value: Record<string, unknown>, writer: BinaryWriter): void {
  const numbers = [...layout.fields.keys(), ...layout.inlined.keys()].sort((a, b) => a - b)
  for (const number of numbers) {
    const inner = layout.inlined.get(number)
    if (inner) {
      writer.tag(number, WireType.LengthDelimited).fork()
      encodeLayout(inner, value, writer)
      writer.join()
      continue
    }
    const known = layout.fields.get(number)
    if (known) encodeField(number, known.field, value[known.name], writer)
  }
}

/** What is no pointer is written even when it is zero, as upstream's generated code does; lists and maps only item by item. */
function encodeField(number: number, { schema, pointer }: Field, value: unknown, writer: BinaryWriter): void {
  if (schema.type === 'list') {
    for (const item of (value as unknown[] | undefined | null) ?? []) encodeValue(number, schema.items, item, writer)
  } else if (schema.type === 'map') {
    for (const key of Object.keys((value as object | undefined | null) ?? {}).sort()) {
      writer.tag(number, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).string(key)
      encodeValue(2, schema.values, (value as Record<string, unknown>)[key], writer)
      writer.join()
    }
  } else if (value !== undefined && value !== null) encodeValue(number, schema, value, writer)
  else if (!pointer && schema.type !== 'bytes') encodeValue(number, schema, zeroOf(schema), writer)
}

function zeroOf(schema: Schema): unknown {
  switch (schema.type) {
    case 'string':
      return ''
    case 'boolean':
      return false
    case 'int32':
    case 'int64':
    case 'number':
    case 'int-or-string':
      return 0
    case 'quantity':
      return '0'
    case 'struct':
      return {}
    default:
      return null
  }
}

function encodeValue(number: number, schema: Schema, value: unknown, writer: BinaryWriter): void {
  switch (schema.type) {
    case 'string':
      writer.tag(number, WireType.LengthDelimited).string(String(value))
      return
    case 'boolean':
      writer.tag(number, WireType.Varint).bool(value === true)
      return
    case 'int32':
      writer.tag(number, WireType.Varint).int32(Number(value))
      return
    case 'int64':
      writer.tag(number, WireType.Varint).int64(BigInt(Math.trunc(Number(value))))
      return
    case 'number':
      writer.tag(number, WireType.Bit64).double(Number(value))
      return
    case 'bytes':
      writer.tag(number, WireType.LengthDelimited).bytes(Buffer.from(String(value), 'base64'))
      return
    case 'struct':
      writer.tag(number, WireType.LengthDelimited).fork()
      encodeStruct(schema, value as Record<string, unknown>, writer)
      writer.join()
      return
    case 'list':
      writer.tag(number, WireType.LengthDelimited).fork()
      for (const item of value as unknown[]) encodeValue(1, schema.items, item, writer)
      writer.join()
      return
    case 'map':
      throw new ProtobufError('a map inside a list or map has no message')
    default:
      writer.tag(number, WireType.LengthDelimited).bytes(messageOf(schema).encode(value))
  }
}
