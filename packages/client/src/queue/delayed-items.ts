import type { Clock } from '../time/clock.js'

interface Delayed {
  readonly item: string
  readonly at: number
}

/** Items that become due: a heap under one timer. An item waits once, for its earliest time. */
export class DelayedItems {
  private readonly heap: Delayed[] = []
  /** The time that counts for each item; heap entries that disagree are leftovers. */
  private readonly dueAt = new Map<string, number>()
  private cancelTimer: (() => void) | undefined
  private timerAt = Number.POSITIVE_INFINITY

  constructor(
    private readonly clock: Clock,
    private readonly due: (item: string) => void,
  ) {}

  get size(): number {
    return this.dueAt.size
  }

  add(item: string, delay: number): void {
    const at = this.clock.now() + delay
    const known = this.dueAt.get(item)
    if (known !== undefined && known <= at) return
    this.dueAt.set(item, at)
    this.push({ item, at })
    if (at < this.timerAt) this.arm(at)
  }

  clear(): void {
    this.cancelTimer?.()
    this.cancelTimer = undefined
    this.timerAt = Number.POSITIVE_INFINITY
    this.heap.length = 0
    this.dueAt.clear()
  }

  private arm(at: number): void {
    this.cancelTimer?.()
    this.timerAt = at
    this.cancelTimer = this.clock.after(Math.max(0, at - this.clock.now()), () => this.fire())
  }

  private fire(): void {
    this.cancelTimer = undefined
    this.timerAt = Number.POSITIVE_INFINITY
    const now = this.clock.now()
    for (let first = this.heap[0]; first && first.at <= now; first = this.heap[0]) {
      this.pop()
      if (this.dueAt.get(first.item) !== first.at) continue
      this.dueAt.delete(first.item)
      this.due(first.item)
    }
    const next = this.heap[0]
    if (next && next.at < this.timerAt) this.arm(next.at)
  }

  private push(entry: Delayed): void {
    const { heap } = this
    let hole = heap.length
    heap.push(entry)
    while (hole > 0) {
      const above = (hole - 1) >> 1
      const parent = heap[above]
      if (!parent || parent.at <= entry.at) break
      heap[hole] = parent
      hole = above
    }
    heap[hole] = entry
  }

  private pop(): void {
    const { heap } = this
    const last = heap.pop()
    if (!last || heap.length === 0) return
    let hole = 0
    for (;;) {
      let below = 2 * hole + 1
      let child = heap[below]
      if (!child) break
      const right = heap[below + 1]
      if (right && right.at < child.at) {
        child = right
        below++
      }
      if (child.at >= last.at) break
      heap[hole] = child
      hole = below
    }
    heap[hole] = last
  }
}
