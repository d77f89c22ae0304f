/** Ports that Services may open on every node, both ends included. */
export interface PortRange {
  readonly first: number
  readonly last: number
}

export const defaultNodePorts: PortRange = { first: 30000, last: 32767 }

/** A port that stands for any in dry-run; it is not in the band of automatic picks that anyone would ask for. */
const placeholderOffset = 2769

/** Which node ports are taken. A port counts for all protocols at once. */
export class NodePorts {
  private readonly taken = new Set<number>()
  private readonly upper: number

  constructor(
    readonly range: PortRange = defaultNodePorts,
    private readonly random: () => number = Math.random,
  ) {
    const size = range.last - range.first + 1
    // The lowest ports are for those that ask for one by number, as long as the others are not used up.
    this.upper = range.first + (size <= 16 ? 0 : Math.min(Math.max(16, Math.floor(size / 32)), 128))
  }

  has(port: number): boolean {
    return this.taken.has(port)
  }

  contains(port: number): boolean {
    return port >= this.range.first && port <= this.range.last
  }

  take(port: number): void {
    this.taken.add(port)
  }

  release(port: number): void {
    this.taken.delete(port)
  }

  /** A free port, not yet taken; undefined when there is none. */
  free(): number | undefined {
    return this.freeBetween(this.upper, this.range.last) ?? this.freeBetween(this.range.first, this.upper - 1)
  }

  /** Stands for a free port where none is to be taken. `used`: placeholders already given to the same object. */
  placeholder(used: readonly number[]): number {
    return Math.max(this.range.first + placeholderOffset - 1, ...used) + 1
  }

  /** All ports that are taken. */
  all(): readonly number[] {
    return [...this.taken]
  }

  private freeBetween(first: number, last: number): number | undefined {
    const size = last - first + 1
    if (size <= 0) return undefined
    const start = Math.floor(this.random() * size)
    for (let step = 0; step < size; step++) {
      const port = first + ((start + step) % size)
      if (!this.taken.has(port)) return port
    }
    return undefined
  }
}
