import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Duplex } from 'node:stream'
import { after, before, test } from 'node:test'
import { exitCodeOf, localRuntime, SpdyConnection, StreamingServer } from '@treeline/cri'
import { podKind } from '../kinds.js'
import { type Kubelet, startKubelet } from '../kubelet.js'
import { LiveApi } from '../testing/live-api.js'
import { type TestAuthority, testAuthority } from '../testing/test-certificates.js'
import { TestRuntime } from '../testing/test-runtime.js'
import type { KeyPair } from './key-pair.js'

const api = new LiveApi()
const runtime = new TestRuntime()
let folder: string
let authority: TestAuthority
let admin: KeyPair
let streaming: StreamingServer
let kubelet: Kubelet
/** Whom the API server lets in; others are refused. */
const allowed = new Set(['admin'])

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'endpoints-'))
  authority = await testAuthority()
  admin = await authority.issue('CN=admin, O=system:masters')
  streaming = await StreamingServer.listen()
  const client = {
    ...api.client,
    create: async (kind: { kind: string }, object: { spec?: { user?: string; token?: string } }) => {
      if (kind.kind === 'SubjectAccessReview') return { ...object, status: { allowed: allowed.has(object.spec?.user ?? '') } }
      if (kind.kind === 'TokenReview')
        return { ...object, status: { authenticated: object.spec?.token === 'good', user: { username: 'admin' } } }
      return api.client.create(kind as never, object as never)
    },
  } as typeof api.client
  kubelet = await startKubelet({
    nodeName: 'n1',
    client,
    criSocket: join(folder, 'unused.sock'),
    runtime: localRuntime({
      ...runtime.implementation,
      exec: async ({ cmd, tty, stdin, stdout, stderr }) => ({
        url: streaming.commandUrl('exec', { tty, stdin, stdout, stderr }, async (command) => {
          command.stdout?.write(`ran ${cmd.join(' ')}\n`)
          for await (const chunk of command.stdin ?? []) command.stdout?.write(`got ${chunk}`)
          return cmd[0] === 'fail' ? 5 : 0
        }),
      }),
    }),
    nodeIP: '127.0.0.1',
    port: 0,
    rootDirectory: folder,
    certificates: { serving: await authority.issue('CN=system:node:n1'), clientCA: authority.certificate },
    dns: { servers: ['10.96.0.10'] },
  })
  await kubelet.registered
  api.put(podKind, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default', uid: 'uid-web', generation: 1 },
    spec: { nodeName: 'n1', containers: [{ name: 'app', image: 'example/app:1' }] },
    status: { phase: 'Pending' },
  })
  await api.whenPod('web', (pod) => pod.status?.containerStatuses?.[0]?.ready === true)
  const log = join(folder, 'logs', 'default_web_uid-web', 'app', '0.log')
  await mkdir(dirname(log), { recursive: true })
  await writeFile(log, '2026-01-02T03:04:05.000000000Z stdout F one\n2026-01-02T03:04:06.000000000Z stderr F two\n')
})
after(async () => {
  await kubelet.close()
  await streaming.close()
  await rm(folder, { recursive: true })
})

interface Answer {
  readonly status: number
  readonly body: string
}

function ask(path: string, credentials: Partial<KeyPair> & { token?: string } = admin, method = 'GET'): Promise<Answer> {
  const { token, ...pair } = credentials
  return new Promise((resolve, reject) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const call = httpsRequest(
      {
        host: '127.0.0.1',
        port: kubelet.port,
        path,
        method,
        ...pair,
        ca: authority.certificate,
        checkServerIdentity: () => undefined,
        headers,
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }))
      },
    )
    call.on('error', reject)
    call.end()
  })
}

function upgrade(path: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const headers = { connection: 'Upgrade', upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'v4.channel.k8s.io' }
    const call = httpsRequest({
      host: '127.0.0.1',
      port: kubelet.port,
      path,
      method: 'POST',
      ...admin,
      ca: authority.certificate,
      checkServerIdentity: () => undefined,
      headers,
      agent: false,
    })
    call.on('upgrade', (_response, socket) => resolve(socket))
    call.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => reject(new Error(`${response.statusCode} ${Buffer.concat(chunks)}`)))
    })
    call.on('error', reject)
    call.end()
  })
}

test('only callers that are known and allowed get in', async () => {
  assert.deepEqual(await ask('/healthz'), { status: 200, body: 'ok' })
  assert.equal((await ask('/pods', {})).status, 401)
  assert.equal((await ask('/pods', await (await testAuthority()).issue('CN=admin'))).status, 401)
  assert.deepEqual(await ask('/pods', await authority.issue('CN=eve')), {
    status: 403,
    body: 'Forbidden (user=eve, verb=get, resource=nodes, subresource(s)=[pods proxy])\n',
  })
  assert.equal((await ask('/healthz', { token: 'good' })).status, 200)
  assert.equal((await ask('/healthz', { token: 'bad' })).status, 401)
})

test('what is not served is refused', async () => {
  assert.equal((await ask('/nothing')).status, 404)
  assert.equal((await ask('/stats/other')).status, 404)
  assert.equal((await ask('/pods', admin, 'POST')).status, 405)
  assert.equal((await ask('/containerLogs/default/%ZZ/app')).status, 400)
})

test('logs are served as asked for', async () => {
  assert.deepEqual(await ask('/containerLogs/default/web/app'), { status: 200, body: 'one\ntwo\n' })
  assert.equal((await ask('/containerLogs/default/web/app?tailLines=1&timestamps=true')).body, '2026-01-02T03:04:06.000000000Z two\n')
  assert.deepEqual(await ask('/containerLogs/default/web/app?previous=true'), {
    status: 400,
    body: 'previous terminated container "app" in pod "web" not found\n',
  })
  assert.deepEqual(await ask('/containerLogs/default/none/app'), { status: 404, body: 'pod "none" does not exist\n' })
  assert.deepEqual(await ask('/containerLogs/default/web/none'), { status: 404, body: 'container "none" not found in pod "web"\n' })
  assert.equal((await ask('/containerLogs/default/web/app?sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z')).status, 422)
})

test('pods, running pods and the summary tell of what is there', async () => {
  const pods = JSON.parse((await ask('/pods')).body)
  assert.deepEqual([pods.kind, pods.items[0].metadata.name, pods.items[0].status.phase], ['PodList', 'web', 'Running'])
  const running = JSON.parse((await ask('/runningpods/')).body)
  assert.deepEqual(running.items[0].spec.containers[0].name, 'app')
  const summary = JSON.parse((await ask('/stats/summary')).body)
  assert.equal(summary.node.nodeName, 'n1')
  assert.ok(summary.node.memory.workingSetBytes > 0 && summary.node.fs.capacityBytes > 0)
  assert.deepEqual(summary.pods[0].podRef, { name: 'web', namespace: 'default', uid: 'uid-web' })
})

test('run answers with the output of a command', async () => {
  runtime.exec = async (_container, [command]) => ({ exitCode: command === 'fail' ? 3 : 0, stdout: Buffer.from(`${command} done`) })
  assert.deepEqual(await ask('/run/default/web/app?cmd=date', admin, 'POST'), { status: 200, body: 'date done' })
  assert.equal((await ask('/run/default/web/app?cmd=fail', admin, 'POST')).status, 500)
})

test('exec is joined with the stream of the runtime, exit code and all', async () => {
  const connection = new SpdyConnection(await upgrade('/exec/default/web/app?command=fail&command=now&input=1&output=1'), {
    role: 'client',
  })
  const open = (type: string) => connection.open(new Map([['streamtype', type]]))
  const [error, stdin, stdout] = [await open('error'), await open('stdin'), await open('stdout')]
  stdin.end('typed')
  const read = async (stream: AsyncIterable<Buffer>) => {
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }
  const [output, status] = await Promise.all([read(stdout), read(error)])
  assert.equal(output, 'ran fail now\ngot typed')
  assert.equal(exitCodeOf(status), 5)
  connection.close()
})

test('an upgrade that makes no sense is refused before it becomes one', async () => {
  await assert.rejects(upgrade('/exec/default/web/app?output=1'), /400 you must specify at least 1 command/)
  await assert.rejects(upgrade('/exec/default/web/app?command=x'), /400 you must specify at least 1 of stdin/)
  await assert.rejects(upgrade('/exec/default/none/app?command=x&output=1'), /404 pod does not exist/)
  await assert.rejects(upgrade('/exec/default/web/other-uid/app?command=x&output=1'), /404 pod does not exist/)
  await assert.rejects(upgrade('/nothing'), /404/)
})
