import assert from 'node:assert/strict'
import { it, mock } from 'node:test'
import { compactPeriodically } from './compactor.js'
import { openMemoryStore } from './memory.js'

it('history lasts from one interval to two', async () => {
  mock.timers.enable({ apis: ['setInterval'] })
  const store = openMemoryStore()
  const problems: Error[] = []
  const stop = compactPeriodically(store, { interval: 1000, report: (error) => problems.push(error) })
  const compactedAfter = async (revision: number) => {
    mock.timers.tick(1000)
    while (store.compactedRevision < revision) await new Promise((resolve) => setImmediate(resolve))
    // The compactor hears of it some turns after the store says so.
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
    return store.compactedRevision
  }
  try {
    await store.put('/a', 0, Buffer.from('1'))
    assert.equal(await compactedAfter(1), 1)
    await store.put('/a', 2, Buffer.from('2'))
    assert.equal(await compactedAfter(2), 2)
    assert.equal(await compactedAfter(3), 3)
    await store.close()
    mock.timers.tick(1000)
    while (problems.length === 0) await new Promise((resolve) => setImmediate(resolve))
    assert.equal(problems[0]?.name, 'StoreClosedError')
  } finally {
    stop()
    mock.timers.reset()
  }
})
