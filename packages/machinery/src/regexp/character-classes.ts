import type { CharacterSet } from './nodes.js'

export type Ranges = readonly (readonly [low: number, high: number])[]

const digits: Ranges = [[0x30, 0x39]]
const upper: Ranges = [[0x41, 0x5a]]
const lower: Ranges = [[0x61, 0x7a]]
const word: Ranges = [...digits, ...upper, [0x5f, 0x5f], ...lower]
const space: Ranges = [
  [0x09, 0x0a],
  [0x0c, 0x0d],
  [0x20, 0x20],
]

/** `\d`, `\s`, `\w`: ASCII only, as in RE2. */
export const perlClasses: Readonly<Record<string, Ranges>> = { d: digits, s: space, w: word }

/** Names between `[:` and `:]`. */
export const posixClasses: Readonly<Record<string, Ranges>> = {
  alnum: [...digits, ...upper, ...lower],
  alpha: [...upper, ...lower],
  ascii: [[0, 0x7f]],
  blank: [
    [0x09, 0x09],
    [0x20, 0x20],
  ],
  cntrl: [
    [0, 0x1f],
    [0x7f, 0x7f],
  ],
  digit: digits,
  graph: [[0x21, 0x7e]],
  lower,
  print: [[0x20, 0x7e]],
  punct: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ],
  space: [
    [0x09, 0x0d],
    [0x20, 0x20],
  ],
  upper,
  word,
  xdigit: [...digits, [0x41, 0x46], [0x61, 0x66]],
}

/** All code points that are not in the ranges. */
export function complement(ranges: Ranges): [number, number][] {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0])
  const result: [number, number][] = []
  let next = 0
  for (const [low, high] of sorted) {
    if (low > next) result.push([next, low - 1])
    next = Math.max(next, high + 1)
  }
  if (next <= 0x10ffff) result.push([next, 0x10ffff])
  return result
}

/** The Unicode property of `\p{Name}`: a general category or a script. Undefined when there is none. */
export function unicodeProperty(name: string): RegExp | undefined {
  if (name === 'Any') return /^[\s\S]$/u
  if (!/^[A-Za-z_]+$/.test(name)) return undefined
  for (const property of name.length <= 2 ? [name] : [`Script=${name}`, name]) {
    try {
      return new RegExp(`^\\p{${property}}$`, 'u')
    } catch {
      // Not a property of this sort; the next may be.
    }
  }
  return undefined
}

/** A set of some ranges. */
export function setOf(ranges: Ranges, foldCase = false): CharacterSet {
  return { ranges, properties: [], negated: false, foldCase }
}
