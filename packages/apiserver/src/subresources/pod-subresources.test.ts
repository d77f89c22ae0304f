import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Pod, PodDisruptionBudget } from '@treeline/api'
import { startTestCluster, type TestCluster } from '../testing/test-cluster.js'

let cluster: TestCluster
const pods = '/api/v1/namespaces/default/pods'
before(async () => {
  cluster = await startTestCluster()
  await cluster.ask('POST /api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } })
  await cluster.ask('POST /api/v1/nodes', { metadata: { name: 'n1', labels: { 'topology.kubernetes.io/zone': 'z' } } })
})
after(() => cluster.close())

const make = async (name: string, spec: object = {}, status?: object) => {
  await cluster.ask(`POST ${pods}`, {
    metadata: { name, labels: { app: name } },
    spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
  })
  if (status) await cluster.ask(`PATCH ${pods}/${name}/status`, { status }, { contentType: 'application/merge-patch+json' })
}
const bind = (name: string, body: object = {}, query = '') =>
  cluster.ask(`POST ${pods}/${name}/binding${query}`, { metadata: { name }, target: { kind: 'Node', name: 'n1' }, ...body })
const stored = (name: string) => cluster.server.internals.get(Pod, 'default', name)

test('a binding gives the pod its node, what the binding carries, and the zone; nobody owns that', async () => {
  await make('b', { schedulerName: 'x' })
  const answer = await bind('b', { metadata: { name: 'b', annotations: { from: 'binding' }, labels: { also: 'this' } } })
  assert.deepEqual([answer.code, answer.body], [201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }])
  const pod = stored('b')
  assert.deepEqual(
    [pod?.spec?.nodeName, pod?.metadata.annotations, pod?.metadata.labels, pod?.metadata.generation],
    ['n1', { from: 'binding' }, { app: 'b', also: 'this', 'topology.kubernetes.io/zone': 'z' }, 1],
  )
  assert.deepEqual(
    pod?.status?.conditions?.map(({ type, status }) => [type, status]),
    [['PodScheduled', 'True']],
  )
  assert.equal(pod?.metadata.managedFields?.length, 1)
})

test('bindings that cannot be', async () => {
  await make('u')
  await make('gated', { schedulingGates: [{ name: 'example.com/g' }] })
  const uid = '6a1d4a5e-0c60-4b8d-9a53-6e9a1b3cd001'
  const cases: [string, object, number, RegExp][] = [
    ['b', {}, 409, /^Operation cannot be fulfilled on pods\/binding "b": pod b is already assigned to node "n1"$/],
    ['gated', {}, 409, /pod gated has non-empty .spec.schedulingGates/],
    ['nope', {}, 404, /^pods "nope" not found$/],
    ['u', { target: { kind: 'Pod', name: 'x' } }, 500, /^target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>"$/],
    ['u', { target: {} }, 500, /^target.name: Required value$/],
    ['u', { metadata: { name: 'other' } }, 400, /^name in URL does not match name in Binding object$/],
    ['u', { metadata: { name: 'u', uid } }, 409, /Precondition failed: UID in precondition/],
    ['u', { metadata: { name: 'u', resourceVersion: '1' } }, 409, /Precondition failed: ResourceVersion in precondition: 1/],
  ]
  for (const [name, body, code, message] of cases) {
    const answer = await bind(name, body)
    assert.deepEqual([answer.code, message.test(answer.body.message)], [code, true], answer.body.message)
  }
  assert.equal((await bind('u', {}, '?dryRun=All')).code, 201)
  assert.equal(stored('u')?.spec?.nodeName, undefined)
  const legacy = await cluster.ask('POST /api/v1/namespaces/default/bindings', { metadata: { name: 'u' }, target: { name: 'n1' } })
  assert.equal(legacy.code, 201)
  assert.equal(stored('u')?.spec?.nodeName, 'n1')
})

test('two schedulers bind one pod: one of them wins', async () => {
  await make('race')
  const answers = await Promise.all([bind('race'), bind('race', { target: { name: 'n2' } }), bind('race')])
  assert.deepEqual(answers.map(({ code }) => code).sort(), [201, 409, 409])
})

const evict = (name: string, options: object = {}, query = '') =>
  cluster.ask(`POST ${pods}/${name}/eviction${query}`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name }, ...options })
const ready = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }

test('an eviction without a budget deletes the pod, which says why', async () => {
  await make('e', { nodeName: 'n1' }, ready)
  assert.equal((await evict('e', {}, '?dryRun=All')).code, 201)
  assert.equal(stored('e')?.metadata.deletionTimestamp, undefined)
  assert.equal((await evict('e', { deleteOptions: { gracePeriodSeconds: 5 } })).code, 201)
  const pod = stored('e')
  assert.equal(pod?.metadata.deletionGracePeriodSeconds, 5)
  const condition = pod?.status?.conditions?.find(({ type }) => type === 'DisruptionTarget')
  assert.deepEqual([condition?.status, condition?.reason, condition?.message], ['True', 'EvictionByEvictionAPI', 'Eviction API: evicting'])
  assert.equal((await evict('e')).code, 201, 'again is fine')
  const wrong = await evict('e', { metadata: { name: 'other' } })
  assert.deepEqual([wrong.code, wrong.body.message], [400, 'name in URL does not match name in Eviction object'])
  assert.equal((await evict('nope')).code, 404)
})

const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets'
/** A budget over the pods of `app`, with a status as its controller would have written it. */
const budget = async (app: string, status: object, spec: object = {}) => {
  await cluster.ask(`POST ${budgets}`, { metadata: { name: app }, spec: { minAvailable: 1, selector: { matchLabels: { app } }, ...spec } })
  const full = { observedGeneration: 1, currentHealthy: 0, desiredHealthy: 1, disruptionsAllowed: 0, expectedPods: 1, ...status }
  await cluster.ask(`PATCH ${budgets}/${app}/status`, { status: full }, { contentType: 'application/merge-patch+json' })
}

test('a budget counts evictions, and refuses when it is used up', async () => {
  await make('counted', { nodeName: 'n1' }, ready)
  await budget('counted', { currentHealthy: 2, disruptionsAllowed: 1 })
  assert.equal((await evict('counted')).code, 201)
  const after = cluster.server.internals.get(PodDisruptionBudget, 'default', 'counted')?.status
  assert.deepEqual([after?.disruptionsAllowed, Object.keys(after?.disruptedPods ?? {})], [0, ['counted']])
  await make('full', { nodeName: 'n1' }, ready)
  await budget('full', { currentHealthy: 1 })
  const refused = await evict('full')
  assert.deepEqual(
    [refused.code, refused.headers['retry-after'], refused.body.message],
    [429, undefined, "Cannot evict pod as it would violate the pod's disruption budget."],
  )
  assert.deepEqual(refused.body.details.causes, [
    { reason: 'DisruptionBudget', message: 'The disruption budget full needs 1 healthy pods and has 1 currently' },
  ])
  assert.equal(stored('full')?.metadata.deletionTimestamp, undefined)
})

test('a budget that its controller has not seen makes the caller wait', async () => {
  await make('early', { nodeName: 'n1' }, ready)
  await budget('early', { observedGeneration: 0, disruptionsAllowed: 1 })
  const answer = await evict('early')
  assert.deepEqual(
    [answer.code, answer.headers['retry-after'], answer.body.details.causes[0].message],
    [429, '10', 'The disruption budget early is still being processed by the server.'],
  )
})

test('pods that do not serve may go, as the budget says', async () => {
  const notReady = { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] }
  const cases: [string, object, object, object, number][] = [
    ['sick-healthy', notReady, { currentHealthy: 1 }, {}, 201],
    ['sick-short', notReady, {}, {}, 429],
    ['sick-always', notReady, {}, { unhealthyPodEvictionPolicy: 'AlwaysAllow' }, 201],
    ['pending', { phase: 'Pending' }, {}, {}, 201],
    ['finished', { phase: 'Succeeded' }, {}, {}, 201],
  ]
  for (const [name, status, budgetStatus, spec, code] of cases) {
    await make(name, { nodeName: 'n1' }, status)
    await budget(name, budgetStatus, spec)
    assert.equal((await evict(name)).code, code, name)
  }
})

test('two budgets over one pod are more than an eviction can serve', async () => {
  await make('twice', { nodeName: 'n1' }, ready)
  await budget('twice', { disruptionsAllowed: 1 })
  await cluster.ask(`POST ${budgets}`, {
    metadata: { name: 'twice-more' },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'twice' } } },
  })
  const answer = await evict('twice')
  assert.deepEqual(
    [answer.code, answer.body.message],
    [500, 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.'],
  )
})
