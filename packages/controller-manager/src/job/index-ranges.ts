interface Range {
  readonly first: number
  readonly last: number
}

/** A set of completion indexes, kept and written as ranges: `1,3-5`. Immutable; ranges are in order and do not touch. */
export class IndexRanges {
  static readonly empty = new IndexRanges([])

  private constructor(private readonly ranges: readonly Range[]) {}

  static of(indexes: Iterable<number>): IndexRanges {
    return IndexRanges.joined([...indexes].map((index) => ({ first: index, last: index })))
  }

  /** Reads what `toString` writes, leaving out what is malformed or not below `limit`. */
  static parse(text: string | undefined, limit: number): IndexRanges {
    const ranges: Range[] = []
    for (const part of (text ?? '').split(',')) {
      const match = /^(\d+)(?:-(\d+))?$/.exec(part)
      if (!match) continue
      const first = Number(match[1])
      const last = Math.min(Number(match[2] ?? match[1]), limit - 1)
      if (first <= last) ranges.push({ first, last })
    }
    return IndexRanges.joined(ranges)
  }

  get size(): number {
    return this.ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0)
  }

  has(index: number): boolean {
    let low = 0
    let high = this.ranges.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.ranges[middle]?.last ?? 0) < index) low = middle + 1
      else high = middle
    }
    const range = this.ranges[low]
    return range !== undefined && range.first <= index
  }

  union(other: IndexRanges): IndexRanges {
    return IndexRanges.joined([...this.ranges, ...other.ranges])
  }

  /** How many indexes are in both. */
  overlap(other: IndexRanges): number {
    let count = 0
    let [own, theirs] = [0, 0]
    for (let a = this.ranges[own], b = other.ranges[theirs]; a && b; a = this.ranges[own], b = other.ranges[theirs]) {
      count += Math.max(0, Math.min(a.last, b.last) - Math.max(a.first, b.first) + 1)
      if (a.last <= b.last) own++
      else theirs++
    }
    return count
  }

  /** The first `count` indexes below `limit` that are not in the set. */
  gaps(count: number, limit: number): number[] {
    const missing: number[] = []
    let candidate = 0
    for (const { first, last } of this.ranges) {
      for (; candidate < first && candidate < limit && missing.length < count; candidate++) missing.push(candidate)
      candidate = Math.max(candidate, last + 1)
    }
    for (; candidate < limit && missing.length < count; candidate++) missing.push(candidate)
    return missing
  }

  toString(): string {
    return this.ranges
      .map(({ first, last }) => (first === last ? `${first}` : last === first + 1 ? `${first},${last}` : `${first}-${last}`))
      .join(',')
  }

  private static joined(ranges: Range[]): IndexRanges {
    const result: { first: number; last: number }[] = []
    for (const { first, last } of ranges.sort((a, b) => a.first - b.first)) {
      const previous = result.at(-1)
      if (previous && first <= previous.last + 1) previous.last = Math.max(previous.last, last)
      else result.push({ first, last })
    }
    return new IndexRanges(result)
  }
}
