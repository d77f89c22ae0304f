import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestCluster, type TestCluster } from '../../testing/test-cluster.js'

let cluster: TestCluster
before(async () => {
  cluster = await startTestCluster()
})
after(() => cluster.close())

const labels = (values: Record<string, string | null>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`pod-security.kubernetes.io/${name}`, value]))
const privileged = { containers: [{ name: 'c', image: 'i', securityContext: { privileged: true } }] }
const plain = { containers: [{ name: 'c', image: 'i' }] }
const pod = (name: string, spec: object = plain) => ({ metadata: { name }, spec })
const why = 'privileged (container "c" must not set securityContext.privileged=true)'

async function namespace(name: string, policy: Record<string, string>) {
  await cluster.ask('POST /api/v1/namespaces', { metadata: { name, labels: labels(policy) } })
  await cluster.ask(`POST /api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: 'default' } })
}

test('a pod against the enforced level is refused', async () => {
  await namespace('strict', { enforce: 'baseline', 'enforce-version': 'v1.20' })
  const { code, body } = await cluster.ask('POST /api/v1/namespaces/strict/pods', pod('p', privileged))
  assert.deepEqual([code, body.message], [403, `pods "p" is forbidden: violates PodSecurity "baseline:v1.20": ${why}`])
  const welcome = await cluster.ask('POST /api/v1/namespaces/strict/pods', pod('p'))
  assert.deepEqual([welcome.code, welcome.headers.warning], [201, undefined])
})

test('templates, and pods against a level that is not enforced, are warned of', async () => {
  await namespace('warned', { warn: 'baseline' })
  const expected = `299 - "would violate PodSecurity \\"baseline:latest\\": ${why.replaceAll('"', '\\"')}"`
  const created = await cluster.ask('POST /api/v1/namespaces/warned/pods', pod('p', privileged))
  assert.deepEqual([created.code, created.headers.warning], [201, expected])
  const template = { metadata: { labels: { a: 'b' } }, spec: privileged }
  const spec = { selector: { matchLabels: { a: 'b' } }, template }
  for (const [path, body] of [
    ['/apis/apps/v1/namespaces/warned/deployments', spec],
    ['/apis/batch/v1/namespaces/warned/cronjobs', { schedule: '@daily', jobTemplate: { spec: { template: never(template) } } }],
  ] as const) {
    const { code, headers } = await cluster.ask(`POST ${path}?dryRun=All`, { metadata: { name: 'd' }, spec: body })
    assert.deepEqual([code, headers.warning], [201, expected])
  }
})

const never = (template: { spec: object }) => ({ ...template, spec: { ...template.spec, restartPolicy: 'Never' } })

test('a stricter namespace tells of the pods it has', async () => {
  await namespace('changing', {})
  for (const name of ['b', 'a', 'd']) await cluster.ask('POST /api/v1/namespaces/changing/pods', pod(name, privileged))
  await cluster.ask('POST /api/v1/namespaces/changing/pods', pod('c'))
  const enforce = (level: string | null) =>
    cluster.ask('PATCH /api/v1/namespaces/changing', { metadata: { labels: labels({ enforce: level }) } }, merge)
  assert.equal(
    (await enforce('baseline')).headers.warning,
    [
      '299 - "existing pods in namespace \\"changing\\" violate the new PodSecurity enforce level \\"baseline:latest\\""',
      '299 - "a (and 2 other pods): privileged"',
    ].join(', '),
  )
  assert.equal((await enforce(null)).headers.warning, undefined)
})

test('pods that are there may change, but not their images', async () => {
  await namespace('late', {})
  await cluster.ask('POST /api/v1/namespaces/late/pods', pod('p', privileged))
  await cluster.ask('PATCH /api/v1/namespaces/late', { metadata: { labels: labels({ enforce: 'baseline' }) } }, merge)
  const change = (body: object) => cluster.ask('PATCH /api/v1/namespaces/late/pods/p', body, strategic)
  assert.equal((await change({ metadata: { labels: { a: 'b' } } })).code, 200)
  assert.equal((await change({ spec: { containers: [{ name: 'c', image: 'other' }] } })).code, 403)
  const debug = { spec: { ephemeralContainers: [{ name: 'e', image: 'i' }] } }
  assert.equal((await cluster.ask('PATCH /api/v1/namespaces/late/pods/p/ephemeralcontainers', debug, strategic)).code, 403)
})

const merge = { contentType: 'application/merge-patch+json' }
const strategic = { contentType: 'application/strategic-merge-patch+json' }

test('labels that cannot be read are refused, unless they were there', async () => {
  const ask = (values: Record<string, string>) =>
    cluster.ask('POST /api/v1/namespaces?dryRun=All', { metadata: { name: 'n', labels: labels(values) } })
  const { code, body } = await ask({ enforce: 'mild', 'warn-version': 'v2.0' })
  assert.equal(code, 422)
  assert.deepEqual(
    body.details.causes.map(({ field, message }: { field: string; message: string }) => `${field}: ${message}`),
    [
      'metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "mild": must be one of privileged, baseline, restricted',
      'metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "v2.0": must be "latest" or "v1.x"',
    ],
  )
  assert.equal((await ask({ enforce: 'restricted', 'enforce-version': 'v1.3' })).code, 201)
})
