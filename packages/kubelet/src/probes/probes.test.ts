import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { after, before, test } from 'node:test'
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { Server, ServerCredentials, status } from '@grpc/grpc-js'
import { CriError, criCodes, localRuntime } from '@treeline/cri'
import { containerPort } from './container-port.js'
import { probeExec } from './exec-probe.js'
import { probeGrpc } from './grpc-probe.js'
import { probeHttp } from './http-probe.js'
import { probeTcp } from './tcp-probe.js'

const here = (host: string, port: number) => ({ host, port })
const requests: IncomingMessage[] = []
const web = createServer((request, response) => {
  requests.push(request)
  const routes: Record<string, () => void> = {
    '/ok': () => response.end('fine'),
    '/bad': () => response.writeHead(503).end('sick'),
    '/moved': () => response.writeHead(302, { location: '/ok' }).end(),
    '/away': () => response.writeHead(301, { location: 'http://elsewhere.example/' }).end(),
    '/round': () => response.writeHead(302, { location: '/round' }).end(),
    '/slow': () => undefined,
    '/long': () => response.end('x'.repeat(100_000)),
  }
  routes[request.url ?? '']?.()
})
const tcp = createTcpServer((socket) => socket.on('error', () => socket.destroy()))
const grpc = new Server()
let ports: Record<'web' | 'tcp' | 'grpc' | 'closed', number>

before(async () => {
  const listen = (server: { listen(port: number, host: string, done: () => void): unknown; address(): unknown }) =>
    new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)))
  const closed = createTcpServer()
  ports = { web: await listen(web), tcp: await listen(tcp), grpc: 0, closed: await listen(closed) }
  closed.close()
  grpc.addService(
    {
      check: {
        path: '/grpc.health.v1.Health/Check',
        requestStream: false,
        responseStream: false,
        requestSerialize: (name: string) => Buffer.from(name),
        requestDeserialize: (bytes: Buffer) => {
          const reader = new BinaryReader(bytes)
          if (reader.len === 0) return { service: '' }
          reader.tag()
          return { service: reader.string() }
        },
        responseSerialize: (code: number) => Buffer.from(new BinaryWriter().tag(1, WireType.Varint).int32(code).finish()),
        responseDeserialize: (bytes: Buffer) => bytes,
      },
    },
    {
      check: ({ request }: { request: { service: string } }, done: (error: object | null, code?: number) => void) => {
        if (request.service === 'slow') return
        if (request.service === 'none') done({ code: status.UNIMPLEMENTED, details: 'unknown service' })
        else done(null, request.service === 'sick' ? 2 : 1)
      },
    },
  )
  ports.grpc = await new Promise<number>((resolve, reject) =>
    grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port))),
  )
})
after(() => {
  web.closeAllConnections()
  web.close()
  tcp.close()
  grpc.forceShutdown()
})

const get = (path: string, timeout = 1_000, headers: { name: string; value: string }[] = [], port = ports.web) =>
  probeHttp({ scheme: 'http', host: '127.0.0.1', port, path, headers }, here, timeout)

test('an HTTP probe judges by the status and follows redirects on the same host only', async () => {
  assert.deepEqual(await get('/ok'), { result: 'success', output: 'fine' })
  assert.deepEqual(await get('/bad'), { result: 'failure', output: 'HTTP probe failed with statuscode: 503' })
  assert.deepEqual(await get('/moved'), { result: 'success', output: 'fine' })
  assert.equal((await get('/away')).result, 'warning')
  assert.match((await get('/round')).output, /stopped after 10 redirects/)
  assert.equal((await get('/long')).output.length, 10 * 1024)
  assert.match((await get('/slow', 50)).output, /context deadline exceeded/)
  assert.equal(
    (await get('/', 1_000, [], ports.closed)).output,
    `Get "http://127.0.0.1:${ports.closed}/": dial tcp 127.0.0.1:${ports.closed}: connect: connection refused`,
  )
})

test('an HTTP probe is known by its headers, and may bring its own', async () => {
  requests.length = 0
  await get('/ok', 1_000, [
    { name: 'Host', value: 'app.example' },
    { name: 'X-Twice', value: 'a' },
    { name: 'X-Twice', value: 'b' },
  ])
  const { headers } = requests[0]!
  assert.deepEqual(
    [headers.host, headers['user-agent'], headers.accept, headers.connection, headers['x-twice']],
    ['app.example', 'kube-probe/1.35', '*/*', 'close', 'a, b'],
  )
})

test('a TCP probe connects', async () => {
  assert.equal((await probeTcp('127.0.0.1', ports.tcp, here, 1_000)).result, 'success')
  assert.deepEqual(await probeTcp('127.0.0.1', ports.closed, here, 1_000), {
    result: 'failure',
    output: `dial tcp 127.0.0.1:${ports.closed}: connect: connection refused`,
  })
  const moved = await probeTcp('10.1.2.3', 80, () => ({ host: '127.0.0.1', port: ports.tcp }), 1_000)
  assert.equal(moved.result, 'success')
})

test('a gRPC probe asks for the health of a service', async () => {
  const ask = (service: string, port = ports.grpc) => probeGrpc('127.0.0.1', port, service, here, 200)
  assert.deepEqual(await ask(''), { result: 'success', output: 'service healthy' })
  assert.deepEqual(await ask('sick'), { result: 'failure', output: 'service unhealthy (responded with "NOT_SERVING")' })
  assert.match((await ask('none')).output, /does not implement the grpc health protocol/)
  assert.match((await ask('slow')).output, /health rpc did not complete within 0.2s/)
  assert.equal((await ask('', ports.closed)).result, 'failure')
})

test('an exec probe judges by the exit code, and a broken runtime counts for nothing', async () => {
  const runtime = localRuntime({
    execSync: async ({ cmd }) => {
      if (cmd[0] === 'slow') throw new CriError(criCodes.DEADLINE_EXCEEDED, 'too slow')
      if (cmd[0] === 'broken') throw new CriError(criCodes.UNAVAILABLE, 'gone')
      return { exitCode: cmd[0] === 'bad' ? 1 : 0, stdout: Buffer.from('out '), stderr: Buffer.from('err') }
    },
  })
  const run = (command: string) => probeExec(runtime, 'c', [command], 1_000, new AbortController().signal)
  assert.deepEqual(await run('good'), { result: 'success', output: 'out err' })
  assert.equal((await run('bad')).result, 'failure')
  assert.deepEqual(await run('slow'), { result: 'failure', output: 'command timed out: "slow" timed out after 1s' })
  assert.equal((await run('broken')).result, 'unknown')
})

test('ports are numbers or names of the container', () => {
  const container = { name: 'c', ports: [{ name: 'http', containerPort: 8080 }] }
  assert.deepEqual([containerPort(80, container), containerPort('81', container), containerPort('http', container)], [80, 81, 8080])
  for (const bad of ['none', 0, 70_000]) assert.throws(() => containerPort(bad, container), /couldn't find port/)
})
