import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PersistentVolume, Pod } from '@treeline/api'
import { nodeAuthorizer } from './node.js'
import { NodeRelations } from './node-relations.js'

const volume: PersistentVolume = {
  metadata: { name: 'pv' },
  spec: {
    claimRef: { namespace: 'ns', name: 'claim' },
    csi: {
      driver: 'd',
      volumeHandle: 'h',
      nodeStageSecretRef: { namespace: 'store', name: 'stage' },
      controllerPublishSecretRef: { namespace: 'store', name: 'controller' },
    },
  },
}

const pod: Pod = {
  metadata: { namespace: 'ns', name: 'web' },
  spec: {
    nodeName: 'n1',
    serviceAccountName: 'account',
    imagePullSecrets: [{ name: 'pull' }],
    initContainers: [{ name: 'i', envFrom: [{ secretRef: { name: 'init' } }, { configMapRef: { name: 'init' } }] }],
    containers: [
      {
        name: 'c',
        env: [
          { name: 'A', valueFrom: { secretKeyRef: { name: 'env', key: 'k' } } },
          { name: 'B', valueFrom: { configMapKeyRef: { name: 'env', key: 'k' } } },
        ],
      },
    ],
    volumes: [
      { name: 'a', secret: { secretName: 'mounted' } },
      { name: 'b', projected: { sources: [{ secret: { name: 'projected' } }, { configMap: { name: 'projected' } }] } },
      { name: 'c', persistentVolumeClaim: { claimName: 'claim' } },
      { name: 'scratch', ephemeral: {} },
      { name: 'd', csi: { driver: 'd', nodePublishSecretRef: { name: 'inline' } } },
    ],
    resourceClaims: [{ name: 'gpu', resourceClaimName: 'gpus' }],
  },
}

function world(...pods: Pod[]) {
  const relations = new NodeRelations({
    persistentVolume: (name) => (name === 'pv' ? volume : undefined),
    volumeOfClaim: (namespace, name) => (`${namespace}/${name}` === 'ns/claim' ? volume : undefined),
    volumeAttachment: (name) => (name === 'va1' ? { metadata: { name }, spec: { attacher: 'd', nodeName: 'n1', source: {} } } : undefined),
    resourceSlice: () => undefined,
  })
  for (const each of pods) relations.setPod(each)
  const authorizer = nodeAuthorizer(relations, [{ verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['services'] }])
  /** `verb group:resource:subresource namespace/name selector`, `-` for nothing. */
  const ask = async (text: string, node = 'n1') => {
    const [verb = '', what = '', where = '-', fieldSelector] = text.split(' ')
    const [group, resource, subresource] = what.split(':')
    const [namespace, name] = where === '-' ? [undefined, undefined] : where.includes('/') ? where.split('/') : [undefined, where]
    const user = { name: `system:node:${node}`, groups: ['system:nodes', 'system:authenticated'] }
    return authorizer.authorize({ user, verb, group, resource, subresource, namespace, name, fieldSelector })
  }
  return { relations, authorizer, ask }
}

const allowed = [
  'get :secrets: ns/pull',
  'list :secrets: ns/init',
  'watch :secrets: ns/env',
  'get :secrets: ns/mounted',
  'get :secrets: ns/projected',
  'get :secrets: ns/inline',
  'get :secrets: store/stage',
  'get :configmaps: ns/init',
  'get :configmaps: ns/env',
  'get :configmaps: ns/projected',
  'get :persistentvolumeclaims: ns/claim',
  'get :persistentvolumeclaims: ns/web-scratch',
  'update :persistentvolumeclaims:status ns/claim',
  'get :persistentvolumes: pv',
  'get storage.k8s.io:volumeattachments: va1',
  'create :serviceaccounts:token ns/account',
  'get :serviceaccounts: ns/account',
  'get resource.k8s.io:resourceclaims: ns/gpus',
  'get :pods: ns/web',
  'list :pods: - spec.nodeName=n1',
  'create :pods: ns/',
  'update :pods:status ns/other',
  'create :pods:eviction ns/other',
  'get :nodes: n1',
  'create :nodes: -',
  'patch :nodes:status n2',
  'get coordination.k8s.io:leases: kube-node-lease/n1',
  'create coordination.k8s.io:leases: kube-node-lease/',
  'update storage.k8s.io:csinodes: n1',
  'list resource.k8s.io:resourceslices: - spec.nodeName=n1',
  'list :services: -',
]
const refused: [string, RegExp][] = [
  ['get :secrets: ns/other', /^no relationship found between node 'n1' and this object$/],
  ['get :secrets: other/pull', /no relationship/],
  ['get :secrets: store/controller', /no relationship/],
  ['list :secrets: ns/', /No Object name found/],
  ['update :secrets: ns/pull', /can only read resources/],
  ['list :secrets: -', /can only read namespaced/],
  ['list :persistentvolumeclaims: ns/', /can only get individual/],
  ['get storage.k8s.io:volumeattachments: va2', /no relationship/],
  ['create :serviceaccounts:token ns/other', /no relationship/],
  ['create :serviceaccounts: ns/account', /token subresource/],
  ['get :pods: ns/other', /no relationship/],
  ['list :pods: -', /spec.nodeName field selector/],
  ['list :pods: - spec.nodeName=n2', /spec.nodeName field selector/],
  ['list :pods: - spec.nodeName!=n1', /spec.nodeName field selector/],
  ['get :nodes: n2', /only its own Node object/],
  ['list :nodes: -', /cannot read all nodes/],
  ['delete :nodes: n1', /^$/],
  ['get coordination.k8s.io:leases: kube-node-lease/n2', /same name/],
  ['get coordination.k8s.io:leases: kube-system/n1', /kube-node-lease/],
  ['list storage.k8s.io:csinodes: -', /can only get, create/],
  ['list resource.k8s.io:resourceslices: -', /nodeName field selector/],
  ['delete :services: x', /^$/],
]

for (const text of allowed) {
  test(`a node may ${text}`, async () => assert.equal((await world(pod).ask(text)).decision, 'Allow'))
}
for (const [text, reason] of refused) {
  test(`a node may not ${text}`, async () => {
    const decision = await world(pod).ask(text)
    assert.equal(decision.decision, 'NoOpinion')
    assert.match(decision.reason, reason)
  })
}

test('another node has nothing to do with the pod', async () => {
  const { ask } = world(pod)
  for (const text of ['get :secrets: ns/pull', 'get :secrets: store/stage', 'get :pods: ns/web', 'get :persistentvolumes: pv']) {
    assert.equal((await ask(text, 'n2')).decision, 'NoOpinion', text)
  }
})

test('access ends with the pod, but not while another one names the same', async () => {
  const twin = { ...pod, metadata: { namespace: 'ns', name: 'twin' } }
  const { ask, relations } = world(pod, twin, pod)
  relations.removePod(pod)
  assert.equal((await ask('get :secrets: ns/pull')).decision, 'Allow')
  relations.removePod(twin)
  assert.equal((await ask('get :secrets: ns/pull')).decision, 'NoOpinion')
  relations.removePod(twin)
})

test('a pod that is not bound, and a mirror pod, open nothing', async () => {
  const unbound = { ...pod, spec: { ...pod.spec!, nodeName: undefined } }
  assert.equal((await world(unbound).ask('get :secrets: ns/pull')).decision, 'NoOpinion')
  const mirror = { ...pod, metadata: { ...pod.metadata, annotations: { 'kubernetes.io/config.mirror': 'x' } } }
  const { ask } = world(mirror)
  assert.equal((await ask('get :secrets: ns/pull')).decision, 'NoOpinion')
  assert.equal((await ask('get :pods: ns/web')).decision, 'Allow')
})

test('only members of system:nodes are nodes', async () => {
  const { authorizer } = world(pod)
  const asked = { verb: 'get', group: '', resource: 'nodes', name: 'n1' }
  for (const user of [
    { name: 'system:node:n1', groups: [] },
    { name: 'ann', groups: ['system:nodes'] },
  ]) {
    assert.deepEqual(await authorizer.authorize({ ...asked, user }), { decision: 'NoOpinion', reason: '' })
  }
  const nameless = await authorizer.authorize({ ...asked, user: { name: 'system:node:', groups: ['system:nodes'] } })
  assert.match(nameless.reason, /unknown node/)
})
