import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BackOff } from './back-off.js'

test('the first restart is immediate, then the delays double up to the limit', () => {
  const backOff = new BackOff(10_000, 300_000)
  const delays: number[] = []
  let now = 0
  for (let crash = 0; crash < 8; crash++) {
    const until = backOff.blockedUntil('k', now, now)
    delays.push((until ?? now) - now)
    now = until ?? now
    backOff.raise('k', now)
    now += 1_000
  }
  assert.deepEqual(delays, [0, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000])
})

test('a long good run forgets the delay', () => {
  const backOff = new BackOff(10_000, 300_000)
  backOff.raise('k', 0)
  backOff.raise('k', 5_000)
  assert.equal(backOff.delay('k'), 20_000)
  assert.equal(backOff.blockedUntil('k', 700_000, 700_000), undefined)
  backOff.raise('k', 700_000)
  assert.equal(backOff.delay('k'), 10_000)
})

test('keys are forgotten by prefix', () => {
  const backOff = new BackOff(1, 10)
  backOff.raise('pod1/a', 0)
  backOff.raise('pod2/a', 0)
  backOff.forget('pod1/')
  assert.deepEqual([backOff.delay('pod1/a'), backOff.delay('pod2/a')], [0, 1])
})
