import type { Kind } from '@treeline/api'

/** A watch as the server keeps account of it. */
export interface OpenWatch {
  readonly kind: Kind
  /** Events that were sent. */
  readonly sent: number
  /** Lets it end by itself, with what is queued still sent. */
  stop(): void
}

/** The watches that are open, and how many events each kind's have been sent in all. */
export class OpenWatches {
  private readonly open = new Set<OpenWatch>()
  private readonly sentBefore = new Map<Kind, number>()

  add(watch: OpenWatch): void {
    this.open.add(watch)
  }

  delete(watch: OpenWatch): void {
    if (this.open.delete(watch)) this.sentBefore.set(watch.kind, (this.sentBefore.get(watch.kind) ?? 0) + watch.sent)
  }

  stop(): void {
    for (const watch of this.open) watch.stop()
  }

  /** Open watches by kind. */
  counts(): Map<Kind, number> {
    const counts = new Map<Kind, number>()
    for (const { kind } of this.open) counts.set(kind, (counts.get(kind) ?? 0) + 1)
    return counts
  }

  /** Events sent since the server started, by kind. */
  sent(): Map<Kind, number> {
    const sent = new Map(this.sentBefore)
    for (const watch of this.open) sent.set(watch.kind, (sent.get(watch.kind) ?? 0) + watch.sent)
    return sent
  }
}
