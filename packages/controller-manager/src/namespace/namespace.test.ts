import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigMap, Namespace, Pod } from '@treeline/api'
import { ControllerFixture, FakeClock } from '@treeline/client/testing'
import type { KubernetesObject } from '@treeline/machinery'
import { change, pod, world } from '../testing/objects.js'
import { namespaceController } from './index.js'

const deletedAt = '2026-01-01T00:00:00Z'
const namespace: Namespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'a', uid: 'n', deletionTimestamp: deletedAt, finalizers: ['example.com/kept'] },
  spec: { finalizers: ['kubernetes'] },
  status: { phase: 'Active' },
}
const configMap = (name: string, finalizers?: string[]): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'a', name, uid: name, ...(finalizers && { finalizers }) },
})

const aggregated = (...stale: string[]) => ({
  kind: 'APIGroupDiscoveryList',
  items: [
    {
      metadata: {},
      versions: [
        {
          version: 'v1',
          resources: [Namespace, Pod, ConfigMap].map(({ plural, kind, scope, verbs }) => ({
            resource: plural,
            responseKind: { kind },
            scope,
            verbs,
          })),
        },
      ],
    },
    ...stale.map((name) => ({ metadata: { name }, versions: [{ version: 'v1', freshness: 'Stale' }] })),
  ],
})

function setup(objects: KubernetesObject[], ...stale: string[]) {
  const clock = new FakeClock(deletedAt)
  const fixture = new ControllerFixture(namespaceController(), { objects: [structuredClone(namespace), ...objects], clock })
  fixture.client.raw = async ({ path }) => {
    const body = Buffer.from(JSON.stringify(path === '/api' ? aggregated(...stale) : { kind: 'APIGroupDiscoveryList', items: [] }))
    return { status: 200, headers: {}, bytes: async () => body, stream: () => [body] as unknown as AsyncIterable<Buffer> }
  }
  const current = () => world(fixture, Namespace)[0]
  const condition = (type: string) => {
    const found = current()?.status?.conditions?.find((candidate) => candidate.type === type)
    return found && `${found.status} ${found.reason} ${found.message}`
  }
  return { fixture, clock, current, condition, names: () => fixture.client.all().map(({ metadata }) => metadata.name) }
}

test('its content is deleted after 5 s, then it is let go', async () => {
  const { fixture, names, current } = setup([configMap('x'), pod('p')])
  await fixture.settle({ wait: 4000 })
  assert.equal(names().length, 3)
  await fixture.settle({ wait: 2000 })
  assert.deepEqual(current()?.spec?.finalizers, [])
  assert.deepEqual(names(), ['a'])
  const finalize = fixture.client.writes.at(-1)
  assert.deepEqual([finalize?.verb, finalize?.subresource], ['update', 'finalize'])
  assert.equal(current()?.status?.phase, 'Terminating')
})

test('everything waits for the pods, which have their time to end', async () => {
  const slow = pod('p', { ready: true, metadata: { finalizers: ['ends/slowly'] }, spec: { terminationGracePeriodSeconds: 30 } })
  const { fixture, names, condition } = setup([configMap('x'), slow])
  await fixture.settle({ wait: 6000 })
  assert.deepEqual(names().sort(), ['a', 'p', 'x'])
  assert.equal(condition('NamespaceContentRemaining'), 'False ContentRemoved All content successfully removed')
  const [held] = world(fixture, Pod)
  fixture.client.drop(held!)
  await fixture.settle()
  assert.deepEqual(names(), ['a'])
})

test('what finalizers hold is told, and looked at again', async () => {
  const { fixture, condition, current, clock } = setup([configMap('x', ['example.com/held']), configMap('y')])
  await fixture.settle({ wait: 6000 })
  assert.equal(
    condition('NamespaceContentRemaining'),
    'True SomeResourcesRemain Some resources are remaining: configmaps. has 1 resource instances',
  )
  assert.equal(
    condition('NamespaceFinalizersRemaining'),
    'True SomeFinalizersRemain Some content in the namespace has finalizers remaining: example.com/held in 1 resource instances',
  )
  assert.deepEqual(current()?.spec?.finalizers, ['kubernetes'])
  change(fixture, world(fixture, ConfigMap)[0]!, (copy) => (copy.metadata.finalizers = []))
  fixture.client.drop(world(fixture, ConfigMap)[0]!)
  const before = clock.now()
  await fixture.settle({ wait: 9000 })
  assert.ok(clock.now() > before)
  assert.deepEqual(current()?.spec?.finalizers, [])
  assert.equal(condition('NamespaceFinalizersRemaining'), 'False ContentHasNoFinalizers All content-preserving finalizers finished')
})

test('a group that cannot be discovered keeps the namespace, but what is known is deleted', async () => {
  const { fixture, names, condition } = setup([configMap('x')], 'broken.example.com')
  await assert.rejects(fixture.settle({ wait: 6000 }))
  assert.deepEqual(names(), ['a'])
  assert.equal(
    condition('NamespaceDeletionDiscoveryFailure'),
    'True DiscoveryFailed Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: broken.example.com/v1: stale GroupVersion discovery: broken.example.com/v1',
  )
})
