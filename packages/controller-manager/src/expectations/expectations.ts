import type { Clock } from '@treeline/client'

/** Expectations not met after this time are given up: the cache is then believed, in milliseconds. */
const lifetime = 300_000

interface Expected {
  creations: number
  /** Keys of the objects whose deletion has not been seen. */
  readonly deletions: Set<string>
  readonly since: number
}

/**
 * What a controller has asked for and its cache has not shown yet, by owner uid. While something is outstanding the cache
 * is behind the controller's own writes, and acting on it would do them twice.
 */
export class Expectations {
  private readonly byOwner = new Map<string, Expected>()

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  expectCreations(owner: string, count: number): void {
    this.byOwner.set(owner, { creations: count, deletions: new Set(), since: this.clock.now() })
  }

  expectDeletions(owner: string, keys: Iterable<string>): void {
    this.byOwner.set(owner, { creations: 0, deletions: new Set(keys), since: this.clock.now() })
  }

  /** Both at once, for controllers that create and delete in one pass. */
  expect(owner: string, creations: number, deletions: Iterable<string>): void {
    this.byOwner.set(owner, { creations, deletions: new Set(deletions), since: this.clock.now() })
  }

  /** `count` creations were seen, or will never be. */
  created(owner: string, count = 1): void {
    const expected = this.byOwner.get(owner)
    if (expected) expected.creations -= count
  }

  /** A deletion was seen, or will never be. Each counts once. */
  deleted(owner: string, key: string): void {
    this.byOwner.get(owner)?.deletions.delete(key)
  }

  /** Nothing is outstanding, or not for too long. */
  satisfied(owner: string): boolean {
    const expected = this.byOwner.get(owner)
    if (!expected) return true
    return (expected.creations <= 0 && expected.deletions.size === 0) || this.clock.now() - expected.since > lifetime
  }

  forget(owner: string): void {
    this.byOwner.delete(owner)
  }
}
