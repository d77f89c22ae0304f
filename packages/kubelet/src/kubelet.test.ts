import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import type { ConfigMap, Node, Pod, PodSpec } from '@treeline/api'
import { ContainerState, localRuntime } from '@treeline/cri'
import { configMapKind, leaseKind, nodeKind, podKind } from './kinds.js'
import { type Kubelet, startKubelet } from './kubelet.js'
import type { KubeletOptions } from './options.js'
import { LiveApi, turn } from './testing/live-api.js'
import { TestRuntime } from './testing/test-runtime.js'

let api: LiveApi
let runtime: TestRuntime
let folder: string
let kubelet: Kubelet | undefined

beforeEach(async () => {
  api = new LiveApi()
  runtime = new TestRuntime()
  folder = await mkdtemp(join(tmpdir(), 'kubelet-'))
})
afterEach(async () => {
  await kubelet?.close()
  kubelet = undefined
  await rm(folder, { recursive: true })
})

async function start(options: Partial<KubeletOptions> = {}): Promise<Kubelet> {
  kubelet = await startKubelet({
    nodeName: 'n1',
    client: api.client,
    criSocket: join(folder, 'unused.sock'),
    runtime: localRuntime(runtime.implementation),
    nodeIP: '127.88.1.1',
    rootDirectory: folder,
    maxContainerRestartPeriod: 300_000,
    capacity: { cpu: '2', memory: '4Gi' },
    dns: { servers: ['10.96.0.10'] },
    relistPeriod: 20,
    ...options,
  })
  await kubelet.registered
  return kubelet
}

function bind(name: string, spec: Partial<PodSpec> = {}, metadata: Partial<Pod['metadata']> = {}): Pod {
  return api.put(podKind, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: `uid-${name}`, generation: 1, ...metadata },
    spec: {
      nodeName: 'n1',
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      containers: [
        { name: 'app', image: 'example/app:1', imagePullPolicy: 'IfNotPresent', terminationMessagePath: '/dev/termination-log' },
      ],
      ...spec,
    },
    status: { phase: 'Pending' },
  })
}
const condition = (pod: Pod, type: string) => pod.status?.conditions?.find((found) => found.type === type)
const isReady = (pod: Pod) => condition(pod, 'Ready')?.status === 'True'
const waitingReason = (pod: Pod, index = 0) => pod.status?.containerStatuses?.[index]?.state?.waiting?.reason
const events = () =>
  api.recording.actions.flatMap(({ kind, verb, object }) =>
    kind === 'Event' && verb === 'create'
      ? [object as unknown as { reason: string; message: string; involvedObject: { fieldPath?: string } }]
      : [],
  )
const eventTexts = () => events().map(({ reason, message }) => `${reason}: ${message}`)

test('a node registers with what a cloud controller waits for, renews its lease and says how it is', async () => {
  await start({ cloudProvider: 'external', nodeLabels: { zone: 'a' } })
  const node = () => api.recording.peek<Node>(nodeKind, 'n1')
  while (node()?.status?.conditions?.find(({ type }) => type === 'Ready')?.status !== 'True') await turn()
  while (api.recording.peek(leaseKind, 'kube-node-lease/n1') === undefined) await turn()
  const { metadata, spec, status } = node()!
  assert.deepEqual(spec?.taints, [{ key: 'node.cloudprovider.kubernetes.io/uninitialized', value: 'true', effect: 'NoSchedule' }])
  assert.equal(metadata.annotations?.['alpha.kubernetes.io/provided-node-ip'], '127.88.1.1')
  assert.equal(metadata.labels?.['zone'], 'a')
  assert.equal(metadata.labels?.['kubernetes.io/hostname'], 'n1')
  assert.equal(status?.addresses, undefined)
  assert.deepEqual([status?.capacity?.['cpu'], status?.allocatable?.['memory']], ['2', '3996Mi'])
  assert.deepEqual(
    status?.conditions?.map(({ type, status: said, reason }) => `${type}=${said} ${reason}`),
    [
      'MemoryPressure=False KubeletHasSufficientMemory',
      'DiskPressure=False KubeletHasNoDiskPressure',
      'PIDPressure=False KubeletHasSufficientPID',
      'Ready=True KubeletReady',
    ],
  )
  assert.match(status?.nodeInfo?.containerRuntimeVersion ?? '', /^test:\/\/1$/)
})

test('a node that is there already keeps what others gave it', async () => {
  api.put(nodeKind, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1', labels: { foreign: 'yes' }, annotations: { theirs: '1' } },
    spec: { providerID: 'cloud://1', podCIDR: '127.88.0.0/24', taints: [{ key: 'k', effect: 'NoSchedule' }] },
  })
  await start({ cloudProvider: 'external' })
  const { metadata, spec } = api.recording.peek<Node>(nodeKind, 'n1')!
  assert.equal(metadata.labels?.['foreign'], 'yes')
  assert.equal(metadata.labels?.['kubernetes.io/os'], 'linux')
  assert.deepEqual(spec, { providerID: 'cloud://1', podCIDR: '127.88.0.0/24', taints: [{ key: 'k', effect: 'NoSchedule' }] })
})

test('a pod is pulled, started and reported, with events in upstream words', async () => {
  await start()
  bind('web')
  const pod = await api.whenPod('web', isReady)
  assert.equal(pod.status?.phase, 'Running')
  assert.match(pod.status?.podIP ?? '', /^127\.88\.0\./)
  assert.equal(pod.status?.hostIP, '127.88.1.1')
  assert.equal(pod.status?.qosClass, 'BestEffort')
  const [status] = pod.status?.containerStatuses ?? []
  assert.deepEqual([status?.ready, status?.started, status?.restartCount], [true, true, 0])
  assert.match(status?.containerID ?? '', /^test:\/\/container/)
  assert.deepEqual(
    pod.status?.conditions?.map(({ type, status: said }) => `${type}=${said}`),
    ['PodReadyToStartContainers=True', 'Initialized=True', 'Ready=True', 'ContainersReady=True', 'PodScheduled=True'],
  )
  while (events().length < 5) await turn()
  assert.deepEqual(
    eventTexts()
      .filter((text) => /^(Pull|Created|Started)/.test(text))
      .map((text) => text.replace(/ in .* waiting\)/, '')),
    [
      'Pulling: Pulling image "example/app:1"',
      'Pulled: Successfully pulled image "example/app:1". Image size: 5 bytes.',
      'Created: Container created',
      'Started: Container started',
    ],
  )
  assert.equal(events().find(({ reason }) => reason === 'Started')?.involvedObject.fieldPath, 'spec.containers{app}')
})

test('a deleted pod is stopped with its grace, cleaned up and only then deleted for good', async () => {
  await start()
  bind('web')
  await api.whenPod('web', isReady)
  runtime.stopping = async (container, grace) => {
    assert.equal(grace, 7)
    assert.ok(api.pod('web'))
    runtime.end(container, 143)
  }
  await api.client.delete(podKind, { namespace: 'default', name: 'web' }, { gracePeriodSeconds: 7 })
  await api.whenGone('web')
  const last = api.recording.writes.filter(({ kind }) => kind === 'Pod').at(-1)
  assert.deepEqual([last?.verb, last?.options?.gracePeriodSeconds, last?.options?.preconditions], ['delete', 0, { uid: 'uid-web' }])
  const final = api.recording.actions.filter(({ kind, verb }) => kind === 'Pod' && verb === 'patch').at(-1)?.patch?.body as Pod
  assert.equal(final.status?.phase, 'Failed')
  assert.equal(final.status?.containerStatuses?.[0]?.state?.terminated?.exitCode, 143)
  while (runtime.sandboxes.size > 0 || (await readdir(join(folder, 'pods'))).length > 0) await turn()
})

test('a second delete with less grace shortens the first', async () => {
  await start()
  bind('web')
  await api.whenPod('web', isReady)
  const graces: number[] = []
  runtime.stopping = async (container, grace) => {
    graces.push(grace)
    if (grace < 10) runtime.end(container, 137)
    else await new Promise(() => undefined)
  }
  await api.client.delete(podKind, { namespace: 'default', name: 'web' }, { gracePeriodSeconds: 600 })
  while (graces.length === 0) await turn()
  const pod = api.pod('web')!
  api.put(podKind, { ...pod, metadata: { ...pod.metadata, deletionGracePeriodSeconds: 3 } })
  await api.whenGone('web')
  assert.deepEqual(graces, [600, 3])
})

test('a crashing container restarts at once, then waits longer and longer, and says so', async () => {
  await start()
  bind('web')
  await api.whenPod('web', isReady)
  await writeFile(
    runtime.container('app').config.mounts.find(({ containerPath }) => containerPath === '/dev/termination-log')!.hostPath,
    'out of luck',
  )
  runtime.end(runtime.container('app'), 3)
  await api.whenPod('web', (pod) => pod.status?.containerStatuses?.[0]?.restartCount === 1)
  runtime.end(runtime.container('app'), 3)
  const pod = await api.whenPod('web', (found) => waitingReason(found) === 'CrashLoopBackOff')
  const [status] = pod.status?.containerStatuses ?? []
  assert.equal(status?.state?.waiting?.message, 'back-off 10s restarting failed container=app pod=web_default(uid-web)')
  assert.deepEqual([status?.lastState?.terminated?.exitCode, status?.lastState?.terminated?.reason], [3, 'Error'])
  assert.equal(pod.status?.phase, 'Running')
  assert.equal(condition(pod, 'Ready')?.reason, 'ContainersNotReady')
  const before = api.recording.actions.flatMap(({ kind, patch }) => (kind === 'Pod' && patch ? [JSON.stringify(patch.body)] : []))
  assert.ok(before.some((body) => body.includes('out of luck')))
  while (!eventTexts().some((text) => text === 'BackOff: Back-off restarting failed container app in pod web_default(uid-web)'))
    await turn()
})

for (const [restartPolicy, exitCode, phase] of [
  ['Never', 0, 'Succeeded'],
  ['Never', 2, 'Failed'],
  ['OnFailure', 0, 'Succeeded'],
] as const) {
  test(`with restartPolicy ${restartPolicy} an exit with ${exitCode} ends the pod as ${phase}`, async () => {
    await start()
    bind('job', { restartPolicy })
    await api.whenPod('job', isReady)
    runtime.end(runtime.container('app'), exitCode)
    const pod = await api.whenPod('job', (found) => found.status?.phase === phase)
    assert.equal(pod.status?.containerStatuses?.[0]?.state?.terminated?.exitCode, exitCode)
    assert.equal(pod.status?.containerStatuses?.[0]?.restartCount, 0)
    assert.ok(pod.status?.podIP)
    await api.client.delete(podKind, { namespace: 'default', name: 'job' })
    await api.whenGone('job')
  })
}

test('init containers run one by one, sidecars stay, and the app waits for them', async () => {
  await start()
  const image = 'example/app:1'
  bind('web', {
    initContainers: [
      { name: 'one', image },
      { name: 'side', image, restartPolicy: 'Always' },
      { name: 'two', image },
    ],
  })
  await api.whenPod('web', (pod) => pod.status?.initContainerStatuses?.[0]?.state?.running !== undefined)
  const pending = api.pod('web')!
  assert.equal(pending.status?.phase, 'Pending')
  assert.equal(waitingReason(pending), 'PodInitializing')
  assert.equal(condition(pending, 'Initialized')?.message, 'containers with incomplete status: [one side two]')
  runtime.end(runtime.container('one'), 1)
  await api.whenPod('web', (pod) => pod.status?.initContainerStatuses?.[0]?.restartCount === 1)
  runtime.end(runtime.container('one'), 0)
  await api.whenPod('web', (pod) => pod.status?.initContainerStatuses?.[2]?.state?.running !== undefined)
  assert.equal(runtime.container('side').state, ContainerState.CONTAINER_RUNNING)
  runtime.end(runtime.container('two'), 0)
  const pod = await api.whenPod('web', isReady)
  assert.equal(condition(pod, 'Initialized')?.status, 'True')
  runtime.calls.length = 0
  await api.client.delete(podKind, { namespace: 'default', name: 'web' })
  await api.whenGone('web')
  assert.deepEqual(
    runtime.calls.filter((call) => call.startsWith('stop ')).map((call) => call.split(' ')[1]),
    ['app', 'side'],
  )
})

test('an image that cannot be had shows ErrImagePull, then ImagePullBackOff', async () => {
  await start()
  runtime.brokenImages.set('example/app:1', 'no such image')
  bind('web')
  const first = await api.whenPod('web', (pod) => waitingReason(pod) === 'ErrImagePull')
  assert.equal(first.status?.containerStatuses?.[0]?.state?.waiting?.message, 'rpc error: code = NotFound desc = no such image')
  const second = await api.whenPod('web', (pod) => waitingReason(pod) === 'ImagePullBackOff')
  assert.match(
    second.status?.containerStatuses?.[0]?.state?.waiting?.message ?? '',
    /^Back-off pulling image "example\/app:1": ErrImagePull: rpc error/,
  )
  assert.equal(second.status?.phase, 'Pending')
})

test('a missing config map keeps the container waiting until it is there', async () => {
  await start()
  bind('web', { containers: [{ name: 'app', image: 'example/app:1', envFrom: [{ configMapRef: { name: 'settings' } }] }] })
  const waiting = await api.whenPod('web', (pod) => waitingReason(pod) === 'CreateContainerConfigError')
  assert.equal(waiting.status?.containerStatuses?.[0]?.state?.waiting?.message, 'configmap "settings" not found')
  const settings: ConfigMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'default' },
    data: { LEVEL: 'high' },
  }
  api.put(configMapKind, settings)
  await api.whenPod('web', isReady)
  assert.ok(runtime.container('app').config.envs.some(({ key, value }) => key === 'LEVEL' && value === 'high'))
})

test('a volume waits for its source, and follows its changes', async () => {
  await start()
  const mounts = [{ name: 'settings', mountPath: '/etc/settings' }]
  bind('web', {
    containers: [{ name: 'app', image: 'example/app:1', volumeMounts: mounts }],
    volumes: [{ name: 'settings', configMap: { name: 'settings' } }],
  })
  while (
    !eventTexts().some((text) =>
      text.startsWith('FailedMount: MountVolume.SetUp failed for volume "settings" : configmap "settings" not found'),
    )
  )
    await turn()
  const settings: ConfigMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'default' },
    data: { level: 'one' },
  }
  api.put(configMapKind, settings)
  await api.whenPod('web', isReady)
  const mount = runtime.container('app').config.mounts.find(({ containerPath }) => containerPath === '/etc/settings')!
  assert.equal(mount.readonly, true)
  assert.equal(await readFile(join(mount.hostPath, 'level'), 'utf8'), 'one')
  api.put(configMapKind, { ...settings, data: { level: 'two' } })
  while ((await readFile(join(mount.hostPath, 'level'), 'utf8')) !== 'two') await turn()
})

test('a pod that does not fit is refused and never runs', async () => {
  await start()
  bind('big', { containers: [{ name: 'app', image: 'x', resources: { requests: { cpu: '3' } } }] })
  const pod = await api.whenPod('big', (found) => found.status?.phase === 'Failed')
  assert.equal(pod.status?.reason, 'OutOfcpu')
  assert.match(
    pod.status?.message ?? '',
    /^Pod was rejected: Node didn't have enough resource: cpu, requested: 3000, used: 0, capacity: 2000$/,
  )
  assert.deepEqual(runtime.calls, [])
})

test('an agent that comes back adopts what runs, and removes what nobody knows', async () => {
  await start()
  bind('web')
  bind('gone')
  await api.whenPod('web', isReady)
  await api.whenPod('gone', isReady)
  await kubelet?.close()
  const before = runtime.containers.map(({ id }) => id).sort()
  api.drop(podKind, api.pod('gone')!)
  runtime.calls.length = 0
  await start()
  while (runtime.sandboxes.size > 1) await turn()
  await api.whenPod('web', isReady)
  assert.deepEqual(
    runtime.containers.map(({ id }) => id),
    before.filter((id) => id === runtime.container('app').id),
  )
  assert.ok(!runtime.calls.some((call) => call.startsWith('run') || call.startsWith('start')))
  while ((await readdir(join(folder, 'pods'))).includes('uid-gone')) await turn()
  assert.ok((await readdir(join(folder, 'pods'))).includes('uid-web'))
})

test('an agent whose runtime lost everything starts pods anew and counts the restart', async () => {
  await start()
  bind('web')
  bind('job', { restartPolicy: 'Never' })
  await api.whenPod('web', isReady)
  await api.whenPod('job', isReady)
  runtime.end(runtime.container('app'), 0)
  await api.whenPod('job', (pod) => pod.status?.phase === 'Succeeded')
  await kubelet?.close()
  runtime.lose()
  await start()
  const pod = await api.whenPod('web', (found) => isReady(found) && found.status?.containerStatuses?.[0]?.restartCount === 1)
  assert.equal(pod.status?.containerStatuses?.[0]?.lastState?.terminated?.reason, 'ContainerStatusUnknown')
  assert.equal(api.pod('job')?.status?.phase, 'Succeeded')
  assert.equal(runtime.sandboxes.size, 1)
})

test('readiness and liveness probes decide what is ready and what is restarted', async () => {
  await start()
  let healthy = true
  let ready = false
  runtime.exec = async (_container, [command]) => ({
    exitCode: command === 'live' ? (healthy ? 0 : 1) : ready ? 0 : 1,
    stdout: Buffer.from('said'),
  })
  const exec = (command: string) => ({ exec: { command: [command] }, periodSeconds: 1, failureThreshold: 1, timeoutSeconds: 1 })
  bind('web', { containers: [{ name: 'app', image: 'example/app:1', livenessProbe: exec('live'), readinessProbe: exec('ready') }] })
  const unready = await api.whenPod('web', (pod) => pod.status?.phase === 'Running')
  assert.equal(isReady(unready), false)
  while (!eventTexts().includes('Unhealthy: Readiness probe failed: said')) await turn()
  ready = true
  await api.whenPod('web', isReady)
  healthy = false
  await api.whenPod('web', (pod) => pod.status?.containerStatuses?.[0]?.restartCount === 1)
  assert.ok(eventTexts().includes('Killing: Container app failed liveness probe, will be restarted'))
})

test('hooks run after the start and before the stop', async () => {
  await start()
  const ran: string[] = []
  runtime.exec = async (_container, [command = '']) => {
    ran.push(command)
    return { exitCode: 0 }
  }
  const hook = (command: string) => ({ exec: { command: [command] } })
  bind('web', { containers: [{ name: 'app', image: 'example/app:1', lifecycle: { postStart: hook('hello'), preStop: hook('farewell') } }] })
  await api.whenPod('web', isReady)
  assert.deepEqual(ran, ['hello'])
  await api.client.delete(podKind, { namespace: 'default', name: 'web' })
  await api.whenGone('web')
  assert.deepEqual(ran, ['hello', 'farewell'])
})

test('a runtime without events is listed instead', async () => {
  runtime.events = false
  await start()
  bind('web')
  await api.whenPod('web', isReady)
  runtime.end(runtime.container('app'), 1)
  await api.whenPod('web', (pod) => pod.status?.containerStatuses?.[0]?.restartCount === 1)
})

test('without a network only pods of the host network start', async () => {
  runtime.networkReady = false
  await start({ nodeStatusUpdateFrequency: 20 })
  bind('web')
  bind('host', { hostNetwork: true })
  const host = await api.whenPod('host', isReady)
  assert.equal(host.status?.podIP, '127.88.1.1')
  while (
    !eventTexts().some((text) =>
      text.startsWith('NetworkNotReady: network is not ready: container runtime network not ready: NetworkReady=false reason:Pending'),
    )
  )
    await turn()
  assert.equal(api.pod('web')?.status?.phase, 'Pending')
  runtime.networkReady = true
  await api.whenPod('web', isReady)
})

test('a pod of the same name waits until the old one has left', async () => {
  await start()
  bind('web')
  await api.whenPod('web', isReady)
  let release: () => void = () => undefined
  runtime.stopping = async (container) => {
    await new Promise<void>((resolve) => {
      release = resolve
    })
    runtime.end(container, 0)
  }
  const old = api.pod('web')!
  api.drop(podKind, old)
  bind('web', {}, { uid: 'uid-new' })
  while (!runtime.calls.some((call) => call.startsWith('stop app'))) await turn()
  assert.equal(runtime.sandboxes.size, 1)
  release()
  const pod = await api.whenPod('web', (found) => found.metadata.uid === 'uid-new' && isReady(found))
  assert.equal(pod.metadata.uid, 'uid-new')
})

test('a pod past its deadline fails', async () => {
  await start()
  bind('web', { activeDeadlineSeconds: 1 })
  await api.whenPod('web', isReady)
  const pod = await api.whenPod('web', (found) => found.status?.phase === 'Failed')
  assert.equal(pod.status?.reason, 'DeadlineExceeded')
})
