import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { ClusterRole, ConfigMap, Job, type Namespace, PersistentVolumeClaim, Secret, ServiceAccount } from '@treeline/api'
import { ControllerFixture, FakeClock } from '@treeline/client/testing'
import { bootstrapSigner, tokenCleaner } from './bootstrap-tokens/index.js'
import { clusterRoleAggregationController } from './cluster-role-aggregation/index.js'
import { ephemeralVolumeController } from './ephemeral-volume/index.js'
import { rootCaPublisher } from './root-ca/index.js'
import { serviceAccountTokenController } from './service-account-tokens/index.js'
import { serviceAccountController } from './serviceaccount/index.js'
import { change, job, ownedBy, pod, world } from './testing/objects.js'
import { ttlAfterFinishedController } from './ttl-after-finished/index.js'
import { volumeProtectionControllers } from './volume-protection/index.js'

const namespace = (name: string, phase: 'Active' | 'Terminating' = 'Active'): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, uid: name },
  status: { phase },
})
const base64 = (text: string) => Buffer.from(text).toString('base64')

test('every namespace that stays has a default ServiceAccount, made anew when it is deleted', async () => {
  const fixture = new ControllerFixture(serviceAccountController(), { objects: [namespace('a'), namespace('b', 'Terminating')] })
  await fixture.settle()
  assert.deepEqual(
    world(fixture, ServiceAccount).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    ['a/default'],
  )
  fixture.client.drop(world(fixture, ServiceAccount)[0]!)
  await fixture.settle()
  assert.equal(world(fixture, ServiceAccount).length, 1)
})

test('every namespace has the authority of the API server, put right where it was changed', async () => {
  const fixture = new ControllerFixture(rootCaPublisher('PEM'), { objects: [namespace('a')] })
  await fixture.settle()
  const [map] = world(fixture, ConfigMap)
  assert.deepEqual([map?.metadata.name, map?.data], ['kube-root-ca.crt', { 'ca.crt': 'PEM' }])
  change(fixture, map!, (copy) => (copy.data = {}))
  await fixture.settle()
  assert.deepEqual(world(fixture, ConfigMap)[0]?.data, { 'ca.crt': 'PEM' })
})

test('a finished Job goes when its time is over, after a live look', async () => {
  const finished = (extra: Partial<Job>): Job => ({
    ...job('j', { ttlSecondsAfterFinished: 60 }),
    status: { conditions: [{ type: 'Complete', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }] },
    ...extra,
  })
  const fixture = new ControllerFixture(ttlAfterFinishedController(), {
    objects: [finished({})],
    clock: new FakeClock('2026-01-01T00:00:00Z'),
  })
  await fixture.settle({ wait: 59_000 })
  assert.equal(world(fixture, Job).length, 1)
  await fixture.settle({ wait: 2000 })
  assert.equal(world(fixture, Job).length, 0)
  assert.deepEqual(fixture.client.writes[0]?.options, { propagationPolicy: 'Foreground', preconditions: { uid: 'uid of j' } })
})

test('a claim in use is kept until no pod on a node uses it', async () => {
  const claim: PersistentVolumeClaim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { namespace: 'a', name: 'c', uid: 'c' },
  }
  const user = pod('p', { node: 'n', spec: { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] } })
  const fixture = new ControllerFixture(volumeProtectionControllers().claims, { objects: [claim, user] })
  await fixture.settle()
  assert.deepEqual(world(fixture, PersistentVolumeClaim)[0]?.metadata.finalizers, ['kubernetes.io/pvc-protection'])
  change(fixture, world(fixture, PersistentVolumeClaim)[0]!, (copy) => (copy.metadata.deletionTimestamp = '2026-01-01T00:00:00Z'))
  await fixture.settle()
  assert.equal(world(fixture, PersistentVolumeClaim).length, 1)
  fixture.client.drop(user)
  await fixture.settle()
  assert.equal(world(fixture, PersistentVolumeClaim).length, 0)
})

test('the claim of an ephemeral volume belongs to its pod; one of somebody else is not taken', async () => {
  const volumes = [
    {
      name: 'v',
      ephemeral: { volumeClaimTemplate: { metadata: { labels: { l: 'x' } }, spec: { accessModes: ['ReadWriteOnce' as const] } } },
    },
  ]
  const owner = pod('p', { spec: { volumes } })
  const fixture = new ControllerFixture(ephemeralVolumeController(), { objects: [owner] })
  await fixture.settle()
  const [claim] = world(fixture, PersistentVolumeClaim)
  assert.deepEqual([claim?.metadata.name, claim?.metadata.labels, claim?.metadata.ownerReferences], ['p-v', { l: 'x' }, [ownedBy(owner)]])
  const foreign: PersistentVolumeClaim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { namespace: 'a', name: 'p-v', uid: 'other' },
  }
  const taken = new ControllerFixture(ephemeralVolumeController(), { objects: [owner, foreign] })
  await assert.rejects(taken.settle(), /was not created for pod a\/p \(pod is not owner\)/)
  assert.equal(taken.events[0]?.reason, 'FailedBinding')
})

test('a role with an aggregation rule has the rules of all it selects, each once, applied by force', async () => {
  const rule = (resource: string) => ({ apiGroups: [''], resources: [resource], verbs: ['get'] })
  const role = (
    name: string,
    labels: Record<string, string>,
    rules: ClusterRole['rules'],
    extra: Partial<ClusterRole> = {},
  ): ClusterRole => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name, uid: name, labels },
    rules,
    ...extra,
  })
  const aggregate = role('all', { part: 'yes' }, [], { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { part: 'yes' } }] } })
  const fixture = new ControllerFixture(clusterRoleAggregationController(), {
    objects: [
      aggregate,
      role('b', { part: 'yes' }, [rule('secrets'), rule('pods')]),
      role('a', { part: 'yes' }, [rule('pods')]),
      role('c', {}, [rule('nodes')]),
    ],
  })
  await fixture.settle()
  assert.deepEqual(world(fixture, ClusterRole)[1]?.rules, [rule('pods'), rule('secrets')])
  assert.deepEqual(
    fixture.client.writes.map(({ patch }) => patch?.type),
    ['apply'],
  )
})

test('a token secret is filled, and goes with its account', async () => {
  const account: ServiceAccount = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: 'a', name: 'sa', uid: 'u' } }
  const secret: Secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/service-account-token',
    metadata: { namespace: 'a', name: 's', uid: 's', annotations: { 'kubernetes.io/service-account.name': 'sa' } },
  }
  const definition = serviceAccountTokenController({
    issueToken: async ({ metadata }) => `token of ${metadata.name}`,
    rootCertificateAuthority: 'PEM',
  })
  const fixture = new ControllerFixture(definition, { objects: [account, secret] })
  await fixture.settle()
  const [filled] = world(fixture, Secret)
  assert.deepEqual(filled?.data, { token: base64('token of sa'), namespace: base64('a'), 'ca.crt': base64('PEM') })
  assert.equal(filled?.metadata.annotations?.['kubernetes.io/service-account.uid'], 'u')
  fixture.client.drop(account)
  await fixture.settle()
  assert.equal(world(fixture, Secret).length, 0)
})

test('public cluster information is signed with each token made for it; expired tokens go', async () => {
  const token = (id: string, more: Record<string, string>): Secret => ({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'bootstrap.kubernetes.io/token',
    metadata: { namespace: 'kube-system', name: `bootstrap-token-${id}`, uid: id },
    data: Object.fromEntries(
      Object.entries({ 'token-id': id, 'token-secret': '0123456789abcdef', ...more }).map(([name, value]) => [name, base64(value)]),
    ),
  })
  const info: ConfigMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'kube-public', name: 'cluster-info', uid: 'i' },
    data: { kubeconfig: 'content', 'jws-kubeconfig-gone00': 'x' },
  }
  const objects = [
    info,
    token('abcdef', { 'usage-bootstrap-signing': 'true' }),
    token('ghijkl', {}),
    token('mnopqr', { 'usage-bootstrap-signing': 'true', expiration: '2025-01-01T00:00:00Z' }),
  ]
  const clock = new FakeClock('2026-01-01T00:00:00Z')
  const fixture = new ControllerFixture(bootstrapSigner(), { objects, clock })
  await fixture.settle()
  const data = world(fixture, ConfigMap)[0]?.data ?? {}
  assert.deepEqual(Object.keys(data), ['kubeconfig', 'jws-kubeconfig-abcdef'])
  const [header = '', content, signature] = (data['jws-kubeconfig-abcdef'] ?? '').split('.')
  assert.deepEqual(JSON.parse(Buffer.from(header, 'base64url').toString()), { alg: 'HS256', kid: 'abcdef' })
  const expected = createHmac('sha256', '0123456789abcdef')
    .update(`${header}.${Buffer.from('content').toString('base64url')}`)
    .digest('base64url')
  assert.deepEqual([content, signature], ['', expected])
  const cleaner = new ControllerFixture(tokenCleaner(), { objects, clock })
  await cleaner.settle()
  assert.deepEqual(
    world(cleaner, Secret).map(({ metadata }) => metadata.uid),
    ['abcdef', 'ghijkl'],
  )
})
