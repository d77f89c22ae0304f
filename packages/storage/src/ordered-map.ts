import { compareKeys, lowerBound } from './key.js'

/**
 * A map from keys to values that is walked in key order. Entries lie in sorted leaves of bounded size, so that a change
 * moves few of them and memory stays dense. Invariants: no leaf is empty, a leaf's keys are sorted, and the last key of a
 * leaf is before the first of the next.
 */
export class OrderedMap<V> {
  #leaves: Leaf<V>[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  get(key: string): V | undefined {
    const leaf = this.#leaves[this.#leafOf(key)]
    if (!leaf) return undefined
    const at = lowerBound(leaf.keys, key)
    return leaf.keys[at] === key ? leaf.values[at] : undefined
  }

  /** Sets the value of a key and returns the one before. */
  set(key: string, value: V): V | undefined {
    const index = this.#leafOf(key)
    const leaf = this.#leaves[index]
    if (!leaf) {
      this.#leaves.push({ keys: [key], values: [value] })
      this.#size++
      return undefined
    }
    const at = lowerBound(leaf.keys, key)
    if (leaf.keys[at] === key) {
      const before = leaf.values[at]
      leaf.values[at] = value
      return before
    }
    leaf.keys.splice(at, 0, key)
    leaf.values.splice(at, 0, value)
    this.#size++
    if (leaf.keys.length > maxLeaf) this.#split(index, leaf, at)
    return undefined
  }

  /** Removes a key and returns the value it had. */
  delete(key: string): V | undefined {
    const index = this.#leafOf(key)
    const leaf = this.#leaves[index]
    if (!leaf) return undefined
    const at = lowerBound(leaf.keys, key)
    if (leaf.keys[at] !== key) return undefined
    leaf.keys.splice(at, 1)
    const [before] = leaf.values.splice(at, 1)
    if (leaf.keys.length === 0) this.#leaves.splice(index, 1)
    this.#size--
    return before
  }

  /** How many keys are before this one. */
  rank(key: string): number {
    const index = this.#leafOf(key)
    let count = 0
    for (let i = 0; i < index; i++) count += this.#leaves[i]?.keys.length ?? 0
    const leaf = this.#leaves[index]
    return leaf ? count + lowerBound(leaf.keys, key) : count
  }

  /** Entries from a key on, in order. The map must not change during the walk. */
  *entries(from = ''): Generator<[key: string, value: V], void> {
    let index = this.#leafOf(from)
    let at = lowerBound(this.#leaves[index]?.keys ?? [], from)
    for (; index < this.#leaves.length; index++, at = 0) {
      const leaf = this.#leaves[index]
      if (!leaf) return
      for (; at < leaf.keys.length; at++) yield [leaf.keys[at] as string, leaf.values[at] as V]
    }
  }

  /** Calls `visit` with entries from a key on, in order, until it returns false. The map must not change meanwhile. */
  visit(from: string, visit: (value: V, key: string) => boolean): void {
    let index = this.#leafOf(from)
    let at = lowerBound(this.#leaves[index]?.keys ?? [], from)
    for (; index < this.#leaves.length; index++, at = 0) {
      const leaf = this.#leaves[index]
      if (!leaf) return
      for (; at < leaf.keys.length; at++) if (!visit(leaf.values[at] as V, leaf.keys[at] as string)) return
    }
  }

  clear(): void {
    this.#leaves = []
    this.#size = 0
  }

  /** The leaf that holds the key or would: the last one whose first key is not after it. 0 when there is none. */
  #leafOf(key: string): number {
    let low = 0
    let high = this.#leaves.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareKeys(this.#leaves[middle]?.keys[0] ?? '', key) <= 0) low = middle + 1
      else high = middle
    }
    return Math.max(0, low - 1)
  }

  /** Keys that arrive in order leave full leaves behind; others split a leaf in half. */
  #split(index: number, leaf: Leaf<V>, inserted: number): void {
    const from = index === this.#leaves.length - 1 && inserted === leaf.keys.length - 1 ? inserted : leaf.keys.length >>> 1
    this.#leaves.splice(index + 1, 0, { keys: leaf.keys.splice(from), values: leaf.values.splice(from) })
  }
}

interface Leaf<V> {
  readonly keys: string[]
  readonly values: V[]
}

const maxLeaf = 512
