import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type KubernetesObject, normalise } from '@treeline/machinery'
import { builtinKinds } from './builtin-kinds.js'
import type { Cell } from './kind.js'

/** The columns of a Table by kind, in brackets those only shown with -o wide. */
const columns: Readonly<Record<string, string>> = {
  Pod: 'Name Ready Status Restarts Age [IP] [Node] [Nominated Node] [Readiness Gates]',
  Deployment: 'Name Ready Up-to-date Available Age [Containers] [Images] [Selector]',
  ReplicaSet: 'Name Desired Current Ready Age [Containers] [Images] [Selector]',
  ReplicationController: 'Name Desired Current Ready Age [Containers] [Images] [Selector]',
  StatefulSet: 'Name Ready Age [Containers] [Images]',
  DaemonSet: 'Name Desired Current Ready Up-to-date Available Node Selector Age [Containers] [Images] [Selector]',
  Job: 'Name Status Completions Duration Age [Containers] [Images] [Selector]',
  CronJob: 'Name Schedule Timezone Suspend Active Last Schedule Age [Containers] [Images] [Selector]',
  Service: 'Name Type Cluster-IP External-IP Port(s) Age [Selector]',
  Endpoints: 'Name Endpoints Age',
  EndpointSlice: 'Name AddressType Ports Endpoints Age',
  Ingress: 'Name Class Hosts Address Ports Age',
  IngressClass: 'Name Controller Parameters Age',
  Node: 'Name Status Roles Age Version [Internal-IP] [External-IP] [OS-Image] [Kernel-Version] [Container-Runtime]',
  Namespace: 'Name Status Age',
  Event: 'Last Seen Type Reason Object [Subobject] [Source] Message [First Seen] [Count] [Name]',
  ConfigMap: 'Name Data Age',
  Secret: 'Name Type Data Age',
  ServiceAccount: 'Name Age',
  PersistentVolume: 'Name Capacity Access Modes Reclaim Policy Status Claim StorageClass VolumeAttributesClass Reason Age [VolumeMode]',
  PersistentVolumeClaim: 'Name Status Volume Capacity Access Modes StorageClass VolumeAttributesClass Age [VolumeMode]',
  StorageClass: 'Name Provisioner ReclaimPolicy VolumeBindingMode AllowVolumeExpansion Age',
  HorizontalPodAutoscaler: 'Name Reference Targets MinPods MaxPods Replicas Age',
  PodDisruptionBudget: 'Name Min Available Max Unavailable Allowed Disruptions Age',
  ResourceQuota: 'Name Request Limit Age',
  PriorityClass: 'Name Value Global-Default Age PreemptionPolicy',
  Role: 'Name Created At',
  LimitRange: 'Name Created At',
  CustomResourceDefinition: 'Name Created At',
  CSIStorageCapacity: 'Name Created At',
  RoleBinding: 'Name Role Age [Users] [Groups] [ServiceAccounts]',
  CertificateSigningRequest: 'Name Age SignerName Requestor RequestedDuration Condition',
  Lease: 'Name Holder Age',
  NetworkPolicy: 'Name Pod-Selector Age',
  VolumeAttachment: 'Name Attacher PV Node Attached Age',
  FlowSchema: 'Name PriorityLevel MatchingPrecedence DistinguisherMethod Age MissingPL',
  PriorityLevelConfiguration: 'Name Type NominalConcurrencyShares Queues HandSize QueueLengthLimit Age',
  APIService: 'Name Service Available Age',
  ResourceClaim: 'Name State Age',
  ControllerRevision: 'Name Controller Revision Age',
  PodTemplate: 'Name Containers Images Pod Labels',
}

const now = Date.parse('2026-01-01T01:00:00Z')
const created = '2026-01-01T00:00:00Z'
const metadata = { name: 'x', creationTimestamp: created }
const template = {
  spec: {
    containers: [
      { name: 'a', image: 'i' },
      { name: 'b', image: 'j' },
    ],
  },
}

/** An object of a kind, and the cells of its row. */
const rows: readonly (readonly [kind: string, object: object, cells: readonly Cell[]])[] = [
  ['ConfigMap', { data: { a: '' }, binaryData: { b: '' } }, ['x', 2, '60m']],
  [
    'Deployment',
    { spec: { replicas: 3, selector: { matchLabels: { b: '1', a: '2' } }, template }, status: { readyReplicas: 1, updatedReplicas: 2 } },
    ['x', '1/3', 2, 0, '60m', 'a,b', 'i,j', 'a=2,b=1'],
  ],
  [
    'Service',
    { spec: { type: 'LoadBalancer', clusterIPs: ['10.0.0.1'], ports: [{ port: 80, nodePort: 30080, protocol: 'TCP' }] } },
    ['x', 'LoadBalancer', '10.0.0.1', '<pending>', '80:30080/TCP', '60m', '<none>'],
  ],
  [
    'Service',
    {
      spec: { type: 'LoadBalancer', externalIPs: ['9.9.9.9'] },
      status: { loadBalancer: { ingress: [{ ip: '5.5.5.5' }, { hostname: 'h' }, { ip: '1.1.1.1' }] } },
    },
    ['x', 'LoadBalancer', '<none>', '1.1.1.1,5.5.5.5,h,9.9.9.9', '<none>', '60m', '<none>'],
  ],
  [
    'Service',
    { spec: { type: 'ExternalName', externalName: 'e.x', externalIPs: ['1.1.1.1'] } },
    ['x', 'ExternalName', '<none>', 'e.x', '<none>', '60m', '<none>'],
  ],
  [
    'Node',
    {
      metadata: { ...metadata, labels: { 'node-role.kubernetes.io/b': '', 'node-role.kubernetes.io/a': '', 'kubernetes.io/role': 'c' } },
      spec: { unschedulable: true },
      status: { conditions: [{ type: 'Ready', status: 'Unknown' }], addresses: [{ type: 'InternalIP', address: '1.2.3.4' }] },
    },
    ['x', 'NotReady,SchedulingDisabled', 'a,b,c', '60m', '', '1.2.3.4', '<none>', '<unknown>', '<unknown>', '<unknown>'],
  ],
  [
    'Endpoints',
    { subsets: [{ addresses: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }], ports: [{ port: 1 }, { port: 2 }] }] },
    ['x', '10.0.0.1:1,[fd00::1]:1,10.0.0.1:2 + 1 more...', '60m'],
  ],
  ['EndpointSlice', { addressType: 'IPv4', endpoints: [], ports: [{ name: 'n' }] }, ['x', 'IPv4', 'n', '<unset>', '60m']],
  [
    'Job',
    {
      spec: { completions: 4, template, selector: { matchLabels: { a: 'b' } } },
      status: { succeeded: 1, startTime: '2026-01-01T00:30:00Z', conditions: [{ type: 'Suspended', status: 'True' }] },
    },
    ['x', 'Suspended', '1/4', '30m', '60m', 'a,b', 'i,j', 'a=b'],
  ],
  ['Job', { spec: { parallelism: 3, template }, status: {} }, ['x', 'Running', '0/1 of 3', '', '60m', 'a,b', 'i,j', '<none>']],
  [
    'Event',
    {
      involvedObject: { kind: 'Pod', name: 'p' },
      reason: 'R',
      type: 'Warning',
      message: ' m\n',
      source: { component: 'c', host: 'h' },
      firstTimestamp: '2026-01-01T00:50:00Z',
      count: 2,
    },
    ['10m', 'Warning', 'R', 'pod/p', '', 'c, h', 'm', '10m', 2, 'x'],
  ],
  [
    'PersistentVolumeClaim',
    {
      spec: { volumeName: 'v', storageClassName: 's', volumeMode: 'Block' },
      status: { phase: 'Bound', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteMany', 'ReadWriteOnce'] },
    },
    ['x', 'Bound', 'v', '1Gi', 'RWO,RWX', 's', '<unset>', '60m', 'Block'],
  ],
  [
    'StorageClass',
    { metadata: { ...metadata, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } }, provisioner: 'p' },
    ['x (default)', 'p', 'Delete', 'Immediate', false, '60m'],
  ],
  [
    'HorizontalPodAutoscaler',
    {
      spec: {
        maxReplicas: 5,
        scaleTargetRef: { kind: 'Deployment', name: 'd' },
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
          { type: 'External', external: { metric: { name: 'm' }, target: { type: 'AverageValue', averageValue: '5' } } },
          { type: 'Pods', pods: { metric: { name: 'm' }, target: { type: 'AverageValue', averageValue: '5' } } },
        ],
      },
      status: {
        currentReplicas: 2,
        desiredReplicas: 2,
        currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 40 } } }],
      },
    },
    ['x', 'Deployment/d', 'cpu: 40%/80%, <unknown>/5 (avg) + 1 more...', '<unset>', 5, 2, '60m'],
  ],
  [
    'ResourceQuota',
    { status: { hard: { pods: '5', 'limits.cpu': '1', 'requests.cpu': '2' }, used: { pods: '1' } } },
    ['x', 'pods: 1/5, requests.cpu: 0/2', 'limits.cpu: 0/1', '60m'],
  ],
  [
    'RoleBinding',
    {
      roleRef: { kind: 'Role', name: 'r' },
      subjects: [
        { kind: 'User', name: 'u' },
        { kind: 'ServiceAccount', name: 's', namespace: 'n' },
      ],
    },
    ['x', 'Role/r', '60m', 'u', '', 'n/s'],
  ],
  [
    'CertificateSigningRequest',
    {
      spec: { signerName: 's', username: 'u', expirationSeconds: 3600 },
      status: { conditions: [{ type: 'Approved' }, { type: 'Failed' }], certificate: 'eA==' },
    },
    ['x', '60m', 's', 'u', '60m', 'Approved,Failed,Issued'],
  ],
  [
    'APIService',
    { spec: {}, status: { conditions: [{ type: 'Available', status: 'False', reason: 'Down' }] } },
    ['x', 'Local', 'False (Down)', '60m'],
  ],
  ['Role', {}, ['x', created]],
]

for (const [kindName, expected] of Object.entries(columns)) {
  test(`the columns of ${kindName}`, () => {
    assert.equal(
      kind(kindName)
        .columns.map(({ name, priority }) => (priority === 0 ? name : `[${name}]`))
        .join(' '),
      expected,
    )
  })
}

for (const [kindName, object, cells] of rows) {
  test(`a row of ${kindName}: ${cells.join(' | ')}`, () => {
    const row = { metadata, ...object } as KubernetesObject
    assert.deepEqual(
      kind(kindName).columns.map((column) => column.cell(row, now)),
      cells,
    )
  })
}

for (const each of builtinKinds) {
  test(`an empty ${each.version} ${each.kind} has a row`, () => {
    const empty = normalise<KubernetesObject>(each.schema, { metadata: {} })
    for (const column of each.columns) assert.notEqual(column.cell(empty, now), undefined)
  })
}

test('a pod that has ended has a row that says so', () => {
  const { rowConditions } = kind('Pod')
  const pod = { metadata: {}, status: { phase: 'Succeeded' } } as KubernetesObject
  assert.equal(rowConditions?.(pod)[0]?.reason, 'Succeeded')
  assert.deepEqual(rowConditions?.({ metadata: {} }), [])
})

function kind(name: string) {
  const found = builtinKinds.find((candidate) => candidate.kind === name)
  assert.ok(found, name)
  return found
}
