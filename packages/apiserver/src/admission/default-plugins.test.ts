import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { UserInfo } from '../authentication/authenticator.js'
import { startTestCluster, type TestCluster } from '../testing/test-cluster.js'

let cluster: TestCluster
before(async () => {
  cluster = await startTestCluster()
  const { ask } = cluster
  await ask('POST /api/v1/namespaces', { metadata: { name: 'shop' } })
  await ask('POST /api/v1/namespaces/shop/serviceaccounts', { metadata: { name: 'default' }, imagePullSecrets: [{ name: 'pull' }] })
  await ask('POST /api/v1/nodes', {
    metadata: { name: 'n1', labels: { 'topology.kubernetes.io/zone': 'z', 'topology.kubernetes.io/region': 'r' } },
  })
})
after(() => cluster.close())

const container = { name: 'c', image: 'i' }
const pod = (name: string, spec: object = {}, metadata: object = {}) => ({
  metadata: { name, ...metadata },
  spec: { containers: [container], ...spec },
})
const dryPods = 'POST /api/v1/namespaces/shop/pods?dryRun=All'

test('NamespaceLifecycle: a missing namespace, one that goes, and those that must stay', async () => {
  const { ask, server } = cluster
  const missing = await ask('POST /api/v1/namespaces/nowhere/configmaps', { metadata: { name: 'c' } })
  assert.deepEqual([missing.code, missing.body.message], [404, 'namespaces "nowhere" not found'])
  await ask('POST /api/v1/namespaces', { metadata: { name: 'going' } })
  await ask('DELETE /api/v1/namespaces/going')
  const going = await ask('POST /api/v1/namespaces/going/configmaps', { metadata: { name: 'c' } })
  assert.equal(going.code, 403)
  assert.match(
    going.body.message,
    /^configmaps "c" is forbidden: unable to create new content in namespace going because it is being terminated$/,
  )
  assert.deepEqual(going.body.details.causes, [
    { reason: 'NamespaceTerminating', message: 'namespace going is being terminated', field: 'metadata.namespace' },
  ])
  for (const name of ['default', 'kube-system', 'kube-public']) {
    const answer = await ask(`DELETE /api/v1/namespaces/${name}`)
    assert.deepEqual([answer.code, answer.body.message], [403, `namespaces "${name}" is forbidden: this namespace may not be deleted`])
  }
  assert.ok(server)
})

test('ServiceAccount: the default account, its token and its pull secrets', async () => {
  const { body } = await cluster.ask(
    dryPods,
    pod('p', {
      initContainers: [
        { name: 'i', image: 'i', volumeMounts: [{ name: 'v', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }] },
      ],
      volumes: [{ name: 'v', emptyDir: {} }],
    }),
  )
  assert.deepEqual(
    [body.spec.serviceAccountName, body.spec.serviceAccount, body.spec.imagePullSecrets],
    ['default', 'default', [{ name: 'pull' }]],
  )
  const volume = body.spec.volumes[1]
  assert.match(volume.name, /^kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  assert.deepEqual(volume.projected, {
    defaultMode: 420,
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
    ],
  })
  assert.deepEqual(body.spec.containers[0].volumeMounts, [
    { name: volume.name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
  ])
  assert.deepEqual(
    body.spec.initContainers[0].volumeMounts.map(({ name }: { name: string }) => name),
    ['v'],
  )
  const without = await cluster.ask(dryPods, pod('p', { automountServiceAccountToken: false }))
  assert.equal(without.body.spec.volumes, undefined)
  const unknown = await cluster.ask(dryPods, pod('p', { serviceAccountName: 'ghost' }))
  assert.deepEqual(
    [unknown.code, unknown.body.message],
    [403, 'pods "p" is forbidden: error looking up service account shop/ghost: serviceaccount "ghost" not found'],
  )
})

test('ServiceAccount: waits a moment for the default account of a new namespace', async () => {
  const { ask } = cluster
  await ask('POST /api/v1/namespaces', { metadata: { name: 'fresh' } })
  const creation = ask('POST /api/v1/namespaces/fresh/pods?dryRun=All', pod('p'))
  await ask('POST /api/v1/namespaces/fresh/serviceaccounts', { metadata: { name: 'default' } })
  assert.equal((await creation).code, 201)
})

test('ServiceAccount: mirror pods open nothing; an account may limit secrets to its own', async () => {
  const mirror = { annotations: { 'kubernetes.io/config.mirror': 'x' } }
  const refusals = [
    [pod('m', { serviceAccountName: 'default' }, mirror), 'a mirror pod may not reference service accounts'],
    [pod('m', { volumes: [{ name: 'v', secret: { secretName: 's' } }] }, mirror), 'a mirror pod may not reference secrets'],
  ] as const
  for (const [body, reason] of refusals) assert.match((await cluster.ask(dryPods, body)).body.message, new RegExp(`${reason}$`))
  await cluster.ask('POST /api/v1/namespaces/shop/serviceaccounts', {
    metadata: { name: 'strict', annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' } },
    secrets: [{ name: 'own' }],
  })
  const strict = (spec: object) => cluster.ask(dryPods, pod('p', { serviceAccountName: 'strict', ...spec }))
  assert.equal((await strict({ volumes: [{ name: 'v', secret: { secretName: 'own' } }] })).code, 201)
  assert.match(
    (await strict({ volumes: [{ name: 'v', secret: { secretName: 'other' } }] })).body.message,
    /volume with secret.secretName="other" is not allowed because service account strict does not reference that secret/,
  )
  assert.match((await strict({ imagePullSecrets: [{ name: 'x' }] })).body.message, /imagePullSecrets\[0\].name="x" is not allowed/)
})

test('DefaultTolerationSeconds adds what is not tolerated yet', async () => {
  const tolerations = async (own?: object[]) =>
    (await cluster.ask(dryPods, pod('p', own ? { tolerations: own } : {}))).body.spec.tolerations.map(({ key }: { key?: string }) => key)
  const both = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
  assert.deepEqual(await tolerations(), both)
  assert.deepEqual(await tolerations([{ operator: 'Exists' }]), [undefined])
  assert.deepEqual(await tolerations([{ key: both[0], operator: 'Exists', effect: 'NoSchedule' }]), [both[0], ...both])
})

test('Priority comes from the class, the default class or is nothing', async () => {
  const { ask } = cluster
  const priorityOf = async (spec: object) => {
    const { body } = await ask(dryPods, pod('p', spec))
    return body.spec ? [body.spec.priorityClassName, body.spec.priority, body.spec.preemptionPolicy] : body.message
  }
  assert.deepEqual(await priorityOf({}), [undefined, 0, 'PreemptLowerPriority'])
  assert.deepEqual(await priorityOf({ priorityClassName: 'system-node-critical' }), [
    'system-node-critical',
    2000001000,
    'PreemptLowerPriority',
  ])
  assert.match(await priorityOf({ priorityClassName: 'ghost' }), /no PriorityClass with name ghost was found$/)
  assert.match(
    await priorityOf({ priority: 5 }),
    /the integer value of priority \(5\) must not be provided in pod spec; priority admission controller computed 0/,
  )
  const classes = 'POST /apis/scheduling.k8s.io/v1/priorityclasses'
  assert.equal((await ask(classes, { metadata: { name: 'usual' }, value: 7, globalDefault: true })).code, 201)
  assert.deepEqual(await priorityOf({}), ['usual', 7, 'PreemptLowerPriority'])
  assert.match(
    (await ask(classes, { metadata: { name: 'second' }, value: 8, globalDefault: true })).body.message,
    /PriorityClass usual is already marked as default. Only one default can exist/,
  )
  await ask('DELETE /apis/scheduling.k8s.io/v1/priorityclasses/usual')
})

test('TaintNodesByCondition, StorageObjectInUseProtection, default classes', async () => {
  const { ask } = cluster
  const node = await ask('GET /api/v1/nodes/n1')
  assert.deepEqual(node.body.spec.taints, [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }])
  const claim = { metadata: { name: 'c' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }
  const claims = 'POST /api/v1/namespaces/shop/persistentvolumeclaims?dryRun=All'
  const before = await ask(claims, claim)
  assert.deepEqual([before.body.metadata.finalizers, before.body.spec.storageClassName], [['kubernetes.io/pvc-protection'], undefined])
  await ask('POST /apis/storage.k8s.io/v1/storageclasses', {
    metadata: { name: 'fast', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'p',
  })
  assert.equal((await ask(claims, claim)).body.spec.storageClassName, 'fast')
  assert.equal((await ask(claims, { ...claim, spec: { ...claim.spec, storageClassName: '' } })).body.spec.storageClassName, '')
  await ask('POST /apis/networking.k8s.io/v1/ingressclasses', {
    metadata: { name: 'edge', annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
    spec: { controller: 'example.com/c' },
  })
  const ingress = { metadata: { name: 'i' }, spec: { defaultBackend: { service: { name: 's', port: { number: 80 } } } } }
  assert.equal(
    (await ask('POST /apis/networking.k8s.io/v1/namespaces/shop/ingresses?dryRun=All', ingress)).body.spec.ingressClassName,
    'edge',
  )
})

test('LimitRanger gives defaults, says so, and keeps to the bounds', async () => {
  const { ask } = cluster
  await ask('POST /api/v1/namespaces', { metadata: { name: 'limited' } })
  await ask('POST /api/v1/namespaces/limited/serviceaccounts', { metadata: { name: 'default' } })
  const limits = [
    {
      type: 'Container',
      default: { cpu: '1' },
      defaultRequest: { cpu: '100m' },
      min: { cpu: '50m' },
      max: { cpu: '2' },
      maxLimitRequestRatio: { cpu: '10' },
    },
    { type: 'Pod', max: { cpu: '3' } },
    { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '2Gi' } },
  ]
  await ask('POST /api/v1/namespaces/limited/limitranges', { metadata: { name: 'l' }, spec: { limits } })
  const create = (resources: object, more: object[] = []) =>
    ask('POST /api/v1/namespaces/limited/pods?dryRun=All', pod('p', { containers: [{ ...container, resources }, ...more] }))
  const given = await create({})
  assert.deepEqual(given.body.spec.containers[0].resources, { limits: { cpu: '1' }, requests: { cpu: '100m' } })
  assert.equal(
    given.body.metadata.annotations['kubernetes.io/limit-ranger'],
    'LimitRanger plugin set: cpu request for container c; cpu limit for container c',
  )
  const refused = async (resources: object, more?: object[]) => (await create(resources, more)).body.message
  assert.equal(
    await refused({ requests: { cpu: '10m' }, limits: { cpu: '3' } }),
    'pods "p" is forbidden: [minimum cpu usage per Container is 50m, but request is 10m, maximum cpu usage per Container is 2, but limit is 3, cpu max limit to request ratio per Container is 10, but provided ratio is 300.000000]',
  )
  const big = { requests: { cpu: '1' }, limits: { cpu: '2' } }
  assert.match(await refused(big, [{ name: 'd', image: 'i', resources: big }]), /maximum cpu usage per Pod is 3, but limit is 4/)
  const claim = (storage: string) =>
    ask('POST /api/v1/namespaces/limited/persistentvolumeclaims?dryRun=All', {
      metadata: { name: 'c' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
    })
  assert.match((await claim('500Mi')).body.message, /minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi/)
  assert.match((await claim('3Gi')).body.message, /maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi/)
})

test('RuntimeClass brings overhead, selector and tolerations', async () => {
  const { ask } = cluster
  const toleration = { key: 'vm', operator: 'Exists' }
  await ask('POST /apis/node.k8s.io/v1/runtimeclasses', {
    metadata: { name: 'vm' },
    handler: 'vm',
    overhead: { podFixed: { cpu: '250m' } },
    scheduling: { nodeSelector: { vm: 'yes' }, tolerations: [toleration] },
  })
  const { body } = await ask(dryPods, pod('p', { runtimeClassName: 'vm' }))
  assert.deepEqual([body.spec.overhead, body.spec.nodeSelector], [{ cpu: '250m' }, { vm: 'yes' }])
  assert.ok(body.spec.tolerations.some(({ key }: { key: string }) => key === 'vm'))
  const refused = async (spec: object) => (await ask(dryPods, pod('p', spec))).body.message
  assert.match(await refused({ runtimeClassName: 'ghost' }), /pod rejected: RuntimeClass "ghost" not found/)
  assert.match(await refused({ runtimeClassName: 'vm', overhead: { cpu: '1' } }), /Pod's Overhead doesn't match/)
  assert.match(await refused({ overhead: { cpu: '1' } }), /Pod Overhead set without corresponding RuntimeClass/)
  assert.match(
    await refused({ runtimeClassName: 'vm', nodeSelector: { vm: 'no' } }),
    /conflict: runtimeClass.scheduling.nodeSelector\[vm\] = yes; pod.spec.nodeSelector\[vm\] = no/,
  )
})

test('PersistentVolumeClaimResize and PodTopologyLabels', async () => {
  const { ask } = cluster
  const claim = {
    metadata: { name: 'grow' },
    spec: { storageClassName: 'fast', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }
  await ask('POST /api/v1/namespaces/shop/persistentvolumeclaims', claim)
  const grow = () =>
    ask(
      'PATCH /api/v1/namespaces/shop/persistentvolumeclaims/grow',
      { spec: { resources: { requests: { storage: '2Gi' } } } },
      { contentType: 'application/merge-patch+json' },
    )
  // validation comes before validating admission, and lets only bound claims change
  assert.equal((await grow()).code, 422)
  await ask(
    'PATCH /api/v1/namespaces/shop/persistentvolumeclaims/grow/status',
    { status: { phase: 'Bound' } },
    { contentType: 'application/merge-patch+json' },
  )
  assert.match((await grow()).body.message, /the storageclass that provisions the pvc must support resize/)
  const bound = await ask(dryPods, pod('p', { nodeName: 'n1' }))
  assert.deepEqual(bound.body.metadata.labels, { 'topology.kubernetes.io/zone': 'z', 'topology.kubernetes.io/region': 'r' })
})

const node: UserInfo = { name: 'system:node:n1', groups: ['system:nodes', 'system:authenticated'] }

test('NodeRestriction keeps a kubelet to its own node and pods', async () => {
  const { ask } = cluster
  const as = { user: node, contentType: 'application/merge-patch+json' }
  const uid = (await ask('GET /api/v1/nodes/n1')).body.metadata.uid
  await ask('POST /api/v1/nodes', { metadata: { name: 'n2' } })
  await ask('POST /api/v1/namespaces/shop/pods', pod('other', { nodeName: 'n2' }))
  const refusals: [string, object | undefined, RegExp][] = [
    [
      'PATCH /api/v1/nodes/n2',
      { metadata: { labels: { a: 'b' } } },
      /nodes "n2" is forbidden: node "n1" is not allowed to modify node "n2"/,
    ],
    ['PATCH /api/v1/nodes/n1', { spec: { taints: [] } }, /node "n1" is not allowed to modify taints/],
    [
      'PATCH /api/v1/nodes/n1',
      { metadata: { labels: { 'node-restriction.kubernetes.io/a': 'b', 'kubernetes.io/role': 'x' } } },
      /is not allowed to modify labels: kubernetes.io\/role, node-restriction.kubernetes.io\/a/,
    ],
    [
      'PATCH /api/v1/namespaces/shop/pods/other/status',
      { status: { phase: 'Running' } },
      /node "n1" can only update pod status for pods with spec.nodeName set to itself/,
    ],
    ['DELETE /api/v1/namespaces/shop/pods/other', undefined, /node "n1" can only delete pods with spec.nodeName set to itself/],
    ['POST /api/v1/namespaces/shop/pods', pod('x'), /pod does not have "kubernetes.io\/config.mirror" annotation/],
    [
      'POST /api/v1/namespaces/shop/pods/other/eviction',
      { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'other' } },
      /node n1 can only evict pods/,
    ],
    [
      'POST /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases',
      { metadata: { name: 'n2' } },
      /can only access node lease with the same name/,
    ],
    [
      'POST /apis/storage.k8s.io/v1/csinodes',
      { metadata: { name: 'n2' }, spec: { drivers: [] } },
      /can only access CSINode with the same name/,
    ],
    ['POST /api/v1/nodes', { metadata: { name: 'n3' } }, /node "n1" is not allowed to modify node "n3"/],
  ]
  for (const [target, body, message] of refusals) {
    const answer = await ask(target, body, target.startsWith('PATCH') ? as : { user: node })
    assert.deepEqual([answer.code, message.test(answer.body.message)], [403, true], `${target}: ${answer.body.message}`)
  }
  const mirror = pod(
    'mirror',
    { nodeName: 'n1' },
    {
      annotations: { 'kubernetes.io/config.mirror': 'x' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n1', uid, controller: true }],
    },
  )
  assert.equal((await ask('POST /api/v1/namespaces/shop/pods', mirror, { user: node })).code, 201)
  assert.equal(
    (
      await ask(
        'PATCH /api/v1/nodes/n1',
        { metadata: { labels: { 'kubernetes.io/os': 'linux', 'node.kubernetes.io/x': 'y', own: 'z' } } },
        as,
      )
    ).code,
    200,
  )
  assert.equal(
    (await ask('POST /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases', { metadata: { name: 'n1' } }, { user: node })).code,
    201,
  )
})

test('ResourceQuota charges what is created, all at once, and refuses what does not fit', async () => {
  const { ask } = cluster
  await ask('POST /api/v1/namespaces', { metadata: { name: 'quota' } })
  await ask('POST /api/v1/namespaces/quota/serviceaccounts', { metadata: { name: 'default' } })
  const hard = { pods: '5', 'requests.cpu': '1', configmaps: '1', 'services.nodeports': '1' }
  const used = { pods: '0', 'requests.cpu': '0', configmaps: '0', 'services.nodeports': '0' }
  const quotas = '/api/v1/namespaces/quota/resourcequotas'
  await ask(`POST ${quotas}`, { metadata: { name: 'q' }, spec: { hard } })
  const early = await ask('POST /api/v1/namespaces/quota/configmaps', { metadata: { name: 'a' } })
  assert.equal(early.code, 201, 'a quota that nobody computed yet limits nothing')
  await ask(`PATCH ${quotas}/q/status`, { status: { hard } }, { contentType: 'application/merge-patch+json' })
  const unknown = await ask('POST /api/v1/namespaces/quota/configmaps', { metadata: { name: 'b' } })
  assert.match(unknown.body.message, /status unknown for quota: q, resources: configmaps$/)
  await ask(`PATCH ${quotas}/q/status`, { status: { used } }, { contentType: 'application/merge-patch+json' })
  const create = (name: string, requests: object = { cpu: '200m' }) =>
    ask('POST /api/v1/namespaces/quota/pods', pod(name, { containers: [{ ...container, resources: { requests } }] }))
  const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => create(`p${index}`)))
  assert.deepEqual(answers.map(({ code }) => code).sort(), [201, 201, 201, 201, 201, 403, 403, 403])
  const refused = answers.find(({ code }) => code === 403)
  assert.match(
    refused?.body.message,
    /^pods "p\d" is forbidden: exceeded quota: q, requested: pods=1,requests.cpu=200m, used: pods=5,requests.cpu=1, limited: pods=5,requests.cpu=1$/,
  )
  assert.match((await create('none', {})).body.message, /failed quota: q: must specify requests.cpu for: c$/)
  const status = (await ask(`GET ${quotas}/q`)).body.status
  assert.deepEqual([status.used.pods, status.used['requests.cpu']], ['5', '1'])
  const service = (nodePort: object) =>
    ask('POST /api/v1/namespaces/quota/services?dryRun=All', {
      metadata: { name: 's' },
      spec: {
        type: 'NodePort',
        ports: [
          { port: 1, ...nodePort },
          { port: 2, name: 'b' },
        ],
      },
    })
  assert.match(
    (await service({ name: 'a' })).body.message,
    /exceeded quota: q, requested: services.nodeports=2, used: services.nodeports=0, limited: services.nodeports=1/,
  )
})

test('CertificateApproval, CertificateSigning and CertificateSubjectRestriction', async () => {
  const { ask, server } = cluster
  const { execFileSync } = await import('node:child_process')
  const csr = (subject: string) =>
    execFileSync('openssl', [
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      '/dev/null',
      '-subj',
      subject,
    ]).toString('base64')
  const create = (name: string, subject: string, signerName = 'kubernetes.io/kube-apiserver-client', user?: UserInfo) =>
    ask(
      'POST /apis/certificates.k8s.io/v1/certificatesigningrequests',
      { metadata: { name }, spec: { request: csr(subject), signerName, usages: ['client auth'] } },
      user ? { user } : {},
    )
  assert.match(
    (await create('bad', '/O=system:masters/CN=x')).body.message,
    /use of kubernetes.io\/kube-apiserver-client signer with system:masters group is not allowed/,
  )
  assert.equal((await create('good', '/O=dev/CN=ann')).code, 201)
  const nodes = 'kubernetes.io/kube-apiserver-client-kubelet'
  assert.match(
    (await create('n', '/O=system:nodes/CN=system:node:n2', nodes, node)).body.message,
    /can only create a node CSR with CN=system:node:n1/,
  )
  assert.equal((await create('n', '/O=system:nodes/CN=system:node:n1', nodes, node)).code, 201)
  const approver: UserInfo = { name: 'approver', groups: ['system:authenticated'] }
  await server.internals.create((await import('@treeline/api')).ClusterRole, {
    metadata: { name: 'approve' },
    rules: [
      {
        verbs: ['update', 'patch', 'get'],
        apiGroups: ['certificates.k8s.io'],
        resources: ['certificatesigningrequests/approval', 'certificatesigningrequests/status'],
      },
    ],
  })
  await server.internals.create((await import('@treeline/api')).ClusterRoleBinding, {
    metadata: { name: 'approve' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'approve' },
    subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'approver' }],
  })
  const change = (subresource: string, status: object) =>
    ask(
      `PATCH /apis/certificates.k8s.io/v1/certificatesigningrequests/good/${subresource}`,
      { status },
      { user: approver, contentType: 'application/merge-patch+json' },
    )
  const approval = { conditions: [{ type: 'Approved', status: 'True' }] }
  assert.match(
    (await change('approval', approval)).body.message,
    /user not permitted to approve requests with signerName "kubernetes.io\/kube-apiserver-client"/,
  )
  assert.match((await change('status', { certificate: 'eA==' })).body.message, /user not permitted to sign requests with signerName/)
})
