import { quote } from '@treeline/machinery'
/** Indexes of an indexed Job as text: `1,3-5,7`. */

/** Text that says no indexes, and why. */
export class IndexesError extends Error {
  override readonly name = 'IndexesError'
}

/** How many indexes a text names. Throws IndexesError when one is out of range or order. */
export function countIndexes(text: string, completions: number): number {
  let total = 0
  let last: number | undefined
  for (const piece of text === '' ? [] : text.split(',')) {
    const [first, end] = parseInterval(piece, completions)
    if (last !== undefined && last >= first) throw outOfOrder(last, first)
    total += end - first + 1
    last = end
  }
  return total
}

/** The first index that two texts have in common. */
export function commonIndex(a: string, b: string, completions: number): number | undefined {
  const left = readable(a, completions)
  const right = readable(b, completions)
  let i = 0
  let j = 0
  while (i < left.length && j < right.length) {
    const [aFirst, aEnd] = left[i] ?? [0, 0]
    const [bFirst, bEnd] = right[j] ?? [0, 0]
    if (aFirst <= bEnd && bFirst <= aEnd) return Math.max(aFirst, bFirst)
    if (aFirst <= bFirst) i++
    else j++
  }
  return undefined
}

type Interval = readonly [first: number, end: number]

/** The intervals that can be read; others have been complained of. */
function readable(text: string, completions: number): Interval[] {
  return (text === '' ? [] : text.split(',')).flatMap((piece) => {
    try {
      return [parseInterval(piece, completions)]
    } catch (error) {
      if (error instanceof IndexesError) return []
      throw error
    }
  })
}

const outOfOrder = (previous: number, current: number) =>
  new IndexesError(`non-increasing order, previous: ${previous}, current: ${current}`)

function parseInterval(piece: string, completions: number): Interval {
  const limits = piece.split('-')
  if (limits.length > 2) {
    throw new IndexesError(
      `the fragment ${quote(piece)} violates the requirement that an index interval can have at most two parts separated by '-'`,
    )
  }
  const first = parseIndex(limits[0] ?? '', completions)
  if (limits.length === 1) return [first, first]
  const end = parseIndex(limits[1] ?? '', completions)
  if (first >= end) throw outOfOrder(first, end)
  return [first, end]
}

function parseIndex(text: string, completions: number): number {
  if (!/^[+-]?\d{1,18}$/.test(text)) throw new IndexesError(`cannot convert string to integer for index: ${quote(text)}`)
  if (Number(text) >= completions) throw new IndexesError(`too large index: ${quote(text)}`)
  return Number(text)
}
