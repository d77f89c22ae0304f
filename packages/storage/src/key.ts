import { InvalidKeyError } from './store.js'

/** Longest key in bytes of UTF-8; what the embedded engine can index, with room for its own prefix. */
export const maxKeyBytes = 1536

/** Throws InvalidKeyError unless the key can be stored by every engine. */
export function checkKey(key: string): void {
  if (key === '') throw new InvalidKeyError(key, 'it is empty')
  // Three bytes is the most that one code unit takes.
  if (key.length * 3 > maxKeyBytes && Buffer.byteLength(key) > maxKeyBytes) {
    throw new InvalidKeyError(key, `it is longer than ${maxKeyBytes} bytes`)
  }
  if (unstorable.test(key)) throw new InvalidKeyError(key, 'it holds a NUL or half of a surrogate pair')
}

const unstorable = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/** Orders well-formed strings as their UTF-8 bytes are ordered: by code point, which plain `<` does not do. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left !== right) return codePointOrder(left) - codePointOrder(right)
  }
  return a.length - b.length
}

/** Surrogates stand for code points above all others, yet lie below U+E000. */
function codePointOrder(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

/** Index of the first of the sorted keys that is not before `key`. */
export function lowerBound(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareKeys(keys[middle] as string, key) < 0) low = middle + 1
    else high = middle
  }
  return low
}
