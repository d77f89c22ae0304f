import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Container, PersistentVolumeClaim, Pod, ResourceQuota, ScopedResourceSelectorRequirement, Service } from '../core/v1/index.js'
import { resourceListOf } from './amounts.js'
import { isBestEffort, podLimits, podRequests } from './pod-resources.js'
import { quotaEvaluator, quotaMatches } from './quota-usage.js'

const container = (requests: Record<string, string>, limits: Record<string, string> = {}, more: Partial<Container> = {}): Container => ({
  name: 'c',
  resources: { requests, limits },
  ...more,
})
const pod = (spec: Partial<NonNullable<Pod['spec']>>, status: Pod['status'] = {}): Pod => ({
  metadata: { name: 'p' },
  spec: { containers: [], ...spec },
  status,
})

const requestCases: { what: string; pod: Pod; requests: Record<string, string> }[] = [
  {
    what: 'containers add up',
    pod: pod({ containers: [container({ cpu: '100m' }), container({ cpu: '0.5', memory: '1Gi' })] }),
    requests: { cpu: '600m', memory: '1Gi' },
  },
  {
    what: 'a greater init container counts instead',
    pod: pod({ containers: [container({ cpu: '1' })], initContainers: [container({ cpu: '2' }), container({ cpu: '3' })] }),
    requests: { cpu: '3' },
  },
  {
    what: 'sidecars run beside containers and later init containers',
    pod: pod({
      containers: [container({ cpu: '1' })],
      initContainers: [container({ cpu: '1' }, {}, { restartPolicy: 'Always' }), container({ cpu: '2' })],
    }),
    requests: { cpu: '3' },
  },
  {
    what: 'overhead is added',
    pod: pod({ containers: [container({ cpu: '1' })], overhead: { cpu: '100m', memory: '10Mi' } }),
    requests: { cpu: '1100m', memory: '10Mi' },
  },
  {
    what: 'amounts of the pod take the place of sums',
    pod: pod({ containers: [container({ cpu: '1', 'a/b': '1' })], resources: { requests: { cpu: '5', 'a/b': '7' } } }),
    requests: { cpu: '5', 'a/b': '1' },
  },
]
for (const { what, pod, requests } of requestCases) {
  test(`pod requests: ${what}`, () => assert.deepEqual(resourceListOf(podRequests(pod)), requests))
}

test('pod requests during a resize: the greatest of asked, allotted and in force', () => {
  const resizing = pod(
    { containers: [container({ cpu: '1' })] },
    {
      containerStatuses: [
        {
          name: 'c',
          image: 'i',
          imageID: '',
          ready: true,
          restartCount: 0,
          allocatedResources: { cpu: '2' },
          resources: { requests: { cpu: '3' } },
        },
      ],
    },
  )
  assert.deepEqual(resourceListOf(podRequests(resizing)), { cpu: '1' })
  assert.deepEqual(resourceListOf(podRequests(resizing, { status: true })), { cpu: '3' })
})

test('pod limits get overhead only where there is a limit', () => {
  const limited = pod({
    containers: [container({}, { cpu: '1' }), container({}, { cpu: '1', memory: '0' })],
    overhead: { cpu: '1', memory: '1Mi', 'ephemeral-storage': '1' },
  })
  assert.deepEqual(resourceListOf(podLimits(limited)), { cpu: '3', memory: '0' })
})

test('best effort is a pod without any cpu or memory', () => {
  assert.equal(isBestEffort(pod({ containers: [container({ 'ephemeral-storage': '1Gi', cpu: '0' })] })), true)
  assert.equal(isBestEffort(pod({ containers: [container({}, { memory: '1' })] })), false)
  assert.equal(isBestEffort(pod({ resources: { requests: { cpu: '1' } } })), false)
})

const now = Date.parse('2026-01-01T00:01:00Z')
const usage = (resource: string, object: object) => resourceListOf(quotaEvaluator('', resource).usage(object as Pod, now))

test('usage of a pod', () => {
  const running = pod({
    containers: [
      container({ cpu: '1', memory: '1Gi', 'hugepages-2Mi': '2Mi', 'example.com/gpu': '1', 'kubernetes.io/x': '1' }, { cpu: '2' }),
    ],
  })
  assert.deepEqual(usage('pods', running), {
    'count/pods': '1',
    cpu: '1',
    'hugepages-2Mi': '2Mi',
    'limits.cpu': '2',
    memory: '1Gi',
    pods: '1',
    'requests.cpu': '1',
    'requests.example.com/gpu': '1',
    'requests.hugepages-2Mi': '2Mi',
    'requests.memory': '1Gi',
  })
  assert.deepEqual(usage('pods', { ...running, status: { phase: 'Succeeded' } }), { 'count/pods': '1' })
  const deleted = (seconds: number) => ({
    ...running,
    metadata: { deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: seconds },
  })
  assert.equal(usage('pods', deleted(59))['pods'], undefined)
  assert.equal(usage('pods', deleted(60))['pods'], '1')
})

test('usage of services', () => {
  const service = (spec: Partial<NonNullable<Service['spec']>>) =>
    usage('services', { metadata: {}, spec: { ports: [{ port: 1 }, { port: 2, nodePort: 30001 }], ...spec } })
  const counts = (nodePorts: string, balancers: string) => ({
    'count/services': '1',
    services: '1',
    'services.loadbalancers': balancers,
    'services.nodeports': nodePorts,
  })
  assert.deepEqual(service({ type: 'ClusterIP' }), counts('0', '0'))
  assert.deepEqual(service({ type: 'NodePort' }), counts('2', '0'))
  assert.deepEqual(service({ type: 'LoadBalancer' }), counts('2', '1'))
  assert.deepEqual(service({ type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }), counts('1', '1'))
})

test('usage of claims counts by storage class as well, in whole bytes', () => {
  const claim: PersistentVolumeClaim = { metadata: {}, spec: { storageClassName: 'fast', resources: { requests: { storage: '1500m' } } } }
  assert.deepEqual(usage('persistentvolumeclaims', claim), {
    'count/persistentvolumeclaims': '1',
    'fast.storageclass.storage.k8s.io/persistentvolumeclaims': '1',
    'fast.storageclass.storage.k8s.io/requests.storage': '2',
    persistentvolumeclaims: '1',
    'requests.storage': '2',
  })
  assert.equal(
    usage('persistentvolumeclaims', { ...claim, status: { allocatedResources: { storage: '10Gi' } } })['requests.storage'],
    '10Gi',
  )
})

test('everything else is counted as objects', () => {
  assert.deepEqual(usage('configmaps', {}), { configmaps: '1', 'count/configmaps': '1' })
  assert.deepEqual(resourceListOf(quotaEvaluator('apps', 'deployments').usage({ metadata: {} }, now)), { 'count/deployments.apps': '1' })
  assert.equal(quotaEvaluator('apps', 'deployments').counts('pods'), false)
})

const scopeCases: [ScopedResourceSelectorRequirement, Pod, boolean][] = [
  [{ scopeName: 'Terminating', operator: 'Exists' }, pod({ activeDeadlineSeconds: 0 }), true],
  [{ scopeName: 'NotTerminating', operator: 'Exists' }, pod({ activeDeadlineSeconds: 5 }), false],
  [{ scopeName: 'BestEffort', operator: 'Exists' }, pod({}), true],
  [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }, pod({ priorityClassName: 'high' }), true],
  [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }, pod({}), false],
  [{ scopeName: 'PriorityClass', operator: 'NotIn', values: ['high'] }, pod({}), true],
  [{ scopeName: 'PriorityClass', operator: 'Exists' }, pod({}), false],
  [{ scopeName: 'PriorityClass', operator: 'DoesNotExist' }, pod({}), true],
  [
    { scopeName: 'CrossNamespacePodAffinity', operator: 'Exists' },
    pod({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'k', namespaces: ['x'] }] } } }),
    true,
  ],
  [
    { scopeName: 'CrossNamespacePodAffinity', operator: 'Exists' },
    pod({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'k' }] } } }),
    false,
  ],
]
for (const [scope, object, expected] of scopeCases) {
  test(`scope ${scope.scopeName} ${scope.operator} ${scope.values ?? ''}: ${expected}`, () => {
    const quota: ResourceQuota = { metadata: {}, spec: { scopeSelector: { matchExpressions: [scope] } }, status: { hard: { pods: '1' } } }
    assert.equal(quotaMatches(quotaEvaluator('', 'pods'), quota, object), expected)
    assert.equal(quotaMatches(quotaEvaluator('', 'pods'), { ...quota, status: { hard: { services: '1' } } }, object), false)
  })
}
