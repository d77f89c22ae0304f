import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DaemonSet, type Node, Pod } from '@treeline/api'
import { ControllerFixture, FakeClock } from '@treeline/client/testing'
import { change, daemonSet, node, template, world } from '../testing/objects.js'
import { nodeOfPod } from './daemon-pod.js'
import { daemonSetController } from './index.js'

function setup(set: DaemonSet, ...nodes: Node[]) {
  const clock = new FakeClock('2026-01-01T00:00:00Z')
  const fixture = new ControllerFixture(daemonSetController(clock), { objects: [set, ...nodes], clock })
  const pods = () => world(fixture, Pod)
  const on = () =>
    pods()
      .filter(({ metadata }) => !metadata.deletionTimestamp)
      .map((pod) => nodeOfPod(pod))
      .sort()
  const current = () => world(fixture, DaemonSet)[0]!
  const schedule = () => {
    for (const pod of pods()) {
      if (pod.spec?.nodeName) continue
      change(fixture, pod, (copy) => {
        copy.spec!.nodeName = nodeOfPod(copy)
        copy.status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }] }
      })
    }
  }
  const converge = async () => {
    for (let round = 0; round < 12; round++) {
      await fixture.settle()
      schedule()
    }
    await fixture.settle()
  }
  const images = () => pods().map(({ spec }) => spec?.containers[0]?.image)
  return { fixture, clock, pods, on, current, converge, schedule, images }
}

test('one pod on every node that suits, bound there by affinity, bearing with nodes in trouble', async () => {
  const spec = template('one')
  spec.spec!.nodeSelector = { disk: 'ssd' }
  const { fixture, on, pods, current } = setup(
    daemonSet('agent', { template: spec }),
    node('n1', { labels: { disk: 'ssd' } }),
    node('n2'),
    node('n3', { labels: { disk: 'ssd' }, taints: [{ key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' }] }),
    node('n4', { labels: { disk: 'ssd' }, taints: [{ key: 'special', effect: 'NoSchedule' }] }),
  )
  await fixture.settle()
  assert.deepEqual(on(), ['n1', 'n3'])
  const pod = pods()[0]!.spec!
  assert.equal(
    pod.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0]?.matchFields?.[0]?.key,
    'metadata.name',
  )
  assert.equal(pod.tolerations?.length, 6)
  await fixture.settle()
  assert.deepEqual(
    [current().status?.desiredNumberScheduled, current().status?.currentNumberScheduled, current().status?.numberUnavailable],
    [2, 2, 2],
  )
})

test('a node that no longer suits loses its pod; a NoSchedule taint does not drive it out, NoExecute does', async () => {
  const { fixture, converge, on, current } = setup(daemonSet('agent'), node('n1'), node('n2'))
  await converge()
  const taint = (name: string, effect: 'NoSchedule' | 'NoExecute') =>
    change(
      fixture,
      fixture.client.all().find(({ metadata }) => metadata.name === name) as Node,
      (copy) => (copy.spec = { taints: [{ key: 'x', effect }] }),
    )
  taint('n1', 'NoSchedule')
  fixture.sync()
  await fixture.reconcile('a/agent')
  await fixture.settle()
  assert.deepEqual([on(), current().status?.numberMisscheduled], [['n1', 'n2'], 1])
  taint('n1', 'NoExecute')
  await fixture.settle()
  assert.deepEqual(on(), ['n2'])
})

test('a new template is rolled out as far as pods may be missing', async () => {
  const { fixture, converge, current, images, pods } = setup(daemonSet('agent'), node('n1'), node('n2'), node('n3'))
  await converge()
  change(fixture, current(), (copy) => {
    copy.spec!.template = template('two')
    copy.metadata.generation = 2
  })
  await fixture.settle()
  assert.equal(pods().filter(({ spec }) => spec?.containers[0]?.image === 'one').length, 2)
  await converge()
  assert.deepEqual(images(), ['two', 'two', 'two'])
  assert.equal(current().status?.updatedNumberScheduled, 3)
})

test('with surge the new pod comes first, and the old one goes when it is available', async () => {
  const set = daemonSet('agent', { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } })
  const { fixture, converge, current, images, schedule } = setup(set, node('n1'))
  await converge()
  change(fixture, current(), (copy) => (copy.spec!.template = template('two')))
  await fixture.settle()
  assert.deepEqual(images().sort(), ['one', 'two'])
  schedule()
  await fixture.settle()
  assert.deepEqual(images(), ['two'])
})

test('OnDelete replaces only what others delete', async () => {
  const { fixture, converge, current, images, pods } = setup(daemonSet('agent', { updateStrategy: { type: 'OnDelete' } }), node('n1'))
  await converge()
  change(fixture, current(), (copy) => (copy.spec!.template = template('two')))
  await converge()
  assert.deepEqual(images(), ['one'])
  fixture.client.drop(pods()[0]!)
  await converge()
  assert.deepEqual(images(), ['two'])
})

test('a failed pod is replaced after a pause that grows', async () => {
  const { fixture, clock, converge, pods } = setup(daemonSet('agent'), node('n1'))
  await converge()
  const fail = () => change(fixture, pods()[0]!, (copy) => (copy.status = { phase: 'Failed' }))
  const uid = () => pods()[0]!.metadata.uid
  const first = uid()
  fail()
  await converge()
  const second = uid()
  assert.notEqual(second, first)
  assert.equal(fixture.events.find(({ reason }) => reason === 'FailedDaemonPod')?.type, 'Warning')
  fail()
  await fixture.settle()
  assert.equal(uid(), second)
  clock.advance(1000)
  await converge()
  assert.notEqual(uid(), second)
})

test('of several pods on a node the oldest stays', async () => {
  const { fixture, converge, pods } = setup(daemonSet('agent'), node('n1'))
  await converge()
  const [pod] = pods()
  fixture.client.put({
    ...structuredClone(pod!),
    metadata: { ...pod!.metadata, name: 'agent-later', uid: 'later', creationTimestamp: '2027-01-01T00:00:00Z' },
  })
  await converge()
  assert.deepEqual(
    pods().map(({ metadata }) => metadata.name),
    [pod!.metadata.name],
  )
})
