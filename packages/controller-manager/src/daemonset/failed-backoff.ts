/** Milliseconds between deletions of failed pods on one node: from, up to. */
const first = 1000
const longest = 15 * 60_000

/** Keeps a pod that fails at once from being made anew without pause. */
export class FailedBackoff {
  private readonly entries = new Map<string, { readonly delay: number; readonly since: number }>()

  /** Milliseconds still to wait; 0 if the pod may be deleted now. */
  left(key: string, now: number): number {
    const entry = this.entries.get(key)
    return entry ? Math.max(0, entry.since + entry.delay - now) : 0
  }

  /** A pod was deleted: the next one waits longer, unless it is long ago. */
  count(key: string, now: number): void {
    const entry = this.entries.get(key)
    const recent = entry && now - entry.since < 2 * longest
    this.entries.set(key, { delay: recent ? Math.min(entry.delay * 2, longest) : first, since: now })
    if (this.entries.size > 1000) this.sweep(now)
  }

  private sweep(now: number): void {
    for (const [key, { since }] of this.entries) if (now - since >= 2 * longest) this.entries.delete(key)
  }
}
