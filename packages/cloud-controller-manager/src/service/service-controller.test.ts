import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ControllerFixture } from '@treeline/client/testing'
import { CloudError, type LoadBalancers } from '@treeline/cloud-provider'
import { contextOf, nodeOf, serviceOf } from '../fixture.test-support.js'
import { serviceController } from './service-controller.js'
import { eligibleNodes, loadBalancerFinalizer } from './wanted.js'

const spec = { type: 'LoadBalancer' as const, ports: [{ port: 80, nodePort: 30080 }] }

function recordingBalancers(failures: Error[] = []): LoadBalancers & { calls: string[]; exists: boolean } {
  const balancers = {
    calls: [] as string[],
    exists: false,
    get: async () => (balancers.exists ? { ingress: [{ ip: '1.2.3.4' }] } : undefined),
    async ensure(_service: unknown, nodes: readonly { metadata: { name?: string } }[]) {
      balancers.calls.push(`ensure ${nodes.map((node) => node.metadata.name).join(',')}`)
      const failure = failures.shift()
      if (failure) throw failure
      balancers.exists = true
      return { ingress: [{ ip: '1.2.3.4' }] }
    },
    async updateNodes(_service: unknown, nodes: readonly { metadata: { name?: string } }[]) {
      balancers.calls.push(`update ${nodes.map((node) => node.metadata.name).join(',')}`)
    },
    async delete() {
      balancers.calls.push('delete')
      balancers.exists = false
    },
  }
  return balancers as LoadBalancers & typeof balancers
}

function fixtureOf(objects: object[], loadBalancers: LoadBalancers) {
  return new ControllerFixture(serviceController({ workers: 1, loadBalancers }), {
    objects: objects as never,
    extra: contextOf({}, { loadBalancers }),
  })
}

test('the finalizer is there before the cloud is asked, status and events after', async () => {
  const balancers = recordingBalancers()
  const fixture = fixtureOf([serviceOf('web', spec), nodeOf('a')], balancers)
  await fixture.settle()
  assert.deepEqual(
    fixture.takeWrites().map(({ verb, subresource, patch }) => [verb, subresource, patch?.body]),
    [
      ['patch', 'status', { metadata: { finalizers: [loadBalancerFinalizer] } }],
      ['patch', 'status', { status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } } }],
    ],
  )
  assert.deepEqual(balancers.calls, ['ensure a'])
  assert.deepEqual(
    fixture.events.map(({ reason }) => reason),
    ['EnsuringLoadBalancer', 'EnsuredLoadBalancer'],
  )
  await fixture.reconcile('default/web')
  assert.deepEqual(balancers.calls, ['ensure a'], 'nothing changed, nothing is asked')
})

test('a new node updates only the backends', async () => {
  const balancers = recordingBalancers()
  const fixture = fixtureOf([serviceOf('web', spec), nodeOf('a')], balancers)
  await fixture.settle()
  await fixture.client.create({ group: '', version: 'v1', kind: 'Node', plural: 'nodes', scope: 'Cluster' }, nodeOf('b'))
  await fixture.settle()
  assert.deepEqual(balancers.calls, ['ensure a', 'update a,b'])
  assert.equal(fixture.events.at(-1)?.reason, 'UpdatedLoadBalancer')
})

test('a Service being deleted keeps its finalizer until the cloud has nothing left', async () => {
  const balancers = recordingBalancers()
  balancers.exists = true
  const service = serviceOf('web', spec, { finalizers: [loadBalancerFinalizer], deletionTimestamp: '2026-01-01T00:00:00Z' })
  const fixture = fixtureOf([service], balancers)
  await fixture.reconcile('default/web')
  assert.deepEqual(balancers.calls, ['delete'])
  assert.deepEqual(
    fixture.takeWrites().map(({ patch }) => patch?.body),
    [{ metadata: { '$deleteFromPrimitiveList/finalizers': [loadBalancerFinalizer] } }],
  )
  assert.deepEqual(
    fixture.events.map(({ reason }) => reason),
    ['DeletingLoadBalancer', 'DeletedLoadBalancer'],
  )
})

test('when the cloud says when to come back, that is when', async () => {
  const balancers = recordingBalancers([new CloudError('throttled', 'slow down', { retryAfter: 7_000 })])
  const fixture = fixtureOf([serviceOf('web', spec), nodeOf('a')], balancers)
  assert.deepEqual(await fixture.reconcile('default/web'), { requeueAfter: 7_000 })
  assert.equal(fixture.events.at(-1)?.message, 'Error syncing load balancer: failed to ensure load balancer: slow down')
})

test('a Service with a class is somebody else’s', async () => {
  const balancers = recordingBalancers()
  const fixture = fixtureOf([serviceOf('web', { ...spec, loadBalancerClass: 'example.com/other' }), nodeOf('a')], balancers)
  await fixture.settle()
  assert.deepEqual([balancers.calls, fixture.takeWrites(), fixture.events], [[], [], []])
})

test('nodes are left out by label, autoscaler taint and deletion, not by readiness', () => {
  const label = 'node.kubernetes.io/exclude-from-external-load-balancers'
  const nodes = [
    nodeOf('plain', { status: {} }),
    nodeOf('included', { metadata: { labels: { [label]: 'false' } } }),
    nodeOf('excluded', { metadata: { labels: { [label]: '' } } }),
    nodeOf('leaving', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }),
    nodeOf('scaled-down', { spec: { taints: [{ key: 'ToBeDeletedByClusterAutoscaler', effect: 'NoSchedule' }] } }),
  ]
  assert.deepEqual(
    eligibleNodes(nodes).map((node) => node.metadata.name),
    ['plain', 'included'],
  )
})
