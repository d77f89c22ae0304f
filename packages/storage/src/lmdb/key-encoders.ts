import { readNumber, writeNumber } from './rows.js'

/** How a table's keys become bytes, in the form that lmdb asks for: positions are offsets into `target`. */
export interface KeyEncoder<K> {
  writeKey(key: K, target: Buffer, start: number): number
  readKey(source: Buffer, start: number, end: number): K
}

/** Strings as plain UTF-8, which keeps their order. */
export const textKey: KeyEncoder<string> = {
  writeKey(key, target, start) {
    const end = start + Buffer.byteLength(key)
    // lmdb takes a larger buffer and asks again; a plain write would cut the key off.
    if (end > target.length - 4) throw new RangeError('the key does not fit in the buffer')
    target.write(key, start, 'utf8')
    return end
  },
  readKey: (source, start, end) => source.toString('utf8', start, end),
}

/** Numbers in order of value. */
export const numberKey: KeyEncoder<number> = {
  writeKey(key, target, start) {
    if (start + 8 > target.length - 4) throw new RangeError('the key does not fit in the buffer')
    writeNumber(target, start, key)
    return start + 8
  },
  readKey: (source, start) => readNumber(source, start),
}

/** A deadline, then the key it is about. */
export const deadlineKey: KeyEncoder<[deadline: number, key: string]> = {
  writeKey: ([deadline, key], target, start) => textKey.writeKey(key, target, numberKey.writeKey(deadline, target, start)),
  readKey: (source, start, end) => [readNumber(source, start), textKey.readKey(source, start + 8, end)],
}
