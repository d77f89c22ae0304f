import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Node, Pod } from '@treeline/api'
import { ControllerFixture, FakeClock } from '@treeline/client/testing'
import { node, pod, world } from '../testing/objects.js'
import { podGarbageCollector } from './index.js'

function setup(objects: (Pod | Node)[], terminatedPodThreshold = 12_500) {
  const clock = new FakeClock('2026-01-01T01:00:00Z')
  const fixture = new ControllerFixture(podGarbageCollector({ terminatedPodThreshold }), { objects, clock })
  fixture.enqueueAgain('sweep')
  return { fixture, names: () => world(fixture, Pod).map(({ metadata }) => metadata.name) }
}

test('beyond the threshold finished pods go, evicted ones first, then the oldest', async () => {
  const ended = (name: string, hour: string, reason?: string) =>
    pod(name, {
      phase: 'Failed',
      metadata: { creationTimestamp: `2026-01-01T${hour}:00:00Z` },
      status: { phase: 'Failed', ...(reason && { reason }) },
    })
  const { fixture, names } = setup(
    [
      ended('old', '01'),
      ended('new', '03'),
      ended('middle', '02'),
      ended('evicted', '09', 'Evicted'),
      pod('runs', { ready: true, node: 'n' }),
      node('n'),
    ],
    2,
  )
  await fixture.settle()
  assert.deepEqual(names(), ['middle', 'new', 'runs'])
})

test('pods of a node that is gone fail and go after 40 s, if the server does not know it either', async () => {
  const { fixture, names } = setup([pod('p', { ready: true, node: 'gone' })])
  await fixture.settle({ wait: 39_000 })
  assert.deepEqual(names(), ['p'])
  await fixture.settle({ wait: 2000 })
  assert.deepEqual(names(), [])
  const [patch, deletion] = fixture.client.writes
  const { status } = patch!.patch!.body as { status: { phase: string; conditions: { reason: string; message: string }[] } }
  assert.deepEqual(
    [status.phase, status.conditions[0]?.reason, status.conditions[0]?.message],
    ['Failed', 'DeletionByPodGC', 'PodGC: node no longer exists'],
  )
  assert.equal(deletion?.options?.gracePeriodSeconds, 0)
})

test('what is to go but has no node, or one out of service, is helped along', async () => {
  const deletionTimestamp = '2026-01-01T00:59:00Z'
  const { fixture, names } = setup([
    pod('unscheduled', { metadata: { deletionTimestamp } }),
    pod('stuck', { ready: true, node: 'dead', metadata: { deletionTimestamp } }),
    pod('ending', { ready: true, node: 'alive', metadata: { deletionTimestamp } }),
    node('dead', { ready: 'Unknown', taints: [{ key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' }] }),
    node('alive'),
  ])
  await fixture.settle()
  assert.deepEqual(names(), ['ending'])
})
