import type { Counters, Head, Link, LogRecord } from '../engine/backend.js'

/**
 * The bytes of the tables' rows. Numbers are 8 bytes, big-endian, so that keys sort by value.
 *
 *     counters   "counters"           format(1) revision(8) compacted(8) swept(8) indexed(8)
 *     heads      key                  flags(1) revision(8) createRevision(8) deadline(8)
 *     log        revision(8)          flags(1) createRevision(8) deadline(8) previous(8) key length(2) key value
 *     deadlines  deadline(8) key      0(1)
 *
 * `heads` and `counters.revision` lag behind the log; see HeadIndex.
 */
export const formatVersion = 1

const deletedFlag = 1
const headSize = 25
const countersSize = 33
const logHeaderSize = 27

/** The counters, and how far the table of heads has come. */
export interface StoredCounters extends Counters {
  readonly indexed: number
}

export function encodeCounters(counters: StoredCounters): Buffer {
  const row = Buffer.allocUnsafe(countersSize)
  row[0] = formatVersion
  writeNumber(row, 1, counters.revision)
  writeNumber(row, 9, counters.compacted)
  writeNumber(row, 17, counters.swept)
  writeNumber(row, 25, counters.indexed)
  return row
}

/** Throws on a format this code does not know. */
export function decodeCounters(row: Uint8Array): StoredCounters {
  if (row[0] !== formatVersion) throw new Error(`the data is in format ${row[0]}, this version reads format ${formatVersion}`)
  return { revision: readNumber(row, 1), compacted: readNumber(row, 9), swept: readNumber(row, 17), indexed: readNumber(row, 25) }
}

export function encodeHead(head: Head): Buffer {
  const row = Buffer.allocUnsafe(headSize)
  row[0] = head.deleted ? deletedFlag : 0
  writeNumber(row, 1, head.revision)
  writeNumber(row, 9, head.createRevision)
  writeNumber(row, 17, head.deadline)
  return row
}

export function decodeHead(row: Uint8Array): Head {
  return {
    deleted: row[0] === deletedFlag,
    revision: readNumber(row, 1),
    createRevision: readNumber(row, 9),
    deadline: readNumber(row, 17),
  }
}

/** A record of the log, which also tells the head that it makes. */
export function encodeRecord(record: LogRecord, deadline: number): Buffer {
  const keySize = Buffer.byteLength(record.key)
  const row = Buffer.allocUnsafe(logHeaderSize + keySize + record.value.length)
  row[0] = record.type === 'delete' ? deletedFlag : 0
  writeNumber(row, 1, record.createRevision)
  writeNumber(row, 9, deadline)
  writeNumber(row, 17, record.previous)
  row.writeUInt16BE(keySize, 25)
  row.write(record.key, logHeaderSize, 'utf8')
  row.set(record.value, logHeaderSize + keySize)
  return row
}

export function decodeLink(row: Buffer): Link {
  return {
    type: row[0] === deletedFlag ? 'delete' : 'put',
    key: row.toString('utf8', logHeaderSize, logHeaderSize + readKeySize(row)),
    previous: readNumber(row, 17),
  }
}

/** The head that a record made. */
export function decodeHeadOfRecord(row: Uint8Array, revision: number): Head {
  return { revision, deleted: row[0] === deletedFlag, createRevision: readNumber(row, 1), deadline: readNumber(row, 9) }
}

/** `row` may be memory that the next read overwrites; the record is a copy. `size` is the length of the row. */
export function decodeRecord(row: Buffer, size: number, revision: number, prefix: string): LogRecord | undefined {
  if (!mayStartWith(row, prefix)) return undefined
  const link = decodeLink(row)
  if (!link.key.startsWith(prefix)) return undefined
  const start = logHeaderSize + readKeySize(row)
  const value = Buffer.allocUnsafe(size - start)
  row.copy(value, 0, start, size)
  return { ...link, revision, createRevision: readNumber(row, 1), value }
}

/** False if the key certainly has another prefix; spares decoding most keys that a watch passes over. */
function mayStartWith(row: Uint8Array, prefix: string): boolean {
  for (let i = 0; i < prefix.length; i++) {
    const unit = prefix.charCodeAt(i)
    if (unit > 0x7f) return true
    if (row[logHeaderSize + i] !== unit) return false
  }
  return true
}

export function writeNumber(target: Uint8Array, at: number, value: number): void {
  writeUInt32(target, at, Math.floor(value / 0x1_0000_0000))
  writeUInt32(target, at + 4, value % 0x1_0000_0000)
}

export function readNumber(source: Uint8Array, at: number): number {
  return readUInt32(source, at) * 0x1_0000_0000 + readUInt32(source, at + 4)
}

function writeUInt32(target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 24
  target[at + 1] = value >>> 16
  target[at + 2] = value >>> 8
  target[at + 3] = value
}

function readUInt32(source: Uint8Array, at: number): number {
  return (byte(source, at) * 0x100 + byte(source, at + 1)) * 0x1_0000 + byte(source, at + 2) * 0x100 + byte(source, at + 3)
}

function byte(source: Uint8Array, at: number): number {
  return source[at] ?? 0
}

function readKeySize(row: Uint8Array): number {
  return byte(row, 25) * 0x100 + byte(row, 26)
}
