import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Schema } from '@treeline/machinery'
import { builtinKinds } from './builtin-kinds.js'
import type { Kind } from './kind.js'

for (const kind of builtinKinds) {
  test(`the schema of ${kind.group}/${kind.version} ${kind.kind} resolves`, () => {
    visit(kind.schema, new Set())
    if (kind.listSchema) visit(kind.listSchema, new Set())
    assert.ok(kind.schema.fields.has('metadata'))
  })
}

function visit(schema: Schema, seen: Set<Schema>): void {
  if (seen.has(schema)) return
  seen.add(schema)
  if (schema.type === 'list') visit(schema.items, seen)
  if (schema.type === 'map') visit(schema.values, seen)
  if (schema.type === 'struct') for (const field of schema.fields.values()) visit(field.schema, seen)
}

const names = (which: (kind: Kind) => boolean): string[] => builtinKinds.filter(which).map(({ plural }) => plural)

test('no two kinds of a group version share a name', () => {
  for (const key of ['kind', 'plural', 'singular'] as const) {
    const all = builtinKinds.map((kind) => `${kind.group}/${kind.version}/${kind[key]}`)
    assert.equal(new Set(all).size, all.length, key)
  }
})

test('short names', () => {
  const shortNames = Object.fromEntries(builtinKinds.flatMap(({ shortNames, plural }) => shortNames.map((short) => [short, plural])))
  assert.equal(
    Object.keys(shortNames).sort().join(' '),
    'cj cm crd crds cs csr deploy ds ep ev hpa ing ip limits netpol no ns pc pdb po pv pvc quota rc rs sa sc sts svc vac',
  )
})

test('categories', () => {
  const all = names(({ categories }) => categories.includes('all'))
  assert.deepEqual([...new Set(all)].sort(), [
    'cronjobs',
    'daemonsets',
    'deployments',
    'horizontalpodautoscalers',
    'jobs',
    'pods',
    'replicasets',
    'replicationcontrollers',
    'services',
    'statefulsets',
  ])
  assert.deepEqual(names(({ categories }) => categories.includes('api-extensions')).sort(), [
    'apiservices',
    'customresourcedefinitions',
    'mutatingwebhookconfigurations',
    'validatingadmissionpolicies',
    'validatingadmissionpolicybindings',
    'validatingwebhookconfigurations',
  ])
})

test('what may be written without a resourceVersion, and what a PUT creates', () => {
  const stored = (kind: Kind): boolean => kind.stored !== false
  assert.deepEqual(names((kind) => stored(kind) && !kind.strategy.allowUnconditionalUpdate).sort(), [
    'apiservices',
    'csidrivers',
    'csinodes',
    'csistoragecapacities',
    'customresourcedefinitions',
    'leases',
    'mutatingwebhookconfigurations',
    'poddisruptionbudgets',
    'runtimeclasses',
    'validatingadmissionpolicies',
    'validatingadmissionpolicybindings',
    'validatingwebhookconfigurations',
    'volumeattachments',
  ])
  assert.deepEqual(names(({ strategy }) => strategy.allowCreateOnUpdate).sort(), [
    'clusterrolebindings',
    'clusterroles',
    'endpoints',
    'events',
    'events',
    'leases',
    'limitranges',
    'rolebindings',
    'roles',
    'runtimeclasses',
    'services',
  ])
})

test('what is stored elsewhere than under its plural', () => {
  const elsewhere = builtinKinds.filter((kind) => kind.stored !== false && kind.storagePrefix !== kind.plural)
  assert.deepEqual(Object.fromEntries(elsewhere.map((kind) => [kind.plural, kind.storagePrefix])), {
    replicationcontrollers: 'controllers',
    services: 'services/specs',
    endpoints: 'services/endpoints',
    nodes: 'minions',
    ingresses: 'ingress',
    customresourcedefinitions: 'apiextensions.k8s.io/customresourcedefinitions',
    apiservices: 'apiregistration.k8s.io/apiservices',
  })
})

test('generation is counted', () => {
  const counted = new Set(names(({ strategy }) => strategy.generation !== 'none'))
  for (const plural of ['pods', 'deployments', 'ingresses', 'endpointslices', 'podtemplates', 'priorityclasses', 'resourceslices'])
    assert.ok(counted.has(plural), plural)
  for (const plural of ['configmaps', 'services', 'nodes', 'namespaces', 'leases', 'roles', 'horizontalpodautoscalers', 'resourceclaims'])
    assert.ok(!counted.has(plural), plural)
})
