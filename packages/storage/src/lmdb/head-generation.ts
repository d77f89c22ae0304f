import type { Head } from '../engine/backend.js'
import { compareKeys, lowerBound } from '../key.js'

/** Heads that are looked up and added all the time, but walked in key order only now and then: sorted when that comes. */
export class HeadGeneration {
  readonly #heads = new Map<string, Head>()
  #sorted: readonly string[] = []
  #unsorted: string[] = []

  get size(): number {
    return this.#heads.size
  }

  get(key: string): Head | undefined {
    return this.#heads.get(key)
  }

  set(key: string, head: Head): void {
    const before = this.#heads.size
    this.#heads.set(key, head)
    if (this.#heads.size > before) this.#unsorted.push(key)
  }

  /** Heads from a key on, in key order. Nothing may be added during the walk. */
  *entries(start = ''): Generator<readonly [key: string, head: Head], void> {
    const keys = this.#keys()
    for (let index = lowerBound(keys, start); index < keys.length; index++) {
      const key = keys[index] as string
      yield [key, this.#heads.get(key) as Head]
    }
  }

  #keys(): readonly string[] {
    if (this.#unsorted.length === 0) return this.#sorted
    const added = this.#unsorted.sort(compareKeys)
    this.#unsorted = []
    this.#sorted = this.#sorted.length === 0 ? added : mergeKeys(this.#sorted, added)
    return this.#sorted
  }
}

function mergeKeys(left: readonly string[], right: readonly string[]): string[] {
  const merged: string[] = []
  let next = 0
  for (const key of left) {
    for (let other = right[next]; other !== undefined && compareKeys(other, key) < 0; other = right[++next]) merged.push(other)
    merged.push(key)
  }
  while (next < right.length) merged.push(right[next++] as string)
  return merged
}
