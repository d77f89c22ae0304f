import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  ClusterRole,
  ClusterRoleBinding,
  ConfigMap,
  FlowSchema,
  IPAddress,
  Namespace,
  PriorityClass,
  PriorityLevelConfiguration,
  Role,
  RoleBinding,
  Service,
  ServiceCIDR,
} from '@treeline/api'
import { startupSteps } from '../cluster/startup-steps.js'
import { startTestCluster, type TestCluster } from '../testing/test-cluster.js'
import { bootstrapSteps } from './bootstrap.js'

let cluster: TestCluster
before(async () => {
  cluster = await startTestCluster()
})
after(() => cluster.close())

const steps = () =>
  bootstrapSteps({
    serviceCidrs: ['10.96.0.0/24'],
    serviceAddress: '10.96.0.1',
    securePort: () => cluster.server.port,
    authentication: { clientAuthorities: cluster.server.pki.authority.certificate },
  })
const kinds = [
  ClusterRole,
  ClusterRoleBinding,
  Role,
  RoleBinding,
  Namespace,
  PriorityClass,
  FlowSchema,
  PriorityLevelConfiguration,
  ConfigMap,
  Service,
  ServiceCIDR,
  IPAddress,
]

const bootstrap = () => Promise.all(startupSteps(steps(), cluster.server.internals).map((step) => step.run()))

test('a cluster begins with what upstream begins with', () => {
  const { internals } = cluster.server
  assert.deepEqual(Object.fromEntries(kinds.map((kind) => [kind.plural, internals.list(kind as never).length])), {
    clusterroles: 68,
    clusterrolebindings: 49,
    roles: 7,
    rolebindings: 7,
    namespaces: 4,
    priorityclasses: 2,
    flowschemas: 11,
    prioritylevelconfigurations: 8,
    configmaps: 2,
    services: 1,
    servicecidrs: 1,
    ipaddresses: 1,
  })
  const service = internals.get(Service, 'default', 'kubernetes')
  assert.deepEqual([service?.spec?.clusterIP, service?.spec?.ports?.[0]?.targetPort], ['10.96.0.1', cluster.server.port])
  assert.ok(internals.list(FlowSchema).every(({ status }) => status?.conditions?.[0]?.status === 'False'))
  assert.equal(internals.get(ServiceCIDR, undefined, 'kubernetes')?.status?.conditions?.[0]?.type, 'Ready')
  assert.ok((internals.get(ClusterRole, undefined, 'admin')?.rules?.length ?? 0) > 20)
})

test('a second run writes nothing', async () => {
  const { internals } = cluster.server
  const versions = () =>
    kinds
      .flatMap((kind) => internals.list(kind as never) as { metadata: { name?: string; resourceVersion?: string } }[])
      .map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`)
  const before = versions()
  await bootstrap()
  assert.deepEqual(versions(), before)
})

test('what was taken away comes back, what was added stays, and autoupdate false is left alone', async () => {
  const { internals } = cluster.server
  await internals.update(ClusterRole, undefined, 'system:kube-dns', (role) => ({
    ...role,
    rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }],
  }))
  await internals.update(ClusterRole, undefined, 'system:heapster', (role) => ({
    ...role,
    metadata: { ...role.metadata, annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' } },
    rules: [],
  }))
  await internals.update(ClusterRoleBinding, undefined, 'system:discovery', (binding) => ({
    ...binding,
    subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'ann' }],
  }))
  await internals.delete(ClusterRoleBinding, undefined, 'cluster-admin')
  await internals.delete(PriorityClass, undefined, 'system-node-critical')
  await internals.update(PriorityLevelConfiguration, undefined, 'exempt', (level) => ({
    ...level,
    metadata: { ...level.metadata, annotations: { 'apf.kubernetes.io/autoupdate-spec': 'false' } },
  }))
  await bootstrap()
  assert.deepEqual(
    internals.get(ClusterRole, undefined, 'system:kube-dns')?.rules?.map(({ verbs, resources }) => [verbs, resources]),
    [
      [['get'], ['pods']],
      [['list'], ['endpoints']],
      [['watch'], ['endpoints']],
      [['list'], ['services']],
      [['watch'], ['services']],
    ],
  )
  assert.equal(internals.get(ClusterRole, undefined, 'system:heapster')?.rules?.length ?? 0, 0)
  assert.deepEqual(
    internals.get(ClusterRoleBinding, undefined, 'system:discovery')?.subjects?.map(({ name }) => name),
    ['ann', 'system:authenticated'],
  )
  assert.ok(internals.get(ClusterRoleBinding, undefined, 'cluster-admin'))
  assert.ok(internals.get(PriorityClass, undefined, 'system-node-critical'))
})

test('a binding of ours that leads to another role is replaced', async () => {
  const { internals } = cluster.server
  const name = 'system:public-info-viewer'
  const old = internals.get(ClusterRoleBinding, undefined, name)
  await internals.delete(ClusterRoleBinding, undefined, name)
  await internals.create(ClusterRoleBinding, {
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
  })
  await bootstrap()
  assert.deepEqual(internals.get(ClusterRoleBinding, undefined, name)?.roleRef, old?.roleRef)
})
