import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Lease, Node, Pod } from '@treeline/api'
import { ControllerFixture, FakeClock } from '@treeline/client/testing'
import { change, node, pod, world } from '../testing/objects.js'
import { nodeMonitor } from './node-monitor.js'
import { nodeTaintsController } from './node-taints.js'
import { unreadyPodsController } from './unready-pods.js'
import { ZoneQueue, zoneRate, zoneState } from './zones.js'

const lease = (name: string, renewTime: string): Lease => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { namespace: 'kube-node-lease', name, uid: `lease of ${name}` },
  spec: { renewTime },
})

function setup(...objects: (Node | Lease | Pod)[]) {
  const clock = new FakeClock('2026-01-01T00:00:00Z')
  const fixture = new ControllerFixture(nodeMonitor(clock), { objects, clock })
  fixture.enqueueAgain('monitor')
  const nodes = () => world(fixture, Node)
  const taints = () =>
    nodes().map(({ spec }) => (spec?.taints ?? []).map(({ key, effect }) => `${key.replace('node.kubernetes.io/', '')}:${effect}`).join())
  const ready = () => nodes().map(({ status }) => status?.conditions?.find(({ type }) => type === 'Ready')?.status)
  /** Nodes that tell they live, every 10 s of the time that passes. */
  const live = async (seconds: number, names: readonly string[]) => {
    for (let passed = 0; passed < seconds; passed += 10) {
      for (const name of names) {
        const known = fixture.client.all().find((object) => object.kind === 'Lease' && object.metadata.name === name) as Lease | undefined
        fixture.client.put({ ...(known ?? lease(name, '')), spec: { renewTime: new Date(clock.now()).toISOString() } })
      }
      await fixture.settle({ wait: 10_000 })
    }
  }
  return { fixture, clock, nodes, taints, ready, live }
}

test('a node that renews its lease stays ready, one that went silent is Unknown after 50 s and tainted soon after', async () => {
  const { ready, live, nodes, taints, fixture } = setup(node('n1'), node('n2'), node('n3'))
  await live(50, ['n1', 'n2'])
  assert.deepEqual(ready(), ['True', 'True', 'True'])
  await live(20, ['n1', 'n2'])
  assert.deepEqual(ready(), ['True', 'True', 'Unknown'])
  assert.deepEqual(taints(), ['', '', 'unreachable:NoExecute'])
  const { conditions } = nodes()[2]!.status!
  assert.deepEqual(
    conditions?.map(({ type, reason }) => `${type} ${reason}`),
    [
      'Ready NodeStatusUnknown',
      'MemoryPressure NodeStatusNeverUpdated',
      'DiskPressure NodeStatusNeverUpdated',
      'PIDPressure NodeStatusNeverUpdated',
    ],
  )
  assert.deepEqual(fixture.events.at(-1), {
    about: 'Node n3',
    type: 'Normal',
    reason: 'NodeNotReady',
    message: 'Node n3 status is now: NodeNotReady',
  })
})

test('a node that comes back loses its taint; one that says it is not ready has its taint changed', async () => {
  const { fixture, live, nodes, taints } = setup(node('n1'), node('n2'), node('n3'))
  await live(70, ['n1', 'n2'])
  const say = (status: 'True' | 'False', time: string) =>
    change(
      fixture,
      nodes()[2]!,
      (copy) => (copy.status!.conditions = [{ type: 'Ready', status, lastHeartbeatTime: time, lastTransitionTime: time }]),
    )
  say('False', '2026-01-01T00:01:10Z')
  await live(10, ['n1', 'n2', 'n3'])
  assert.deepEqual(taints()[2], 'not-ready:NoExecute')
  say('True', '2026-01-01T00:01:20Z')
  await live(10, ['n1', 'n2', 'n3'])
  assert.deepEqual(taints()[2], '')
})

test('when all nodes went silent nothing is tainted: it is more likely that this process is cut off', async () => {
  const { ready, live, taints } = setup(node('n1'), node('n2'))
  await live(80, [])
  assert.deepEqual(
    [ready(), taints()],
    [
      ['Unknown', 'Unknown'],
      ['', ''],
    ],
  )
})

test('of many silent nodes of a zone one is tainted in ten seconds', async () => {
  const { live, taints } = setup(...['n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7'].map((name) => node(name)))
  const tainted = () => taints().filter((taint) => taint !== '').length
  await live(60, ['n1', 'n2', 'n3', 'n4'])
  const first = tainted()
  await live(10, ['n1', 'n2', 'n3', 'n4'])
  assert.deepEqual([first, tainted()], [1, 2])
})

test('a zone of which more than half is down is disrupted; a small one is then not tainted at all', () => {
  const rates = { rate: 0.1, secondaryRate: 0.01, largeZone: 50, unhealthyShare: 0.55 }
  assert.deepEqual(
    [zoneState(3, 2, rates), zoneState(3, 4, rates), zoneState(0, 1, rates), zoneState(0, 0, rates)],
    ['Normal', 'PartialDisruption', 'FullDisruption', 'Normal'],
  )
  assert.deepEqual(
    [zoneRate('PartialDisruption', 50, rates), zoneRate('PartialDisruption', 51, rates), zoneRate('FullDisruption', 9, rates)],
    [0, 0.01, 0.1],
  )
  const clock = new FakeClock(0)
  const queue = new ZoneQueue(clock, 0.1)
  queue.add('a')
  queue.add('b')
  assert.deepEqual([queue.take(), queue.take()], ['a', undefined])
  clock.advance(10_000)
  queue.setRate(0)
  assert.equal(queue.take(), undefined)
  queue.setRate(0.1)
  assert.equal(queue.take(), 'b')
})

test('NoSchedule taints say what the conditions say; those of others stay', async () => {
  const sick = node('n', {
    ready: 'False',
    taints: [
      { key: 'mine', effect: 'NoSchedule' },
      { key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' },
    ],
  })
  sick.spec!.unschedulable = true
  sick.metadata.labels = { 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'arm64' }
  const fixture = new ControllerFixture(nodeTaintsController(), { objects: [sick], clock: new FakeClock('2026-01-01T00:00:00Z') })
  await fixture.settle()
  const [after] = world(fixture, Node)
  assert.deepEqual(after?.spec?.taints, [
    { key: 'mine', effect: 'NoSchedule' },
    { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule', timeAdded: '2026-01-01T00:00:00Z' },
    { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded: '2026-01-01T00:00:00Z' },
  ])
  assert.equal(after?.metadata.labels?.['beta.kubernetes.io/arch'], 'arm64')
})

test('pods on a node that is not ready are not ready either, and told so', async () => {
  const fixture = new ControllerFixture(unreadyPodsController(), {
    objects: [node('n'), pod('p', { ready: true, node: 'n' }), pod('q', { ready: true, node: 'other' })],
  })
  await fixture.settle()
  assert.deepEqual(fixture.takeWrites(), [])
  change(fixture, world(fixture, Node)[0]!, (copy) => (copy.status!.conditions![0]!.status = 'Unknown'))
  await fixture.settle()
  const ready = world(fixture, Pod).map(({ status }) => status?.conditions?.[0]?.status)
  assert.deepEqual(ready, ['False', 'True'])
  assert.deepEqual(fixture.events, [{ about: 'Pod a/p', type: 'Warning', reason: 'NodeNotReady', message: 'Node is not ready' }])
})
