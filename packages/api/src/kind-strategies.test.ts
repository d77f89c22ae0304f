import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubernetesObject } from '@treeline/machinery'
import {
  CertificateSigningRequest,
  CSIDriver,
  CustomResourceDefinition,
  DaemonSet,
  Deployment,
  EndpointSlice,
  Job,
  Lease,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  ResourceClaim,
  Secret,
  Service,
  ServiceAccount,
  ServiceCIDR,
} from './index.js'
import type { Kind, WriteRequest } from './kind.js'

const now = new Date('2026-01-01T00:00:00Z')

/** What becomes of an object when it is created. */
function created<T extends KubernetesObject>(kind: Kind<T>, object: object, request: WriteRequest = { now }): T {
  const copy = { metadata: { name: 'x' }, ...structuredClone(object) } as T
  kind.strategy.applyDefaults?.(copy)
  kind.strategy.prepareForCreate?.(copy, request)
  return copy
}

/** What becomes of an update. */
function updated<T extends KubernetesObject>(kind: Kind<T>, object: object, old: object): T {
  const copy = { metadata: { name: 'x' }, ...structuredClone(object) } as T
  kind.strategy.prepareForUpdate?.(copy, { metadata: { name: 'x' }, ...old } as T, { now })
  return copy
}

function statusUpdated<T extends KubernetesObject>(kind: Kind<T>, object: object, old: object): T {
  const copy = { metadata: { name: 'x' }, ...structuredClone(object) } as T
  kind.strategy.prepareForStatusUpdate?.(copy, { metadata: { name: 'x' }, ...old } as T, { now })
  return copy
}

test('creators do not choose the status, updaters of the main resource do not change it', () => {
  const old = { spec: {}, status: { replicas: 2 } }
  assert.deepEqual(created(Deployment, { spec: {}, status: { replicas: 9 } }).status, {})
  assert.deepEqual(updated(Deployment, { spec: {}, status: { replicas: 9 } }, old).status, { replicas: 2 })
  assert.equal(created(DaemonSet, { spec: {} }).status?.desiredNumberScheduled, 0)
})

test('nodes register with their status, and ServiceCIDR lets it be written', () => {
  assert.deepEqual(created(Node, { status: { capacity: { cpu: '1' } } }).status?.capacity, { cpu: '1' })
  assert.deepEqual(updated(Node, { status: { capacity: { cpu: '2' } } }, { status: { capacity: { cpu: '1' } } }).status, {
    capacity: { cpu: '1' },
  })
  assert.deepEqual(updated(ServiceCIDR, { status: { conditions: [] } }, {}).status, { conditions: [] })
})

test('the status subresource changes the status, and the metadata some kinds let it', () => {
  const old = { metadata: { name: 'x', labels: { a: '1' } }, spec: { replicas: 1 }, status: {} }
  const next = { metadata: { name: 'x', labels: { a: '2' }, annotations: { b: '2' } }, spec: { replicas: 5 }, status: { replicas: 1 } }
  const deployment = statusUpdated(Deployment, next, old)
  assert.deepEqual(
    [deployment.metadata, deployment.spec, deployment.status],
    [{ name: 'x', labels: { a: '1' }, annotations: { b: '2' } }, old.spec, next.status],
  )
  assert.deepEqual(statusUpdated(Job, next, old).metadata, next.metadata)
  assert.deepEqual(statusUpdated(ResourceClaim, next, old).metadata, { name: 'x', labels: { a: '1' } })
})

test('a new pod is pending, has its class, and selects by its own label values', () => {
  const selector = {
    labelSelector: { matchLabels: { app: 'x' } },
    topologyKey: 'zone',
    matchLabelKeys: ['hash'],
    mismatchLabelKeys: ['tenant', 'absent'],
  }
  const pod = created(Pod, {
    metadata: { name: 'x', labels: { hash: 'h', tenant: 't' } },
    spec: {
      containers: [{ name: 'a' }],
      schedulingGates: [{ name: 'g' }],
      affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [selector] } },
    },
    status: { phase: 'Running' },
  })
  assert.equal(pod.status?.phase, 'Pending')
  assert.equal(pod.status?.qosClass, 'BestEffort')
  assert.deepEqual(
    [pod.status?.conditions?.[0]?.reason, pod.status?.conditions?.[0]?.lastTransitionTime],
    ['SchedulingGated', '2026-01-01T00:00:00Z'],
  )
  assert.deepEqual(pod.spec?.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.[0]?.labelSelector?.matchExpressions, [
    { key: 'hash', operator: 'In', values: ['h'] },
    { key: 'tenant', operator: 'NotIn', values: ['t'] },
  ])
})

const quality: readonly (readonly [resources: readonly object[], expected: string])[] = [
  [[{}], 'BestEffort'],
  [[{ limits: { cpu: '1', memory: '1Gi' } }], 'Guaranteed'],
  [[{ limits: { cpu: '1', memory: '1Gi' } }, {}], 'Burstable'],
  [[{ limits: { cpu: '1' } }], 'Burstable'],
  [[{ requests: { cpu: '1' }, limits: { cpu: '2', memory: '1Gi' } }], 'Burstable'],
  [[{ requests: { 'example.com/gpu': '1' } }], 'BestEffort'],
  [[{ requests: { cpu: '0' } }], 'BestEffort'],
]

for (const [resources, expected] of quality) {
  test(`a pod with ${JSON.stringify(resources)} is ${expected}`, () => {
    const containers = resources.map((each, index) => ({ name: `c${index}`, resources: each }))
    assert.equal(created(Pod, { spec: { containers } }).status?.qosClass, expected)
  })
}

test('grace is from the request, the pod, or nothing where nothing runs', () => {
  const grace = (pod: object, requested?: number): number | undefined =>
    Pod.strategy.gracePeriod?.({ metadata: {}, ...pod } as Pod, requested)
  const running = { spec: { nodeName: 'n', terminationGracePeriodSeconds: 30, containers: [] } }
  assert.deepEqual([grace(running), grace(running, 5), grace(running, 0), grace(running, -3)], [30, 5, 0, 1])
  assert.equal(grace({ spec: { terminationGracePeriodSeconds: 30 } }, 20), 0)
  assert.equal(grace({ ...running, status: { phase: 'Failed' } }), 0)
})

test('ephemeralcontainers and resize change nothing else of a pod', () => {
  const old = {
    metadata: { name: 'x', labels: { a: '1' } },
    spec: { containers: [{ name: 'a', image: 'i' }] },
    status: { phase: 'Running' },
  } as Pod
  const debugged = { metadata: { name: 'x' }, spec: { containers: [], ephemeralContainers: [{ name: 'e' }] } } as unknown as Pod
  Pod.strategy.subresources?.['ephemeralcontainers']?.prepareForUpdate(debugged, old)
  assert.deepEqual(debugged, { ...old, spec: { ...old.spec, ephemeralContainers: [{ name: 'e' }] } })
  const resized = {
    metadata: { name: 'x' },
    spec: { containers: [{ name: 'a', image: 'other', resources: { limits: { cpu: '1' } } }] },
  } as Pod
  Pod.strategy.subresources?.['resize']?.prepareForUpdate(resized, old)
  assert.deepEqual(resized, { ...old, spec: { containers: [{ name: 'a', image: 'i', resources: { limits: { cpu: '1' } } }] } })
})

test('a namespace has its finalizer and its label', () => {
  const namespace = created(Namespace, { spec: { finalizers: ['example.com/x'] } })
  assert.deepEqual(
    [namespace.spec?.finalizers, namespace.metadata.labels, namespace.status],
    [['example.com/x', 'kubernetes'], { 'kubernetes.io/metadata.name': 'x' }, { phase: 'Active' }],
  )
  assert.deepEqual(updated(Namespace, { spec: { finalizers: [] } }, { spec: { finalizers: ['kubernetes'] } }).spec, {
    finalizers: ['kubernetes'],
  })
})

test('a service that changes its type gives up what only the former one has', () => {
  const old = {
    spec: {
      type: 'LoadBalancer',
      clusterIP: '10.0.0.1',
      clusterIPs: ['10.0.0.1'],
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 30001,
      allocateLoadBalancerNodePorts: true,
      loadBalancerClass: 'a/b',
      ports: [{ port: 80, nodePort: 30080 }],
    },
    status: { loadBalancer: { ingress: [{ ip: '1.1.1.1' }] } },
  }
  const internal = updated(Service, { spec: { ...old.spec, type: 'ClusterIP' } }, old)
  assert.deepEqual(internal.spec, { type: 'ClusterIP', clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], ports: [{ port: 80 }] })
  assert.deepEqual(internal.status, { loadBalancer: {} })
  const alias = updated(Service, { spec: { ...old.spec, type: 'ExternalName' } }, old)
  assert.deepEqual([alias.spec?.clusterIP, alias.spec?.clusterIPs], [undefined, undefined])
  const changed = updated(Service, { spec: { ...old.spec, type: 'ClusterIP', ports: [{ port: 80, nodePort: 30099 }] } }, old)
  assert.equal(changed.spec?.ports?.[0]?.nodePort, 30099, 'what the client set anew is left for validation')
})

test('a job is tied to its pods by its uid', () => {
  const job = created(Job, { metadata: { name: 'x', uid: 'u' }, spec: { template: { metadata: { labels: { 'job-name': 'mine' } } } } })
  assert.deepEqual(job.spec?.selector, { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u' } })
  assert.deepEqual(job.spec?.template.metadata?.labels, {
    'job-name': 'mine',
    'batch.kubernetes.io/job-name': 'x',
    'controller-uid': 'u',
    'batch.kubernetes.io/controller-uid': 'u',
  })
  assert.equal(created(Job, { spec: { manualSelector: true } }).spec?.selector, undefined)
})

test('a request for a certificate is the user’s who makes it', () => {
  const user = { name: 'ann', groups: ['system:authenticated'], extra: { scopes: ['a'] } }
  const request = created(
    CertificateSigningRequest,
    { spec: { signerName: 's', request: '', username: 'root', groups: ['system:masters'] } },
    { now, user },
  )
  assert.deepEqual(request.spec, {
    signerName: 's',
    request: '',
    username: 'ann',
    groups: ['system:authenticated'],
    extra: { scopes: ['a'] },
  })
})

test('an approval changes conditions, and stamps them', () => {
  const old = {
    metadata: { name: 'x' },
    spec: { signerName: 's', request: '' },
    status: { certificate: 'eA==' },
  } as CertificateSigningRequest
  const approved = {
    metadata: { name: 'x' },
    spec: {},
    status: { conditions: [{ type: 'Approved', status: 'True' }] },
  } as unknown as CertificateSigningRequest
  CertificateSigningRequest.strategy.subresources?.['approval']?.prepareForUpdate(approved, old, { now })
  const time = '2026-01-01T00:00:00Z'
  assert.deepEqual(
    [approved.spec, approved.status],
    [old.spec, { certificate: 'eA==', conditions: [{ type: 'Approved', status: 'True', lastUpdateTime: time, lastTransitionTime: time }] }],
  )
})

test('a volume knows since when it is in its phase', () => {
  assert.deepEqual(created(PersistentVolume, { spec: {} }).status, { phase: 'Pending', lastPhaseTransitionTime: '2026-01-01T00:00:00Z' })
  const old = { status: { phase: 'Available', lastPhaseTransitionTime: '2025-01-01T00:00:00Z' } }
  assert.equal(
    statusUpdated(PersistentVolume, { status: { phase: 'Available' } }, old).status?.lastPhaseTransitionTime,
    '2025-01-01T00:00:00Z',
  )
  assert.equal(statusUpdated(PersistentVolume, { status: { phase: 'Bound' } }, old).status?.lastPhaseTransitionTime, '2026-01-01T00:00:00Z')
})

test('the two data sources of a claim say the same', () => {
  const claim = (spec: object) => created(PersistentVolumeClaim, { spec }).spec
  assert.deepEqual(claim({ dataSource: { kind: 'PersistentVolumeClaim', name: 'p' } })?.dataSourceRef, {
    kind: 'PersistentVolumeClaim',
    name: 'p',
  })
  assert.deepEqual(claim({ dataSourceRef: { apiGroup: 'x.com', kind: 'X', name: 'p' } })?.dataSource, {
    apiGroup: 'x.com',
    kind: 'X',
    name: 'p',
  })
  assert.equal(claim({ dataSource: { apiGroup: 'x.com', kind: 'X', name: 'p' } })?.dataSource, undefined)
  assert.equal(claim({ dataSourceRef: { kind: 'X', name: 'p', namespace: 'n' } })?.dataSourceRef, undefined)
})

test('fields of features that are off are dropped, unless they were in use', () => {
  const spec = { holderIdentity: 'h', strategy: 'OldestEmulationVersion' }
  assert.deepEqual(created(Lease, { spec }).spec, { holderIdentity: 'h' })
  assert.deepEqual(updated(Lease, { spec }, { spec: {} }).spec, { holderIdentity: 'h' })
  assert.deepEqual(updated(Lease, { spec }, { spec }).spec, spec)
})

test('templates of daemon sets are counted in an annotation', () => {
  const annotation = 'deprecated.daemonset.template.generation'
  const old = created(DaemonSet, { spec: { template: { spec: { containers: [] } } } })
  assert.equal(old.metadata.annotations?.[annotation], '1')
  assert.equal(updated(DaemonSet, { spec: old.spec }, old).metadata.annotations?.[annotation], '1')
  const next = { ...old.spec, template: { spec: { containers: [], hostNetwork: true } } }
  assert.equal(updated(DaemonSet, { spec: next }, old).metadata.annotations?.[annotation], '2')
})

test('smaller rules', () => {
  assert.equal(updated(Secret, { data: {} }, { type: 't' }).type, 't')
  assert.deepEqual(created(ServiceAccount, { secrets: [{ name: 's', namespace: 'n', kind: 'Secret' }] }).secrets, [{ name: 's' }])
  assert.equal(
    created(EndpointSlice, { addressType: 'IPv4', endpoints: [{ addresses: [], deprecatedTopology: {} }] }).endpoints[0]
      ?.deprecatedTopology,
    undefined,
  )
  assert.equal(created(CSIDriver, { metadata: { name: 'x', generation: 1 }, spec: {} }).metadata.generation, undefined)
  const versions = [{ name: 'v2', served: true, storage: true }]
  const definition = updated(CustomResourceDefinition, { spec: { names: {}, versions } }, { spec: {}, status: { storedVersions: ['v1'] } })
  assert.deepEqual(definition.status?.storedVersions, ['v1', 'v2'])
  assert.deepEqual(Deployment.strategy.generationCounts?.({ metadata: { annotations: { a: 'b' } } } as Deployment), [undefined, { a: 'b' }])
})
