import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FakeClock } from '@treeline/client/testing'
import fc from 'fast-check'
import { podOf } from '../fixture.test-support.js'
import { nodeResourcesFit } from '../plugins/node-resources-fit.js'
import { schedulingGates } from '../plugins/scheduling-gates.js'
import { podInfo } from '../pods/pod-info.js'
import { Heap } from './heap.js'
import { SchedulingQueue } from './scheduling-queue.js'

test('a heap gives its items in order, whatever was pushed, replaced and deleted', () => {
  const operation = fc.record({ key: fc.integer({ min: 0, max: 20 }), value: fc.integer(), remove: fc.boolean() })
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
      const heap = new Heap<{ key: string; value: number }>(
        ({ key }) => key,
        (a, b) => a.value < b.value,
      )
      const model = new Map<string, number>()
      for (const { key, value, remove } of operations) {
        if (remove) {
          heap.delete(String(key))
          model.delete(String(key))
        } else {
          heap.push({ key: String(key), value })
          model.set(String(key), value)
        }
      }
      const popped: number[] = []
      for (let item = heap.pop(); item; item = heap.pop()) popped.push(item.value)
      assert.deepEqual(
        popped,
        [...model.values()].sort((a, b) => a - b),
      )
    }),
  )
})

function queueOf(clock = new FakeClock()): { queue: SchedulingQueue; clock: FakeClock } {
  const plugins = new Map([nodeResourcesFit, schedulingGates].map((plugin) => [plugin.name, plugin]))
  const queue = new SchedulingQueue({
    clock,
    initialBackoff: 1_000,
    maxBackoff: 10_000,
    longestWait: 300_000,
    plugin: (name) => plugins.get(name),
    gate: (pod) => (schedulingGates.preEnqueue?.(pod) ? schedulingGates.name : undefined),
  })
  return { queue, clock }
}

const pod = (name: string, spec = {}) => podInfo(podOf(name, spec))
const refusedByFit = new Set(['NodeResourcesFit'])

describe('the queue', () => {
  test('gives the most important first, then the oldest', () => {
    const { queue, clock } = queueOf()
    queue.add(pod('old'))
    clock.advance(10)
    queue.add(pod('new'))
    queue.add(pod('vip', { priority: 100 }))
    assert.deepEqual(
      [1, 2, 3].map(() => queue.takeNow()?.pod.pod.metadata.name),
      ['vip', 'old', 'new'],
    )
    queue.close()
  })

  test('keeps a refused pod until something changes that its refuser cares about', () => {
    const { queue, clock } = queueOf()
    queue.add(pod('p'))
    const tried = queue.takeNow()
    assert.ok(tried)
    queue.putBack(tried, refusedByFit)
    queue.changed({ type: 'pod-added', pod: pod('other') })
    assert.deepEqual(queue.sizes, { active: 0, backoff: 0, unschedulable: 1 })
    queue.changed({ type: 'pod-deleted', pod: pod('other') })
    clock.advance(1_000)
    assert.equal(queue.takeNow()?.pod.key, 'default/p')
    queue.close()
  })

  test('does not miss a change that came while the pod was being tried', () => {
    const { queue } = queueOf()
    queue.add(pod('p'))
    const tried = queue.takeNow()
    assert.ok(tried)
    queue.changed({ type: 'pod-deleted', pod: pod('other') })
    queue.putBack(tried, refusedByFit)
    assert.equal(queue.sizes.unschedulable, 0)
    queue.close()
  })

  test('an error waits out its back-off, doubling', () => {
    const { queue, clock } = queueOf()
    queue.add(pod('p'))
    for (const seconds of [1, 2, 4, 8, 10, 10]) {
      const tried = queue.takeNow()
      assert.ok(tried, `no pod after ${seconds} s`)
      queue.putBack(tried, new Set())
      clock.advance(seconds * 1000 - 1001)
      if (seconds > 1) assert.equal(queue.takeNow(), undefined)
      clock.advance(1001)
    }
    queue.close()
  })

  test('holds a gated pod back, uncounted, until the gates are gone', () => {
    const { queue } = queueOf()
    queue.add(pod('p', { schedulingGates: [{ name: 'example.com/g' }] }))
    assert.equal(queue.takeNow(), undefined)
    queue.add(pod('p'))
    assert.equal(queue.takeNow()?.attempts, 1)
    queue.close()
  })

  test('wakes who waits, and lets go when it closes', async () => {
    const { queue } = queueOf()
    const waiting = queue.take()
    queue.add(pod('p'))
    assert.equal((await waiting)?.pod.key, 'default/p')
    const last = queue.take()
    queue.close()
    assert.equal(await last, undefined)
  })
})
