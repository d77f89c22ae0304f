import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Node, Pod, type Taint, type Toleration } from '@treeline/api'
import { ControllerFixture, FakeClock } from '@treeline/client/testing'
import { stayWith, tolerates } from '../nodes/tolerations.js'
import { change, node, pod, world } from '../testing/objects.js'
import { taintEvictionController } from './index.js'

const taint: Taint = { key: 'k', value: 'v', effect: 'NoExecute', timeAdded: '2026-01-01T00:00:00Z' }

const matches: readonly [Toleration, boolean][] = [
  [{ key: 'k', operator: 'Equal', value: 'v' }, true],
  [{ key: 'k', value: 'w' }, false],
  [{ key: 'k', operator: 'Exists' }, true],
  [{ operator: 'Exists' }, true],
  [{ key: 'other', operator: 'Exists' }, false],
  [{ key: 'k', operator: 'Exists', effect: 'NoSchedule' }, false],
]

test('a toleration bears with a taint by key, operator, value and effect', () => {
  for (const [toleration, expected] of matches) assert.equal(tolerates(toleration, taint), expected, JSON.stringify(toleration))
  assert.equal(tolerates({ key: 'k', operator: 'Gt', value: '5' }, { ...taint, value: '7' }), true)
  assert.equal(tolerates({ key: 'k', operator: 'Lt', value: '5' }, { ...taint, value: '7' }), false)
})

test('the shortest toleration that is needed counts', () => {
  const other: Taint = { key: 'l', effect: 'NoExecute' }
  assert.deepEqual(stayWith([], []), { kind: 'forever' })
  assert.deepEqual(stayWith([taint], []), { kind: 'none' })
  assert.deepEqual(
    stayWith(
      [taint, other],
      [
        { key: 'k', operator: 'Exists', tolerationSeconds: 9 },
        { key: 'l', operator: 'Exists', tolerationSeconds: 5 },
      ],
    ),
    { kind: 'limited', seconds: 5 },
  )
  assert.deepEqual(stayWith([taint], [{ key: 'k', operator: 'Exists', tolerationSeconds: 0 }]), { kind: 'none' })
})

function setup(tolerations: Toleration[], taints: Taint[] = []) {
  const clock = new FakeClock('2026-01-01T00:00:00Z')
  const fixture = new ControllerFixture(taintEvictionController(clock), {
    objects: [node('n', { taints }), pod('p', { ready: true, node: 'n', spec: { tolerations } })],
    clock,
  })
  const setTaints = (next: Taint[]) => change(fixture, world(fixture, Node)[0]!, (copy) => (copy.spec = { taints: next }))
  return { fixture, clock, setTaints, left: () => world(fixture, Pod).length }
}

test('a pod that does not bear with a taint goes at once, marked as disrupted', async () => {
  const { fixture, setTaints, left } = setup([])
  await fixture.settle()
  assert.equal(left(), 1)
  setTaints([taint])
  await fixture.settle()
  assert.equal(left(), 0)
  const [patch] = fixture.client.writes
  const [condition] = (patch!.patch!.body as { status: { conditions: object[] } }).status.conditions
  assert.deepEqual(
    { ...condition, observedGeneration: 1 },
    {
      type: 'DisruptionTarget',
      status: 'True',
      observedGeneration: 1,
      lastTransitionTime: '2026-01-01T00:00:00Z',
      reason: 'DeletionByTaintManager',
      message: 'Taint manager: deleting due to NoExecute taint',
    },
  )
  assert.deepEqual(fixture.events, [
    { about: 'Pod a/p', type: 'Normal', reason: 'TaintManagerEviction', message: 'Marking for deletion Pod a/p' },
  ])
})

test('one that bears with it for a time goes when that is over, counted from the taint on', async () => {
  const { fixture, clock, left, setTaints } = setup([{ key: 'k', operator: 'Exists', tolerationSeconds: 300 }])
  clock.advance(100_000)
  setTaints([taint])
  await fixture.settle({ wait: 199_000 })
  assert.equal(left(), 1)
  await fixture.settle({ wait: 2000 })
  assert.equal(left(), 0)
})

test('a taint that goes in time saves the pod, and that is told', async () => {
  const { fixture, left, setTaints } = setup([{ key: 'k', operator: 'Exists', tolerationSeconds: 300 }], [taint])
  await fixture.settle({ wait: 100_000 })
  setTaints([])
  await fixture.settle({ wait: 400_000 })
  assert.deepEqual([left(), fixture.events.map(({ message }) => message)], [1, ['Cancelling deletion of Pod a/p']])
})
