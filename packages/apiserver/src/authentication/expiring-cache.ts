/**
 * A bounded memory of results. At most `capacity` entries are kept, each for at most `lifetime` milliseconds; the
 * oldest goes first.
 */
export class ExpiringCache<Key, Value> {
  private readonly entries = new Map<Key, { readonly value: Value; readonly until: number }>()

  constructor(
    private readonly capacity: number,
    private readonly lifetime: number,
    private readonly now: () => number,
  ) {}

  get(key: Key): Value | undefined {
    const entry = this.entries.get(key)
    if (!entry) return undefined
    if (entry.until > this.now()) return entry.value
    this.entries.delete(key)
    return undefined
  }

  set(key: Key, value: Value): void {
    this.entries.delete(key)
    if (this.entries.size >= this.capacity) {
      for (const oldest of this.entries.keys()) {
        this.entries.delete(oldest)
        break
      }
    }
    this.entries.set(key, { value, until: this.now() + this.lifetime })
  }

  get size(): number {
    return this.entries.size
  }
}
