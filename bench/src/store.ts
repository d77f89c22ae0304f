import { randomBytes } from 'node:crypto'
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { openLmdbStore, openMemoryStore, type Store } from '@treeline/storage'
import { closedLoop, median, type Rate } from './closed-loop.js'

/**
 * Durable puts per second of the stores, 1 KiB values under new keys, beside what the disk itself can do: 4 KiB appended
 * and flushed, one at a time. Engines take turns; medians of three rounds. `TREELINE_BENCH_DIR` chooses the disk.
 */
export async function benchStore(): Promise<void> {
  const directory = mkdtempSync(join(process.env['TREELINE_BENCH_DIR'] ?? tmpdir(), 'treeline-store-'))
  try {
    console.log('append + fdatasync of 4 KiB, one at a time, then puts/s of 1 KiB values (p99 ms)')
    const results = new Map<string, Rate[]>()
    const raw: number[] = []
    for (let round = 0; round < rounds; round++) {
      raw.push(appendRate(join(directory, `raw-${round}`)))
      for (const workers of [1, 16, 256]) {
        for (const [engine, open] of Object.entries(engines)) {
          const store = open(join(directory, `${engine}-${workers}-${round}`))
          const row = `${engine} ${workers}`
          results.set(row, [...(results.get(row) ?? []), await putRate(store, workers)])
          await store.close()
        }
      }
    }
    console.log(`raw ${' '.repeat(18)} ${median(raw).toFixed(0).padStart(9)}/s`)
    for (const [row, rates] of results) {
      const [engine = '', workers = ''] = row.split(' ')
      const perSecond = median(rates.map((rate) => rate.perSecond))
      const p99 = median(rates.map((rate) => rate.p99))
      const name = `${engine} in flight ${workers}`.padEnd(22)
      console.log(`${name} ${perSecond.toFixed(0).padStart(9)}/s  (${p99.toFixed(1)})  ${(perSecond / median(raw)).toFixed(2)} x raw`)
    }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

const rounds = 3
const roundMilliseconds = 1500
const engines: Readonly<Record<string, (directory: string) => Store>> = {
  lmdb: (directory) => openLmdbStore({ directory }),
  memory: () => openMemoryStore(),
}

function putRate(store: Store, workers: number): Promise<Rate> {
  const values = Array.from({ length: 64 }, () => randomBytes(1024))
  const order = randomBytes(65536)
  return closedLoop(workers, roundMilliseconds, async (index) => {
    // Keys in no order, as names are.
    const name = `${order.readUInt16BE(index & 0xfffe)}-${index}`
    const result = await store.put(`/registry/configmaps/default/${name}`, 0, values[index & 63] ?? Buffer.alloc(0))
    if (!result.ok) throw new Error(`${name} was there already`)
  })
}

function appendRate(path: string): number {
  const descriptor = openSync(path, 'w')
  const block = randomBytes(4096)
  const start = performance.now()
  let count = 0
  for (; performance.now() - start < 1000; count++) {
    writeSync(descriptor, block)
    fdatasyncSync(descriptor)
  }
  closeSync(descriptor)
  return count
}
