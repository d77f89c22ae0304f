import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterOf, defaultProfile, fit, nodeOf, podOf, requesting } from '../fixture.test-support.js'
import { preempt } from '../preemption/preempt.js'
import { chooseNode } from './choose.js'
import { failureText } from './failure-text.js'
import { nodesToFind } from './feasible.js'

const first = (): number => 0.999

test('the emptier node wins', () => {
  const cluster = clusterOf([nodeOf('a'), nodeOf('b')], [podOf('x', { ...requesting('2'), nodeName: 'a' })])
  const { cycle, found } = fit(cluster, podOf('p', requesting('1')))
  assert.equal(chooseNode(cycle, defaultProfile, found.nodes, first)?.name, 'b')
})

test('a soft taint, preferred affinity and an image already there decide between equals', () => {
  const soft = clusterOf([nodeOf('a', { taints: [{ key: 'k', effect: 'PreferNoSchedule' }] }), nodeOf('b')])
  const plain = fit(soft, podOf('p'))
  assert.equal(chooseNode(plain.cycle, defaultProfile, plain.found.nodes, first)?.name, 'b')

  const labelled = clusterOf([nodeOf('a'), nodeOf('b', { labels: { disk: 'ssd' } })])
  const preferring = podOf('p', {
    affinity: {
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 10, preference: { matchExpressions: [{ key: 'disk', operator: 'Exists' }] } },
        ],
      },
    },
  })
  const wants = fit(labelled, preferring)
  assert.equal(chooseNode(wants.cycle, defaultProfile, wants.found.nodes, first)?.name, 'b')

  const stocked = clusterOf([nodeOf('a'), nodeOf('b', { images: [{ names: ['i:latest'], sizeBytes: 900_000_000 }] })])
  const pulls = fit(stocked, podOf('p'))
  assert.equal(chooseNode(pulls.cycle, defaultProfile, pulls.found.nodes, first)?.name, 'b')
})

test('the text of a failure counts reasons and sorts them, counts included', () => {
  const nodes = [nodeOf('a', { cpu: '1' }), nodeOf('b', { cpu: '1' }), nodeOf('c', { taints: [{ key: 'k', effect: 'NoSchedule' }] })]
  const { found } = fit(clusterOf(nodes), podOf('p', requesting('2')))
  assert.equal(
    failureText(found.diagnosis, 'preemption: none.'),
    '0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. preemption: none.',
  )
})

test('large clusters are searched in part', () => {
  assert.deepEqual(
    [50, 100, 1000, 5000, 6000].map((count) => nodesToFind(count, 0)),
    [50, 100, 420, 500, 300],
  )
  assert.equal(nodesToFind(1000, 70), 700)
})

test('preemption takes the fewest and least important, and leaves the cluster as it was', () => {
  const pods = [
    podOf('low', { ...requesting('3'), nodeName: 'a', priority: 1 }),
    podOf('high', { ...requesting('1'), nodeName: 'a', priority: 5 }),
    podOf('mid', { ...requesting('4'), nodeName: 'b', priority: 5 }),
  ]
  const cluster = clusterOf([nodeOf('a'), nodeOf('b')], pods)
  const { cycle, found } = fit(cluster, podOf('p', { ...requesting('2'), priority: 10 }))
  assert.deepEqual(found.nodes, [])
  const before = cycle.cluster.nodes.map((node) => ({ ...node.requested }))
  const result = preempt(cycle, defaultProfile, found.diagnosis, [], () => 0)
  assert.ok('candidate' in result)
  assert.equal(result.candidate.node.name, 'a')
  assert.deepEqual(
    result.candidate.victims.map((victim) => victim.pod.metadata.name),
    ['low'],
  )
  assert.deepEqual(
    cycle.cluster.nodes.map((node) => ({ ...node.requested })),
    before,
  )
})

test('preemption spares what a budget protects', () => {
  const pods = [
    podOf('guarded', { ...requesting('4'), nodeName: 'a', priority: 1 }, { labels: { app: 'db' } }),
    podOf('free', { ...requesting('4'), nodeName: 'b', priority: 2 }),
  ]
  const budget = {
    metadata: { name: 'b', namespace: 'default' },
    spec: { selector: { matchLabels: { app: 'db' } } },
    status: { disruptionsAllowed: 0 },
  }
  const { cycle, found } = fit(clusterOf([nodeOf('a'), nodeOf('b')], pods), podOf('p', { ...requesting('1'), priority: 10 }))
  const result = preempt(cycle, defaultProfile, found.diagnosis, [budget as never], () => 0)
  assert.ok('candidate' in result)
  assert.deepEqual([result.candidate.node.name, result.candidate.budgetViolations], ['b', 0])
})

test('preemption says why it does not help', () => {
  const { cycle, found } = fit(
    clusterOf([nodeOf('a', { cpu: '1' }), nodeOf('b', { taints: [{ key: 'k', effect: 'NoSchedule' }] })]),
    podOf('p', requesting('2')),
  )
  assert.deepEqual(
    preempt(cycle, defaultProfile, found.diagnosis, [], () => 0),
    {
      message: '0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
    },
  )
  const never = fit(clusterOf([nodeOf('a', { pods: '0' })]), podOf('p', { preemptionPolicy: 'Never' }))
  assert.deepEqual(
    preempt(never.cycle, defaultProfile, never.found.diagnosis, [], () => 0),
    { message: 'not eligible due to preemptionPolicy=Never.' },
  )
})
