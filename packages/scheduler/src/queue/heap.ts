/** A binary heap with removal by key. */
export class Heap<T> {
  readonly #items: T[] = []
  readonly #positions = new Map<string, number>()

  constructor(
    private readonly key: (item: T) => string,
    private readonly less: (a: T, b: T) => boolean,
  ) {}

  get size(): number {
    return this.#items.length
  }

  has(key: string): boolean {
    return this.#positions.has(key)
  }

  get(key: string): T | undefined {
    const position = this.#positions.get(key)
    return position === undefined ? undefined : this.#items[position]
  }

  peek(): T | undefined {
    return this.#items[0]
  }

  /** Adds the item, or puts it in the place of the one with its key. */
  push(item: T): void {
    const position = this.#positions.get(this.key(item)) ?? this.#items.length
    this.#set(position, item)
    this.#up(position)
    this.#down(this.#positions.get(this.key(item)) ?? position)
  }

  pop(): T | undefined {
    const top = this.#items[0]
    if (top !== undefined) this.delete(this.key(top))
    return top
  }

  delete(key: string): T | undefined {
    const position = this.#positions.get(key)
    if (position === undefined) return undefined
    const removed = this.#items[position]
    const last = this.#items.pop()
    this.#positions.delete(key)
    if (last !== undefined && position < this.#items.length) {
      this.#set(position, last)
      this.#up(position)
      this.#down(this.#positions.get(this.key(last)) ?? position)
    }
    return removed
  }

  values(): readonly T[] {
    return this.#items
  }

  #set(position: number, item: T): void {
    this.#items[position] = item
    this.#positions.set(this.key(item), position)
  }

  #up(start: number): void {
    let position = start
    while (position > 0) {
      const parent = (position - 1) >> 1
      if (!this.#swapIfLess(position, parent)) return
      position = parent
    }
  }

  #down(start: number): void {
    let position = start
    for (;;) {
      const left = 2 * position + 1
      const right = left + 1
      const [a, b] = [this.#items[left], this.#items[right]]
      if (a === undefined) return
      const child = b !== undefined && this.less(b, a) ? right : left
      if (!this.#swapIfLess(child, position)) return
      position = child
    }
  }

  /** Swaps when the first belongs before the second. */
  #swapIfLess(first: number, second: number): boolean {
    const [a, b] = [this.#items[first], this.#items[second]]
    if (a === undefined || b === undefined || !this.less(a, b)) return false
    this.#set(second, a)
    this.#set(first, b)
    return true
  }
}
