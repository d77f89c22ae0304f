import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { ConfigMap } from '@treeline/api'
import { type ResourceStore, ResourceStores } from '@treeline/apiserver'
import { parseLabelSelector } from '@treeline/machinery'
import { openLmdbStore } from '@treeline/storage'
import { closedLoop, quantile } from './closed-loop.js'

/**
 * The resource store below the API server: durable creates of ConfigMaps of about 1 KiB, lists of 10,000, and one
 * writer's events to 1,000 watches. No HTTP, no admission. `TREELINE_BENCH_DIR` chooses the disk.
 */
export async function benchResources(): Promise<void> {
  const directory = mkdtempSync(join(process.env['TREELINE_BENCH_DIR'] ?? tmpdir(), 'treeline-resources-'))
  const store = openLmdbStore({ directory })
  const stores = new ResourceStores(store)
  try {
    const configMaps = stores.of(ConfigMap)
    await configMaps.ready
    await creates(configMaps)
    await updates(configMaps)
    await lists(configMaps)
    await fanOut(configMaps)
    const { heapUsed, arrayBuffers, rss } = process.memoryUsage()
    const count = configMaps.all().length
    console.log(`memory with ${count} objects  heap ${megabytes(heapUsed)}  buffers ${megabytes(arrayBuffers)}  resident ${megabytes(rss)}`)
    await restart(directory, stores, () => store.close())
  } finally {
    stores.close()
    await store.close()
    rmSync(directory, { recursive: true })
  }
}

const listed = 10_000
const watches = 1000

function configMap(namespace: string, name: string): ConfigMap {
  return {
    metadata: {
      namespace,
      name,
      uid: '6c2c1f5e-0000-4000-8000-000000000000',
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { app: 'bench' },
    },
    data: { payload: 'x'.repeat(800) },
  }
}

async function creates(configMaps: ResourceStore<ConfigMap>): Promise<void> {
  for (const workers of [1, 16, 256]) {
    const rate = await closedLoop(workers, 2000, (i) => configMaps.create(configMap(`creates-${workers}`, `c${(i * 7919) % 1_000_003}`)))
    console.log(
      `create, ${workers} in flight`.padEnd(34),
      `${rate.perSecond.toFixed(0)}/s  p50 ${rate.p50.toFixed(2)} ms  p99 ${rate.p99.toFixed(2)} ms`,
    )
  }
}

async function updates(configMaps: ResourceStore<ConfigMap>): Promise<void> {
  const names = configMaps.all('creates-256').map((stored) => stored.object.metadata.name ?? '')
  const rate = await closedLoop(256, 2000, (i) =>
    configMaps.update('creates-256', names[i % names.length] ?? '', ({ object }) => ({ ...object, data: { payload: `${i}`.padEnd(800) } })),
  )
  console.log(
    'update, 256 in flight'.padEnd(34),
    `${rate.perSecond.toFixed(0)}/s  p50 ${rate.p50.toFixed(2)} ms  p99 ${rate.p99.toFixed(2)} ms`,
  )
}

async function lists(configMaps: ResourceStore<ConfigMap>): Promise<void> {
  for (let from = 0; from < listed; from += 500) {
    await Promise.all(Array.from({ length: 500 }, (_, i) => configMaps.create(configMap('listed', `l${from + i}`))))
  }
  await measure(`list of ${listed}, bytes joined`, async () => {
    const page = await configMaps.list({ namespace: 'listed' })
    if (Buffer.concat(page.items.map((stored) => stored.bytes)).length === 0 || page.items.length !== listed) throw new Error('wrong list')
  })
  await measure(`list of ${listed} in pages of 500`, async () => {
    let continueToken: string | undefined
    let items = 0
    do {
      const page = await configMaps.list({ namespace: 'listed', limit: 500, continueToken })
      items += page.items.length
      continueToken = page.continueToken
    } while (continueToken)
    if (items !== listed) throw new Error('wrong list')
  })
  await measure(`list of ${listed} by a label`, async () => {
    const page = await configMaps.list({ namespace: 'listed', labelSelector: parseLabelSelector('app=none') })
    if (page.items.length !== 0) throw new Error('wrong list')
  })
}

async function fanOut(configMaps: ResourceStore<ConfigMap>): Promise<void> {
  const writes = 2000
  let delivered = 0
  let bytes = 0
  let done: () => void = () => undefined
  const all = new Promise<void>((resolve) => {
    done = resolve
  })
  const { revision } = await configMaps.list({ limit: 1 })
  const subscriptions = Array.from({ length: watches }, () =>
    configMaps.watch({
      resourceVersion: String(revision),
      onEvents(events) {
        for (const event of events) bytes += event.line.length
        delivered += events.length
        if (delivered === writes * watches) done()
      },
      onEnd: (error) => {
        throw error ?? new Error('the watch ended')
      },
    }),
  )
  const start = performance.now()
  for (let from = 0; from < writes; from += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, i) => configMaps.create(configMap('watched', `w${from + i}`))))
  }
  await all
  const seconds = (performance.now() - start) / 1000
  for (const subscription of subscriptions) subscription.stop()
  console.log(
    `${writes} creates to ${watches} watches`.padEnd(34),
    `${(delivered / seconds).toFixed(0)} events/s  ${(bytes / seconds / 1e6).toFixed(0)} MB/s`,
  )
}

async function restart(directory: string, stores: ResourceStores, close: () => Promise<void>): Promise<void> {
  stores.close()
  await close()
  const start = performance.now()
  const store = openLmdbStore({ directory })
  const opened = performance.now() - start
  const again = new ResourceStores(store)
  await again.of(ConfigMap).ready
  const count = again.of(ConfigMap).all().length
  console.log(
    `restart with ${count} objects`.padEnd(34),
    `open ${opened.toFixed(1)} ms, loaded after ${(performance.now() - start).toFixed(0)} ms`,
  )
  again.close()
  await store.close()
}

async function measure(title: string, run: () => Promise<void>): Promise<void> {
  const times: number[] = []
  for (let i = 0; i < 15; i++) {
    const start = performance.now()
    await run()
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  console.log(title.padEnd(34), `p50 ${quantile(times, 0.5).toFixed(1)} ms  max ${quantile(times, 1).toFixed(1)} ms`)
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MiB`
}
