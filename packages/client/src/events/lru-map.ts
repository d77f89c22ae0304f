/** A map that forgets the entry used longest ago when it is full. */
export class LruMap<V> {
  private readonly entries = new Map<string, V>()

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.entries.size
  }

  /** The value, which counts as used now. */
  get(key: string): V | undefined {
    const value = this.entries.get(key)
    if (value === undefined) return undefined
    this.entries.delete(key)
    this.entries.set(key, value)
    return value
  }

  set(key: string, value: V): void {
    this.entries.delete(key)
    this.entries.set(key, value)
    if (this.entries.size <= this.capacity) return
    const oldest = this.entries.keys().next()
    if (!oldest.done) this.entries.delete(oldest.value)
  }

  delete(key: string): void {
    this.entries.delete(key)
  }
}
