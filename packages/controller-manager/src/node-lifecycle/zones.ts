import type { Clock } from '@treeline/client'

export type ZoneState = 'Initial' | 'Normal' | 'PartialDisruption' | 'FullDisruption'

export interface EvictionRates {
  /** Nodes a second that are tainted in a zone: in good times, and in a large zone of which much is down. */
  readonly rate: number
  readonly secondaryRate: number
  /** Nodes beyond which a zone is large. */
  readonly largeZone: number
  /** Share of nodes down from which a zone is disrupted. */
  readonly unhealthyShare: number
}

export const defaultRates: EvictionRates = { rate: 0.1, secondaryRate: 0.01, largeZone: 50, unhealthyShare: 0.55 }

/** What is the matter with a zone, by how many of its nodes are ready. */
export function zoneState(ready: number, notReady: number, { unhealthyShare }: EvictionRates): ZoneState {
  if (ready === 0 && notReady > 0) return 'FullDisruption'
  return notReady > 2 && notReady / (notReady + ready) >= unhealthyShare ? 'PartialDisruption' : 'Normal'
}

/** Nodes a second that may be tainted in a zone. A zone that is all down is as likely cut off as broken: it goes on as in good times. */
export function zoneRate(state: ZoneState, size: number, { rate, secondaryRate, largeZone }: EvictionRates): number {
  if (state !== 'PartialDisruption') return rate
  return size > largeZone ? secondaryRate : 0
}

/** The nodes of a zone waiting to be tainted, let through one at a time. */
export class ZoneQueue {
  private readonly waiting = new Set<string>()
  /** When the next one may pass. */
  private next = Number.NEGATIVE_INFINITY
  private perNode: number

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    rate: number,
  ) {
    this.perNode = 1000 / rate
  }

  get size(): number {
    return this.waiting.size
  }

  /** Nodes a second; 0 lets none through. */
  setRate(rate: number): void {
    const perNode = rate > 0 ? 1000 / rate : Number.POSITIVE_INFINITY
    if (perNode === this.perNode) return
    if (!Number.isFinite(this.perNode)) this.next = this.clock.now()
    this.perNode = perNode
  }

  add(node: string): void {
    this.waiting.add(node)
  }

  remove(node: string): void {
    this.waiting.delete(node)
  }

  /** The next node if one may pass now. */
  take(): string | undefined {
    const now = this.clock.now()
    if (!Number.isFinite(this.perNode) || this.next > now) return undefined
    const first = this.waiting.values().next()
    if (first.done) return undefined
    this.waiting.delete(first.value)
    this.next = now + this.perNode
    return first.value
  }
}
