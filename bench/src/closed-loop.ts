import { performance } from 'node:perf_hooks'

/** What a closed loop measured. */
export interface Rate {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

/** Runs `operation` from `workers` loops, each waiting for its own answer, for about `milliseconds`. */
export async function closedLoop(workers: number, milliseconds: number, operation: (index: number) => Promise<unknown>): Promise<Rate> {
  const latencies: number[] = []
  const start = performance.now()
  const end = start + milliseconds
  let index = 0
  const loop = async () => {
    for (let before = performance.now(); before < end; ) {
      await operation(index++)
      const after = performance.now()
      latencies.push(after - before)
      before = after
    }
  }
  await Promise.all(Array.from({ length: workers }, loop))
  const seconds = (performance.now() - start) / 1000
  latencies.sort((a, b) => a - b)
  return { perSecond: latencies.length / seconds, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) }
}

/** Value below which a share of the sorted numbers lies; 0 of none. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

export function median(numbers: readonly number[]): number {
  return quantile(
    [...numbers].sort((a, b) => a - b),
    0.5,
  )
}
