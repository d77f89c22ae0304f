import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Answer, startTestCluster, type TestCluster } from '../testing/test-cluster.js'

let cluster: TestCluster
before(async () => {
  cluster = await startTestCluster()
})
after(() => cluster.close())

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

interface DefinitionOptions {
  readonly spec?: object
  readonly version?: object
  readonly versions?: readonly object[]
  readonly names?: object
  readonly scope?: string
}

function definitionOf(plural: string, group: string, options: DefinitionOptions = {}): object {
  const { spec = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }, version = {}, scope = 'Namespaced' } = options
  const schema = {
    openAPIV3Schema: { type: 'object', properties: { spec, status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } },
  }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { plural, kind: plural[0]?.toUpperCase() + plural.slice(1, -1), ...options.names },
      versions: options.versions ?? [{ name: 'v1', served: true, storage: true, schema, ...version }],
    },
  }
}

/** Asks until the answer is as it should be; the server's own loops are at work meanwhile. */
async function until(target: string, fits: (answer: Answer) => boolean): Promise<Answer> {
  const deadline = Date.now() + 10_000
  for (;;) {
    const answer = await cluster.ask(target)
    if (fits(answer)) return answer
    assert.ok(Date.now() < deadline, `${target} stays at ${JSON.stringify(answer.body)}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const conditionOf = ({ body }: Answer, type: string): { status: string; reason: string } | undefined =>
  body.status?.conditions?.find((condition: { type: string }) => condition.type === type)

async function define(plural: string, group: string, options?: DefinitionOptions): Promise<string> {
  const created = await cluster.ask(`POST ${definitions}`, definitionOf(plural, group, options))
  assert.equal(created.code, 201, JSON.stringify(created.body))
  await until(`GET ${definitions}/${plural}.${group}`, (answer) => conditionOf(answer, 'Established')?.status === 'True')
  const scope = options?.scope === 'Cluster' ? '' : 'namespaces/default/'
  return `/apis/${group}/v1/${scope}${plural}`
}

test('a definition is established, served, found, and gone with its objects', async () => {
  const path = await define('foos', 'life.example.com')
  const object = {
    apiVersion: 'life.example.com/v1',
    kind: 'Foo',
    metadata: { name: 'a', finalizers: ['example.com/hold'] },
    spec: { x: 1 },
  }
  assert.equal((await cluster.ask(`POST ${path}`, object)).code, 201)
  const { body } = await cluster.ask('GET /apis/life.example.com/v1')
  assert.deepEqual(
    body.resources.map(({ name, kind, singularName }: Record<string, string>) => [name, kind, singularName]),
    [['foos', 'Foo', 'foo']],
  )
  assert.ok((await cluster.ask('GET /openapi/v3/apis/life.example.com/v1')).body.components.schemas['com.example.life.v1.Foo'])

  const marked = await cluster.ask(`DELETE ${definitions}/foos.life.example.com`)
  assert.deepEqual(marked.body.metadata.finalizers, ['customresourcecleanup.apiextensions.k8s.io'])
  assert.deepEqual([marked.body.metadata.generation, marked.body.metadata.deletionGracePeriodSeconds], [1, undefined])
  await until(`GET ${path}/a`, (answer) => answer.body.metadata?.deletionTimestamp !== undefined)
  const waiting = await until(
    `GET ${definitions}/foos.life.example.com`,
    (answer) => conditionOf(answer, 'Terminating')?.reason === 'InstanceDeletionInProgress',
  )
  assert.equal(conditionOf(waiting, 'Terminating')?.status, 'True')
  const refused = await cluster.ask(`POST ${path}`, { ...object, metadata: { name: 'b' } })
  assert.equal(
    refused.body.message,
    'foos.life.example.com "b" is forbidden: create not allowed while custom resource definition is terminating',
  )
  const discovered = await cluster.ask('GET /apis/life.example.com/v1')
  assert.deepEqual(discovered.body.resources[0].verbs, ['delete', 'deletecollection', 'get', 'list', 'watch'])

  const released = await cluster.ask(`PATCH ${path}/a`, { metadata: { finalizers: null } }, { contentType: 'application/merge-patch+json' })
  assert.equal(released.code, 200)
  await until(`GET ${definitions}/foos.life.example.com`, ({ code }) => code === 404)
  await until(`GET ${path}`, ({ code }) => code === 404)
  assert.equal((await cluster.ask('GET /apis/life.example.com')).code, 404)
})

test('names are given once, and again when they are free', async () => {
  await define('firsts', 'names.example.com', { names: { shortNames: ['n'] } })
  const second = definitionOf('seconds', 'names.example.com', { names: { shortNames: ['n'] } })
  assert.equal((await cluster.ask(`POST ${definitions}`, second)).code, 201)
  const target = `GET ${definitions}/seconds.names.example.com`
  const refused = await until(target, (answer) => conditionOf(answer, 'NamesAccepted') !== undefined)
  assert.equal(conditionOf(refused, 'NamesAccepted')?.reason, 'ShortNamesConflict')
  assert.equal(conditionOf(refused, 'Established')?.reason, 'NotAccepted')
  assert.equal((await cluster.ask('GET /apis/names.example.com/v1/namespaces/default/seconds')).code, 404)
  assert.equal((await cluster.ask(`DELETE ${definitions}/firsts.names.example.com`)).code, 200)
  await until(target, (answer) => conditionOf(answer, 'Established')?.status === 'True')
})

test('status and scale', async () => {
  const subresources = { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } }
  const path = await define('scales', 'sub.example.com', { version: { subresources } })
  const meta = { apiVersion: 'sub.example.com/v1', kind: 'Scale' }
  const created = await cluster.ask(`POST ${path}`, { ...meta, metadata: { name: 'a' }, spec: { replicas: 2 }, status: { replicas: 9 } })
  assert.equal(created.body.status, undefined)
  const merge = { contentType: 'application/merge-patch+json' }
  const status = await cluster.ask(`PATCH ${path}/a/status`, { spec: { replicas: 7 }, status: { replicas: 1 } }, merge)
  assert.deepEqual([status.body.spec.replicas, status.body.status.replicas, status.body.metadata.generation], [2, 1, 1])
  const scaled = await cluster.ask(`PATCH ${path}/a/scale`, { spec: { replicas: 5 } }, merge)
  assert.deepEqual([scaled.body.kind, scaled.body.spec, scaled.body.status], ['Scale', { replicas: 5 }, { replicas: 1 }])
  assert.equal((await cluster.ask(`GET ${path}/a`)).body.metadata.generation, 2)
  const wrong = await cluster.ask(`PATCH ${path}/a`, { spec: { replicas: 'x' } }, merge)
  assert.equal(
    wrong.body.details.causes[0].message,
    'Invalid value: 0: .spec.replicas accessor error: x is of the type string, expected int64',
  )
})

test('a changed schema holds from then on, for what is stored as well, and ends the watches of before', async () => {
  const path = await define('changes', 'schema.example.com')
  const merge = { contentType: 'application/merge-patch+json' }
  const meta = { apiVersion: 'schema.example.com/v1', kind: 'Change' }
  assert.equal((await cluster.ask(`POST ${path}`, { ...meta, metadata: { name: 'a' }, spec: { n: 'text', gone: 1 } })).code, 201)
  const watch = cluster.ask(`GET ${path}?watch=true`)
  const spec = { type: 'object', properties: { n: { type: 'integer' }, m: { type: 'string', default: 'new' } } }
  const { spec: next } = definitionOf('changes', 'schema.example.com', { spec }) as { spec: object }
  assert.equal((await cluster.ask(`PATCH ${definitions}/changes.schema.example.com`, { spec: next }, merge)).code, 200)
  const read = await until(`GET ${path}/a`, ({ body }) => body.spec?.m === 'new')
  assert.deepEqual(read.body.spec, { n: 'text', m: 'new' })
  assert.equal((await watch).code, 200)
  // What was wrong before and does not change is let through, what changes is not.
  assert.equal((await cluster.ask(`PATCH ${path}/a`, { metadata: { labels: { l: '1' } } }, merge)).code, 200)
  assert.equal((await cluster.ask(`PATCH ${path}/a`, { spec: { n: 'other' } }, merge)).code, 422)
  assert.equal((await cluster.ask(`PATCH ${path}/a`, { spec: { n: 3 } }, merge)).code, 200)
})

test('several versions over one storage', async () => {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  const versions = [
    { name: 'v1', served: true, storage: true, schema },
    { name: 'v2', served: true, storage: false, deprecated: true, schema },
    { name: 'v3', served: false, storage: false, schema },
  ]
  const path = await define('manies', 'many.example.com', { versions, names: { kind: 'Many' } })
  await cluster.ask(`POST ${path}`, { apiVersion: 'many.example.com/v1', kind: 'Many', metadata: { name: 'a' }, spec: { x: 1 } })
  const second = await cluster.ask(`GET ${path.replace('/v1/', '/v2/')}/a`)
  assert.deepEqual([second.body.apiVersion, second.body.spec], ['many.example.com/v2', { x: 1 }])
  assert.equal(second.headers['warning'], '299 - "many.example.com/v2 Many is deprecated"')
  assert.equal((await cluster.ask(`GET ${path.replace('/v1/', '/v3/')}/a`)).code, 404)

  const name = 'manies.many.example.com'
  const merge = { contentType: 'application/merge-patch+json' }
  const [v1, v2, v3] = versions
  const moved = [{ ...v1, storage: false }, { ...v2, storage: true }, v3]
  const changed = await cluster.ask(`PATCH ${definitions}/${name}`, { spec: { versions: moved } }, merge)
  assert.deepEqual(changed.body.status.storedVersions, ['v1', 'v2'])
  const before = await cluster.ask(`GET ${path}/a`)
  // Writing what has not changed brings it to the new version of the store.
  const rewritten = await until(`GET ${path}/a`, () => true).then(() => cluster.ask(`PUT ${path}/a`, before.body))
  assert.equal(rewritten.code, 200)
  const removed = await cluster.ask(`PATCH ${definitions}/${name}`, { spec: { versions: [{ ...v2, storage: true }] } }, merge)
  assert.equal(removed.code, 422)
  await cluster.ask(`PATCH ${definitions}/${name}/status`, { status: { storedVersions: ['v2'] } }, merge)
  assert.equal((await cluster.ask(`PATCH ${definitions}/${name}`, { spec: { versions: [{ ...v2, storage: true }] } }, merge)).code, 200)
  const kept = await until(`GET ${path.replace('/v1/', '/v2/')}/a`, ({ code }) => code === 200)
  assert.deepEqual(kept.body.spec, { x: 1 })
  await until(`GET ${path}/a`, ({ code }) => code === 404)
})

test('a definition cannot take the place of a built-in kind', async () => {
  const definition = definitionOf('deployments', 'apps') as { spec: { group: string } }
  assert.equal((await cluster.ask(`POST ${definitions}`, definition)).code, 422)
})
