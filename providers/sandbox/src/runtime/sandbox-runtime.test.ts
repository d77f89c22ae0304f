import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { ContainerEventType, ContainerState, connectRuntime, NamespaceMode, PodSandboxState, type Runtime } from '@treeline/cri'
import { createSandboxRuntime } from './index.js'

const runtimes = createSandboxRuntime({ pullDelay: 1, failingImages: ['broken', 'registry.example/*'] })
let folder: string
let runtime: Runtime
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-runtime-'))
  const socketPath = join(folder, 'n1.sock')
  await runtimes.serveNode({ name: 'n1', address: '127.77.0.1', socketPath })
  runtime = connectRuntime(socketPath)
  assert.equal((await runtime.status({})).status?.conditions.find(({ type }) => type === 'NetworkReady')?.status, false)
  await runtime.updateRuntimeConfig({ runtimeConfig: { networkConfig: { podCidr: '127.77.1.0/24' } } })
})
after(async () => {
  runtime.close()
  await runtimes.close()
  await rm(folder, { recursive: true })
})

let pods = 0
interface PodOptions {
  image?: string
  command?: string[]
  annotations?: Record<string, string>
  ports?: { containerPort: number; protocol?: string }[]
  hostNetwork?: boolean
}
async function start(options: PodOptions = {}) {
  const { image = 'example/app:1', annotations = {}, ports = [], command = [], hostNetwork = false } = options
  const name = `pod-${++pods}`
  const sandboxConfig = {
    metadata: { name, uid: `uid-${pods}`, namespace: 'default', attempt: 0 },
    logDirectory: join(folder, name),
    labels: { app: name },
    annotations,
    linux: { securityContext: { namespaceOptions: { network: hostNetwork ? NamespaceMode.NODE : NamespaceMode.POD } } },
  }
  const { podSandboxId } = await runtime.runPodSandbox({ config: sandboxConfig })
  const { imageRef } = await runtime.pullImage({ image: { image } })
  const { containerId } = await runtime.createContainer({
    podSandboxId,
    sandboxConfig,
    config: {
      metadata: { name: 'app' },
      image: { image: imageRef, userSpecifiedImage: image },
      command,
      logPath: 'app/0.log',
      annotations: { 'io.kubernetes.container.ports': JSON.stringify(ports) },
    },
  })
  await runtime.startContainer({ containerId })
  const address = (await runtime.podSandboxStatus({ podSandboxId })).status?.network?.ip ?? ''
  return { name, podSandboxId, containerId, address, log: join(folder, name, 'app/0.log') }
}

async function ended(containerId: string) {
  for (;;) {
    const { status } = await runtime.containerStatus({ containerId })
    if (status?.state === ContainerState.CONTAINER_EXITED) return status
  }
}

test('a pod has its own address and answers on its declared ports with who it is', async () => {
  const pod = await start({ image: 'nginx:1.27', ports: [{ containerPort: 8080 }, { containerPort: 53, protocol: 'UDP' }] })
  assert.match(pod.address, /^127\.77\.1\.\d+$/)
  for (const port of [8080, 80]) {
    const place = runtimes.resolve(pod.address, port)
    const text = await (await fetch(`http://${place.host}:${place.port}/`)).text()
    assert.match(
      text,
      new RegExp(`^pod: ${pod.name}\nnamespace: default\nnode: n1\ncontainer: app\nimage: nginx:1.27\naddress: ${pod.address}\n$`),
    )
  }
  const json = await (await fetch(`http://${pod.address}:8080/`, { headers: { accept: 'application/json' } })).json()
  assert.deepEqual(json, { pod: pod.name, namespace: 'default', node: 'n1', container: 'app', image: 'nginx:1.27', address: pod.address })
  await runtime.stopContainer({ containerId: pod.containerId, timeout: 30n })
  await assert.rejects(fetch(`http://${pod.address}:8080/`))
  const { status } = await runtime.containerStatus({ containerId: pod.containerId })
  assert.deepEqual([status?.state, status?.exitCode, status?.reason], [ContainerState.CONTAINER_EXITED, 0, 'Completed'])
  await runtime.removePodSandbox({ podSandboxId: pod.podSandboxId })
  const log = await readFile(pod.log, 'utf8')
  assert.match(log, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z stdout F listening on :8080, :80\n/)
  assert.match(log, /stdout F 127\.0\.0\.1 - - .*"GET \/ HTTP\/1\.1" 200/)
})

test('pods do not share addresses, and get them back in turn', async () => {
  const [one, two] = await Promise.all([start(), start()])
  assert.notEqual(one?.address, two?.address)
  await runtime.stopPodSandbox({ podSandboxId: one?.podSandboxId ?? '' })
  const stopped = (await runtime.podSandboxStatus({ podSandboxId: one?.podSandboxId ?? '' })).status
  assert.equal(stopped?.state, PodSandboxState.SANDBOX_NOTREADY)
  assert.equal(stopped?.network?.ip, '')
  const three = await start()
  assert.ok(three.address !== one?.address && three.address !== two?.address)
})

test('annotations make containers fail, end, echo and ignore the stop signal', async () => {
  const failing = await start({ annotations: { 'sandbox.treeline.dev/exit-after': '10ms', 'sandbox.treeline.dev/exit-code.app': '7' } })
  const status = await ended(failing.containerId)
  assert.deepEqual([status.exitCode, status.reason], [7, 'Error'])

  const echo = await start({ annotations: { 'sandbox.treeline.dev/tcp-echo': '7000' }, ports: [{ containerPort: 7000 }] })
  const socket = connect({ host: echo.address, port: 7000 })
  socket.end('hello')
  const got: Buffer[] = []
  for await (const chunk of socket) got.push(chunk as Buffer)
  assert.equal(Buffer.concat(got).toString(), 'hello')

  const sick = await start({ annotations: { 'sandbox.treeline.dev/http-status': '503' }, ports: [{ containerPort: 8080 }] })
  assert.equal((await fetch(`http://${sick.address}:8080/healthz`)).status, 503)

  const stubborn = await start({ annotations: { 'sandbox.treeline.dev/ignore-stop': 'true' } })
  await runtime.stopContainer({ containerId: stubborn.containerId, timeout: 1n })
  assert.equal((await runtime.containerStatus({ containerId: stubborn.containerId })).status?.exitCode, 137)

  await assert.rejects(start({ annotations: { 'sandbox.treeline.dev/start-error': 'no such device' } }), /no such device/)
})

test('images pull by any name, except those that are told to fail', async () => {
  assert.equal((await runtime.imageStatus({ image: { image: 'redis:7' } })).image, undefined)
  await runtime.pullImage({ image: { image: 'redis:7' } })
  const { image } = await runtime.imageStatus({ image: { image: 'docker.io/library/redis:7' } })
  assert.deepEqual(image?.repoTags, ['docker.io/library/redis:7'])
  assert.match(image?.repoDigests[0] ?? '', /^docker\.io\/library\/redis@sha256:[0-9a-f]{64}$/)
  for (const name of ['broken', 'registry.example/team/app:2']) {
    await assert.rejects(runtime.pullImage({ image: { image: name } }), /failed to pull and unpack image/)
  }
  await assert.rejects(runtime.pullImage({ image: { image: 'Upper/Case' } }), /invalid reference format/)
})

test('events tell the life of a container in order', async () => {
  const seen: [string, ContainerEventType][] = []
  const stop = new AbortController()
  const events = runtime.getContainerEvents({}, { signal: stop.signal })[Symbol.asyncIterator]()
  let pending = events.next()
  await runtime.version({})
  const pod = await start()
  await runtime.removePodSandbox({ podSandboxId: pod.podSandboxId })
  while (seen.at(-1)?.[1] !== ContainerEventType.CONTAINER_DELETED_EVENT || seen.at(-1)?.[0] !== pod.podSandboxId) {
    const { value } = await pending
    seen.push([value.containerId, value.containerEventType])
    pending = events.next()
  }
  stop.abort()
  await pending.catch(() => undefined)
  const { CONTAINER_CREATED_EVENT, CONTAINER_STARTED_EVENT, CONTAINER_STOPPED_EVENT, CONTAINER_DELETED_EVENT } = ContainerEventType
  assert.deepEqual(
    seen.filter(([id]) => id === pod.podSandboxId || id === pod.containerId).map(([id, type]) => [id === pod.podSandboxId, type]),
    [
      [true, CONTAINER_STARTED_EVENT],
      [false, CONTAINER_CREATED_EVENT],
      [false, CONTAINER_STARTED_EVENT],
      [false, CONTAINER_STOPPED_EVENT],
      [true, CONTAINER_STOPPED_EVENT],
      [false, CONTAINER_DELETED_EVENT],
      [true, CONTAINER_DELETED_EVENT],
    ],
  )
})
