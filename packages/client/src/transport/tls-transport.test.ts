import assert from 'node:assert/strict'
import { createServer as createPlain } from 'node:http'
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import { createServer as createSecure } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { test } from 'node:test'
import { settled } from '../testing/settled.js'
import { testCertificate, testKey } from '../testing/test-certificate.js'
import { tlsTransport } from './tls-transport.js'

const tls = { cert: testCertificate, key: testKey }

async function listen<S extends Server>(server: S): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

async function http2Server(handle: (stream: ServerHttp2Stream, path: string, token: string) => void) {
  const sessions = new Set<ServerHttp2Session>()
  const server: Http2SecureServer = createSecureServer({ ...tls, settings: { maxConcurrentStreams: 2 } })
  server.on('session', (session) => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
    session.on('error', () => sessions.delete(session))
  })
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined)
    handle(stream, String(headers[':path']), String(headers['authorization']))
  })
  const port = await listen(server)
  const close = () => {
    for (const session of sessions) session.destroy()
    server.close()
  }
  return { server, sessions, port, close }
}

const config = (port: number) => ({ server: `https://127.0.0.1:${port}`, certificateAuthority: testCertificate })

test('requests share connections as far as the server allows, then open more', async () => {
  const waiting: ServerHttp2Stream[] = []
  const { sessions, port, close } = await http2Server((stream) => waiting.push(stream))
  const transport = tlsTransport(config(port))
  const answers = [1, 2, 3].map(() => transport.request({ method: 'GET', path: '/' }))
  await settled(() => waiting.length === 3, 100_000)
  assert.equal(sessions.size, 2)
  for (const stream of waiting) {
    stream.respond({ ':status': 200, 'x-y': 'z' })
    stream.end('ok')
  }
  for (const { status, headers, bytes } of await Promise.all(answers)) {
    assert.deepEqual([status, headers['x-y'], (await bytes()).toString()], [200, 'z', 'ok'])
  }
  await transport.close()
  close()
})

test('a broken connection is replaced for the next request', async () => {
  const { sessions, port, close } = await http2Server((stream, path) => {
    if (path === '/break') stream.session?.destroy()
    else {
      stream.respond({ ':status': 200 })
      stream.end(path)
    }
  })
  const transport = tlsTransport(config(port))
  await assert.rejects(transport.request({ method: 'GET', path: '/break' }), { name: 'TransportError', failure: 'connection' })
  await settled(() => sessions.size === 0, 100_000)
  assert.equal((await (await transport.request({ method: 'GET', path: '/next' })).bytes()).toString(), '/next')
  await transport.close()
  close()
})

test('deadline and signal end an answer that does not; leaving the loop resets the stream', async () => {
  let closed = 0
  const { port, close } = await http2Server((stream) => {
    stream.on('close', () => closed++)
    stream.respond({ ':status': 200 })
    stream.write('begin')
  })
  const transport = tlsTransport(config(port))
  const late = await transport.request({ method: 'GET', path: '/', timeout: 100 })
  await assert.rejects(late.bytes(), { name: 'TransportError', failure: 'deadline' })
  const abort = new AbortController()
  const stopped = await transport.request({ method: 'GET', path: '/', signal: abort.signal })
  const reading = stopped.bytes()
  abort.abort()
  await assert.rejects(reading, { name: 'TransportError', failure: 'aborted' })
  for await (const chunk of (await transport.request({ method: 'GET', path: '/' })).stream()) {
    assert.equal(chunk.toString(), 'begin')
    break
  }
  await settled(() => closed === 3, 100_000)
  await transport.close()
  close()
})

test('a server without HTTP/2 is asked by HTTP/1.1, over TLS and without', async () => {
  const secure = createSecure(tls, (request, response) =>
    response.end(`${request.httpVersion} ${request.url} ${request.headers['authorization']}`),
  )
  const plain = createPlain((request, response) => response.end(`${request.httpVersion} ${request.url}`))
  const secured = tlsTransport({ ...config(await listen(secure)), credentials: { headers: async () => ({ authorization: 'Bearer t' }) } })
  const open = tlsTransport({ server: `http://127.0.0.1:${await listen(plain)}/prefix` })
  assert.equal((await (await secured.request({ method: 'GET', path: '/a' })).bytes()).toString(), '1.1 /a Bearer t')
  assert.equal((await (await open.request({ method: 'GET', path: '/b' })).bytes()).toString(), '1.1 /prefix/b')
  await Promise.all([secured.close(), open.close()])
  secure.close()
  plain.close()
})

test('credentials are asked for anew when the server rejects them', async () => {
  const { port, close } = await http2Server((stream, _path, token) => {
    stream.respond({ ':status': token === 'Bearer new' ? 200 : 401 })
    stream.end('')
  })
  let token = 'old'
  const credentials = {
    headers: async (rejected: boolean) => {
      if (rejected) token = 'new'
      return { authorization: `Bearer ${token}` }
    },
  }
  const transport = tlsTransport({ ...config(port), credentials })
  assert.equal((await transport.request({ method: 'GET', path: '/' })).status, 200)
  await transport.close()
  close()
})

test('a certificate of another authority is refused', async () => {
  const { port, close } = await http2Server((stream) => stream.end())
  const transport = tlsTransport({ server: `https://127.0.0.1:${port}` })
  await assert.rejects(transport.request({ method: 'GET', path: '/' }), { name: 'TransportError', failure: 'connection', unsent: true })
  await transport.close()
  close()
})

test('an upgrade gives the raw connection', async () => {
  const server = createSecure(tls)
  server.on('upgrade', (request, socket) => {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: ${request.headers['sec-websocket-protocol']}\r\n\r\nhello`,
    )
  })
  const transport = tlsTransport(config(await listen(server)))
  const { socket, protocol } = await transport.upgrade!({ method: 'GET', path: '/exec', protocols: ['v5.channel.k8s.io'] })
  assert.equal(protocol, 'v5.channel.k8s.io')
  const [chunk] = (await socket.take(1).toArray()) as Buffer[]
  assert.equal(String(chunk), 'hello')
  socket.destroy()
  await transport.close()
  server.close()
})
