import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Deployment, Pod, PodDisruptionBudget, type ReplicaSet } from '@treeline/api'
import { ControllerFixture, FakeClock } from '@treeline/client/testing'
import { change, deployment, ownedBy, pod, replicaSet, world } from '../testing/objects.js'
import { disruptionControllers } from './index.js'

const owner = deployment('web', { replicas: 4 })
const set = replicaSet('web-1', { replicas: 3 }, { ownerReferences: [ownedBy(owner)] })
const members = (count: number, ready = count) =>
  Array.from({ length: count }, (_, index) => pod(`p${index}`, { owner: set, ready: index < ready }))

function setup(spec: PodDisruptionBudget['spec'], objects: (Pod | ReplicaSet | Deployment)[], status?: PodDisruptionBudget['status']) {
  const clock = new FakeClock('2026-01-01T00:00:00Z')
  const budget: PodDisruptionBudget = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { namespace: 'a', name: 'b', uid: 'b', generation: 1 },
    spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
    ...(status && { status }),
  }
  const fixture = new ControllerFixture(disruptionControllers()[0]!, { objects: [budget, ...objects], clock })
  const result = () => {
    const { currentHealthy, desiredHealthy, expectedPods, disruptionsAllowed, conditions } = world(fixture, PodDisruptionBudget)[0]!.status!
    return [currentHealthy, desiredHealthy, expectedPods, disruptionsAllowed, conditions?.[0]?.reason]
  }
  return { fixture, clock, result, current: () => world(fixture, PodDisruptionBudget)[0]! }
}

test('a number that must be available is held against the pods there are', async () => {
  const { fixture, result } = setup({ minAvailable: 2 }, members(3))
  await fixture.settle()
  assert.deepEqual(result(), [3, 2, 3, 1, 'SufficientPods'])
})

test('a share is that of what the controllers of the pods want, rounded up', async () => {
  const { fixture, result } = setup({ minAvailable: '60%' }, [owner, set, ...members(4, 3)])
  await fixture.settle()
  assert.deepEqual(result(), [3, 3, 4, 0, 'InsufficientPods'])
})

test('so is what may be missing', async () => {
  const { fixture, result } = setup({ maxUnavailable: 1 }, [owner, set, ...members(4)])
  await fixture.settle()
  assert.deepEqual(result(), [4, 3, 4, 1, 'SufficientPods'])
})

test('pods that nobody controls do not count towards a share, and that is told', async () => {
  const { fixture, result } = setup({ maxUnavailable: 1 }, [pod('alone', { ready: true })])
  await fixture.settle()
  assert.deepEqual(result(), [1, 0, 0, 0, 'InsufficientPods'])
  assert.equal(fixture.events[0]?.reason, 'UnmanagedPods')
})

test('without pods nothing may be disrupted, and that is told', async () => {
  const { fixture, result } = setup({ minAvailable: 1 }, [])
  await fixture.settle()
  assert.deepEqual([result()[3], fixture.events[0]?.message], [0, 'No matching pods found'])
})

test('an evicted pod does not count as healthy until it is seen to stay', async () => {
  const { fixture, clock, result, current } = setup({ minAvailable: 1 }, members(2), {
    disruptionsAllowed: 0,
    currentHealthy: 2,
    desiredHealthy: 1,
    expectedPods: 2,
    disruptedPods: { p0: '2026-01-01T00:00:00Z' },
  })
  await fixture.settle()
  assert.deepEqual([result()[0], current().status?.disruptedPods], [1, { p0: '2026-01-01T00:00:00Z' }])
  clock.advance(121_000)
  await fixture.settle()
  assert.deepEqual([result()[0], current().status?.disruptedPods, fixture.events.at(-1)?.reason], [2, undefined, 'NotDeleted'])
})

test('when it cannot be found out how many there should be, nothing may be disrupted', async () => {
  const stray = { ...set, metadata: { ...set.metadata, name: 'unknown', uid: 'unknown' } }
  const { fixture, current } = setup({ maxUnavailable: 1 }, [pod('p', { owner: stray, ready: true })])
  await assert.rejects(fixture.reconcile('a/b'))
  const [condition] = current().status?.conditions ?? []
  assert.deepEqual([current().status?.disruptionsAllowed, condition?.reason], [0, 'SyncFailed'])
})

test('the mark of a disruption that did not come is taken back after two minutes', async () => {
  const marked = pod('p', { ready: true })
  marked.status!.conditions!.push({
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'EvictionByEvictionAPI',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  })
  const fixture = new ControllerFixture(disruptionControllers()[1]!, { objects: [marked], clock: new FakeClock('2026-01-01T00:00:00Z') })
  await fixture.settle({ wait: 119_000 })
  assert.deepEqual(fixture.takeWrites(), [])
  await fixture.settle({ wait: 2000 })
  const condition = world(fixture, Pod)[0]?.status?.conditions?.find(({ type }) => type === 'DisruptionTarget')
  assert.deepEqual([condition?.status, condition?.reason], ['False', undefined])
})

test('a change of a pod wakes the budgets that select it, or did', async () => {
  const { fixture } = setup({ minAvailable: 1 }, members(1))
  await fixture.settle()
  change(fixture, world(fixture, Pod)[0]!, (copy) => (copy.metadata.labels = { app: 'other' }))
  fixture.sync()
  assert.deepEqual(fixture.queued, ['a/b'])
})
