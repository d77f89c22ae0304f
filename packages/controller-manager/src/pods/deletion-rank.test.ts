import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@treeline/api'
import { pod } from '../testing/objects.js'
import { compareForDeletion, type RankedPod } from './deletion-rank.js'

const now = Date.parse('2026-01-02T00:00:00Z')
const assigned = { node: 'n' }
const ready = { ...assigned, ready: true }
const restarted = (restartCount: number): Pod['status'] => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }],
  containerStatuses: [{ name: 'c', restartCount, ready: true, image: '', imageID: '' }],
})
const cost = (value: string) => ({ annotations: { 'controller.kubernetes.io/pod-deletion-cost': value } })

/** Pairs in which the first is to be deleted before the second. */
const pairs: readonly [string, RankedPod, RankedPod][] = [
  ['without a node', { pod: pod('a', { ready: true }), neighbours: 0 }, { pod: pod('b', { ...assigned }), neighbours: 0 }],
  ['pending', { pod: pod('a', { ...assigned }), neighbours: 0 }, { pod: pod('b', { ...assigned, ready: false }), neighbours: 0 }],
  ['not ready', { pod: pod('a', { ...assigned, ready: false }), neighbours: 0 }, { pod: pod('b', ready), neighbours: 9 }],
  [
    'cheaper',
    { pod: pod('a', { ...ready, metadata: cost('-5') }), neighbours: 0 },
    { pod: pod('b', { ...ready, metadata: cost('3') }), neighbours: 9 },
  ],
  [
    'a nonsense cost is none',
    { pod: pod('a', { ...ready, metadata: cost('-1') }), neighbours: 0 },
    { pod: pod('b', { ...ready, metadata: cost('+7') }), neighbours: 0 },
  ],
  ['more neighbours', { pod: pod('a', ready), neighbours: 2 }, { pod: pod('b', ready), neighbours: 1 }],
  [
    'ready for a shorter time',
    { pod: pod('a', { ...assigned, ready: '2026-01-01T23:59:00Z' }), neighbours: 0 },
    { pod: pod('b', ready), neighbours: 0 },
  ],
  [
    'more restarts',
    { pod: pod('a', { ...ready, status: restarted(3) }), neighbours: 0 },
    { pod: pod('b', { ...ready, status: restarted(1) }), neighbours: 0 },
  ],
  [
    'newer',
    { pod: pod('a', { ...ready, metadata: { creationTimestamp: '2026-01-01T23:00:00Z' } }), neighbours: 0 },
    { pod: pod('b', { ...ready, metadata: { creationTimestamp: '2026-01-01T00:00:00Z' } }), neighbours: 0 },
  ],
]

for (const [what, first, second] of pairs) {
  test(`deleted first: ${what}`, () => {
    const compare = compareForDeletion(now)
    assert.ok(compare(first, second) < 0)
    assert.ok(compare(second, first) > 0)
  })
}

test('of about the same age the uid decides, so that it is not always the newest', () => {
  const compare = compareForDeletion(now)
  const a = { pod: pod('a', { ...ready, metadata: { uid: '2', creationTimestamp: '2026-01-01T00:00:01Z' } }), neighbours: 0 }
  const b = { pod: pod('b', { ...ready, metadata: { uid: '1', creationTimestamp: '2026-01-01T00:00:00Z' } }), neighbours: 0 }
  assert.ok(compare(b, a) < 0)
})
