import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigMap } from '@treeline/api'
import { MetricRegistry } from '../metrics/registry.js'
import { FakeClock } from '../testing/fake-clock.js'
import { RecordingClient } from '../testing/recording-client.js'
import { settled } from '../testing/settled.js'
import { defineController, on } from './define-controller.js'
import { runControllers } from './run-controllers.js'

const map = (name: string): ConfigMap => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'a', name } })

test('every object is reconciled once, a failed one again after its back-off, with the context it was promised', async () => {
  const clock = new FakeClock()
  const client = new RecordingClient([map('x'), map('y')], () => clock.now())
  const seen: string[] = []
  const controller = defineController<{ greeting: string }>({
    name: 'tester',
    watches: [on(ConfigMap)],
    async reconcile(key, { cache, greeting }) {
      seen.push(`${greeting} ${cache.get(ConfigMap, key)?.metadata.name}`)
      if (key === 'a/x' && seen.length < 3) throw new Error('not yet')
      return undefined
    },
  })
  const metrics = new MetricRegistry()
  const running = runControllers([controller], { client, clock, extra: { greeting: 'hello' }, metrics })
  await running.ready
  await settled(() => seen.length === 2 && running.idle)
  assert.match(metrics.render(), /workqueue_retries_total\{name="tester"\} 1/)
  clock.advance(5)
  await settled(() => seen.length === 3)
  assert.deepEqual(seen, ['hello x', 'hello y', 'hello x'])
  await running.stop()
})

test('a result with a delay comes again; keys may be delayed by the watch', async () => {
  const clock = new FakeClock()
  const client = new RecordingClient([map('x')], () => clock.now())
  const times: number[] = []
  const start = clock.now()
  const controller = defineController({
    name: 'tester',
    watches: [on(ConfigMap, () => [{ key: 'k', after: 100 }])],
    async reconcile() {
      times.push(clock.now() - start)
      return times.length < 3 ? { requeueAfter: 1000 } : undefined
    },
  })
  const running = runControllers([controller], { client, clock })
  await running.ready
  for (const step of [100, 1000, 1000, 1000]) {
    clock.advance(step)
    const count = times.length
    await settled(() => running.idle && times.length >= count)
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.deepEqual(times, [100, 1100, 2100])
  await running.stop()
})

test('stop waits for what is under way, and aborts it when it takes too long', async () => {
  const clock = new FakeClock()
  const client = new RecordingClient([map('x'), map('y')], () => clock.now())
  let begun = 0
  let aborted = false
  const controller = defineController({
    name: 'tester',
    watches: [on(ConfigMap)],
    async reconcile(_key, { signal }) {
      begun++
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      aborted = true
      return undefined
    },
  })
  const running = runControllers([controller], { client, clock, drain: 3000 })
  await running.ready
  await settled(() => begun === 1)
  const stopped = running.stop()
  await settled(() => clock.nextTimer !== undefined)
  assert.equal(aborted, false)
  clock.advance(3000)
  await stopped
  assert.deepEqual([begun, aborted], [1, true])
})
