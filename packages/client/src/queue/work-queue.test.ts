import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FakeClock } from '../testing/fake-clock.js'
import { DelayedItems } from './delayed-items.js'
import { RateLimiter } from './rate-limiter.js'
import { WorkQueue } from './work-queue.js'

test('a key waits once, however often it is added', async () => {
  const queue = new WorkQueue(new FakeClock())
  assert.deepEqual([queue.add('a'), queue.add('b'), queue.add('a')], [true, true, false])
  assert.equal(queue.depth, 2)
  assert.deepEqual([await queue.take(), await queue.take()], ['a', 'b'])
})

test('a key added while worked on comes again when that work is done, not before', async () => {
  const queue = new WorkQueue(new FakeClock())
  queue.add('a')
  await queue.take()
  queue.add('a')
  assert.equal(queue.depth, 0)
  queue.done('a')
  assert.equal(await queue.take(), 'a')
  queue.done('a')
  assert.equal(queue.idle, true)
})

test('a taker that waits gets the next key; all get undefined when the queue closes', async () => {
  const queue = new WorkQueue(new FakeClock())
  const first = queue.take()
  const second = queue.take()
  queue.add('a')
  assert.equal(await first, 'a')
  queue.close()
  assert.equal(await second, undefined)
  assert.equal(await queue.take(), undefined)
  assert.equal(queue.add('b'), false)
})

test('a failed key comes back after 5, 10, 20 ms, and at once counts anew after success', async () => {
  const clock = new FakeClock()
  const queue = new WorkQueue(clock)
  assert.deepEqual([queue.addRateLimited('a'), queue.addRateLimited('a'), queue.addRateLimited('a')], [5, 10, 20])
  assert.equal(queue.depth, 0)
  clock.advance(5)
  assert.equal(queue.depth, 1)
  queue.forget('a')
  assert.equal(queue.addRateLimited('a'), 5)
})

test('retries of all keys together are limited to a burst of 100 and 10 a second', () => {
  const clock = new FakeClock()
  const limiter = new RateLimiter(clock)
  const delays = Array.from({ length: 102 }, (_, index) => limiter.delay(`key ${index}`))
  assert.deepEqual(delays.slice(99), [5, 100, 200])
  clock.advance(10_000)
  assert.equal(limiter.delay('later'), 5)
})

test('the delay of one key stops growing at 1,000 s', () => {
  const clock = new FakeClock()
  const limiter = new RateLimiter(clock)
  let delay = 0
  for (let failure = 0; failure < 40; failure++) {
    delay = limiter.delay('a')
    clock.advance(1_000_000)
  }
  assert.equal(delay, 1_000_000)
})

test('delayed items become due at their earliest time, in order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 0, max: 50 })), { maxLength: 30 }),
      (entries) => {
        const clock = new FakeClock(0)
        const due: string[] = []
        const items = new DelayedItems(clock, (item) => due.push(`${clock.now()} ${item}`))
        const earliest = new Map<string, number>()
        for (const [item, delay] of entries) {
          items.add(item, delay)
          earliest.set(item, Math.min(delay, earliest.get(item) ?? Number.POSITIVE_INFINITY))
        }
        for (let step = 0; step <= 50; step++) {
          clock.advance(step === 0 ? 0 : 1)
        }
        const expected = [...earliest].map(([item, at]) => `${at} ${item}`)
        assert.deepEqual([...due].sort(), expected.sort())
        assert.deepEqual(
          due.map((entry) => Number(entry.split(' ')[0])),
          [...due.map((entry) => Number(entry.split(' ')[0]))].sort((a, b) => a - b),
        )
        assert.equal(items.size, 0)
      },
    ),
  )
})
