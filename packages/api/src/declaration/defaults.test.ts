import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isObject, normalise } from '@treeline/machinery'
import { builtinKinds } from '../builtin-kinds.js'

/** Kind, what is given, and what must be there when defaults are filled in (compared where stated). */
const cases: readonly (readonly [kind: string, given: object, expected: object])[] = [
  [
    'Pod',
    { spec: { containers: [{ name: 'a', image: 'nginx' }] } },
    {
      spec: {
        restartPolicy: 'Always',
        dnsPolicy: 'ClusterFirst',
        schedulerName: 'default-scheduler',
        terminationGracePeriodSeconds: 30,
        securityContext: {},
        enableServiceLinks: true,
        containers: [{ imagePullPolicy: 'Always', terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' }],
      },
    },
  ],
  ['Pod', { spec: { containers: [{ name: 'a', image: 'nginx:1.27' }] } }, { spec: { containers: [{ imagePullPolicy: 'IfNotPresent' }] } }],
  [
    'Pod',
    { spec: { containers: [{ name: 'a', resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } } }] } },
    { spec: { containers: [{ resources: { requests: { cpu: '500m', memory: '1Gi' } } }] } },
  ],
  [
    'Pod',
    { spec: { hostNetwork: true, containers: [{ name: 'a', ports: [{ containerPort: 80 }] }] } },
    { spec: { containers: [{ ports: [{ protocol: 'TCP', hostPort: 80 }] }] } },
  ],
  [
    'Pod',
    { spec: { resources: { limits: { cpu: '2' } }, containers: [{ name: 'a', resources: { requests: { cpu: '100m' } } }] } },
    { spec: { resources: { requests: { cpu: '100m' } } } },
  ],
  ['Pod', { spec: { serviceAccount: 'robot', containers: [] } }, { spec: { serviceAccount: 'robot', serviceAccountName: 'robot' } }],
  ['Pod', { spec: { terminationGracePeriodSeconds: -5, containers: [] } }, { spec: { terminationGracePeriodSeconds: 1 } }],
  [
    'Pod',
    {
      spec: {
        containers: [
          { name: 'a', livenessProbe: { httpGet: { port: 80 } }, env: [{ name: 'N', valueFrom: { fieldRef: { fieldPath: 'x' } } }] },
        ],
        volumes: [
          { name: 'e' },
          { name: 's', secret: { secretName: 'x' } },
          { name: 'p', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } },
        ],
      },
    },
    {
      spec: {
        containers: [
          {
            livenessProbe: {
              timeoutSeconds: 1,
              periodSeconds: 10,
              successThreshold: 1,
              failureThreshold: 3,
              httpGet: { path: '/', scheme: 'HTTP' },
            },
            env: [{ valueFrom: { fieldRef: { apiVersion: 'v1' } } }],
          },
        ],
        volumes: [
          { emptyDir: {} },
          { secret: { defaultMode: 420 } },
          { projected: { defaultMode: 420, sources: [{ serviceAccountToken: { expirationSeconds: 3600 } }] } },
        ],
      },
    },
  ],
  [
    'Service',
    { spec: { ports: [{ port: 80 }] } },
    {
      spec: { type: 'ClusterIP', sessionAffinity: 'None', internalTrafficPolicy: 'Cluster', ports: [{ protocol: 'TCP', targetPort: 80 }] },
    },
  ],
  [
    'Service',
    { spec: { type: 'LoadBalancer', sessionAffinity: 'ClientIP' } },
    {
      spec: {
        externalTrafficPolicy: 'Cluster',
        allocateLoadBalancerNodePorts: true,
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } },
      },
    },
  ],
  ['Secret', { stringData: { a: 'ü' }, data: { a: 'eA==', b: 'eQ==' } }, { type: 'Opaque', data: { a: 'w7w=', b: 'eQ==' } }],
  ['Namespace', { metadata: { name: 'n' } }, { metadata: { labels: { 'kubernetes.io/metadata.name': 'n' } }, status: { phase: 'Active' } }],
  [
    'Deployment',
    { spec: { template: { spec: { containers: [] } } } },
    {
      spec: {
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
        template: { spec: { restartPolicy: 'Always' } },
      },
    },
  ],
  ['DaemonSet', { spec: {} }, { spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } } } }],
  [
    'StatefulSet',
    { spec: { volumeClaimTemplates: [{ metadata: { name: 'v' } }] } },
    {
      spec: {
        podManagementPolicy: 'OrderedReady',
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        volumeClaimTemplates: [
          { apiVersion: 'v1', kind: 'PersistentVolumeClaim', spec: { volumeMode: 'Filesystem' }, status: { phase: 'Pending' } },
        ],
      },
    },
  ],
  [
    'ReplicationController',
    { spec: { template: { metadata: { labels: { a: 'b' } } } } },
    { metadata: { labels: { a: 'b' } }, spec: { replicas: 1, selector: { a: 'b' } } },
  ],
  [
    'Job',
    { spec: {} },
    {
      spec: {
        completions: 1,
        parallelism: 1,
        backoffLimit: 6,
        completionMode: 'NonIndexed',
        suspend: false,
        podReplacementPolicy: 'TerminatingOrFailed',
        manualSelector: false,
      },
    },
  ],
  [
    'Job',
    { spec: { backoffLimitPerIndex: 1, podFailurePolicy: { rules: [] } } },
    { spec: { backoffLimit: 2147483647, podReplacementPolicy: 'Failed' } },
  ],
  [
    'CronJob',
    { spec: {} },
    { spec: { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 } },
  ],
  [
    'PersistentVolume',
    { spec: {} },
    { spec: { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' }, status: { phase: 'Pending' } },
  ],
  ['StorageClass', { provisioner: 'p' }, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }],
  ['CSIDriver', { spec: {} }, { spec: { attachRequired: true, podInfoOnMount: false, volumeLifecycleModes: ['Persistent'] } }],
  ['HorizontalPodAutoscaler', { spec: { maxReplicas: 3 } }, { spec: { minReplicas: 1 } }],
  [
    'NetworkPolicy',
    { spec: { egress: [{ ports: [{ port: 1 }] }] } },
    { spec: { policyTypes: ['Ingress', 'Egress'], egress: [{ ports: [{ protocol: 'TCP' }] }] } },
  ],
  [
    'RoleBinding',
    { roleRef: { kind: 'Role', name: 'r' }, subjects: [{ kind: 'User', name: 'u' }] },
    { roleRef: { apiGroup: 'rbac.authorization.k8s.io' }, subjects: [{ apiGroup: 'rbac.authorization.k8s.io' }] },
  ],
  [
    'MutatingWebhookConfiguration',
    { webhooks: [{ name: 'x', rules: [{ apiGroups: [''] }], clientConfig: { service: { name: 's', namespace: 'n' } } }] },
    {
      webhooks: [
        {
          failurePolicy: 'Fail',
          matchPolicy: 'Equivalent',
          timeoutSeconds: 10,
          reinvocationPolicy: 'Never',
          namespaceSelector: {},
          rules: [{ scope: '*' }],
          clientConfig: { service: { port: 443 } },
        },
      ],
    },
  ],
  ['PriorityClass', { value: 1 }, { preemptionPolicy: 'PreemptLowerPriority' }],
  ['EndpointSlice', { ports: [{ port: 1 }] }, { ports: [{ name: '', protocol: 'TCP' }] }],
  [
    'LimitRange',
    { spec: { limits: [{ type: 'Container', max: { cpu: '2' }, min: { memory: '1Mi' } }] } },
    { spec: { limits: [{ default: { cpu: '2' }, defaultRequest: { cpu: '2', memory: '1Mi' } }] } },
  ],
  ['Node', { spec: { podCIDR: '10.1.0.0/24' } }, { spec: { podCIDRs: ['10.1.0.0/24'] } }],
  ['Node', { spec: { podCIDRs: ['10.1.0.0/24', 'fd00::/64'] } }, { spec: { podCIDR: '10.1.0.0/24' } }],
  ['Pod', { spec: { containers: [] }, status: { podIP: '10.1.0.1' } }, { status: { podIPs: [{ ip: '10.1.0.1' }] } }],
  ['Pod', { spec: { containers: [] }, status: { podIPs: [{ ip: '10.1.0.1' }] } }, { status: { podIP: '10.1.0.1' } }],
  ['Node', { status: { capacity: { cpu: '4' } } }, { status: { allocatable: { cpu: '4' } } }],
  [
    'CustomResourceDefinition',
    {
      spec: {
        group: 'x.y',
        names: { kind: 'Foo', plural: 'foos' },
        scope: 'Cluster',
        versions: [{ name: 'v1', served: true, storage: true }],
      },
    },
    { spec: { names: { singular: 'foo', listKind: 'FooList' }, conversion: { strategy: 'None' } }, status: { storedVersions: ['v1'] } },
  ],
]

for (const [kindName, given, expected] of cases) {
  test(`${kindName} ${JSON.stringify(given).slice(0, 60)}`, () => {
    const kind = builtinKinds.find(({ kind }) => kind === kindName)
    assert.ok(kind)
    const object = normalise(kind.schema, { metadata: {}, ...given })
    kind.strategy.applyDefaults?.(object)
    assert.deepEqual(likeIn(object, expected), expected)
    const once = structuredClone(object)
    kind.strategy.applyDefaults?.(object)
    assert.deepEqual(object, once, 'filling in defaults twice changes nothing')
  })
}

test('amounts below a thousandth are rounded up', () => {
  const pod = builtinKinds.find(({ kind }) => kind === 'Pod')
  assert.ok(pod)
  const object = normalise(pod.schema, {
    metadata: {},
    spec: { containers: [{ name: 'a', resources: { requests: { cpu: '0.0001', memory: '1Gi' } } }] },
  })
  pod.strategy.applyDefaults?.(object)
  const expected = { spec: { containers: [{ resources: { requests: { cpu: '1m', memory: '1Gi' } } }] } }
  assert.deepEqual(likeIn(object, expected), expected)
})

/** The part of a value that another one has as well. */
function likeIn(value: unknown, shape: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(shape)) return value.map((item, index) => likeIn(item, shape[index]))
  if (!isObject(value) || !isObject(shape)) return value
  return Object.fromEntries(Object.keys(shape).flatMap((key) => (key in value ? [[key, likeIn(value[key], shape[key])]] : [])))
}
