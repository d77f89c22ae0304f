import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createHttp, type IncomingMessage, type Server } from 'node:http'
import { createServer as createHttps, request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { WebSocket, WebSocketServer } from 'ws'
import type { UserInfo } from '../authentication/authenticator.js'
import { nodeServingLeaf } from '../pki/leaf-requests.js'
import { startTestCluster, type TestCluster } from '../testing/test-cluster.js'
import { unicastAndLoopbackNetwork } from './proxy/addresses.js'

const users = new Map<string, UserInfo>([
  ['root', { name: 'root', groups: ['system:masters'] }],
  ['reader', { name: 'reader', groups: [] }],
])
const podAddress = '127.16.20.1'
let cluster: TestCluster
let kubelet: Server
let web: Server
/** What reached the kubelet, newest last. */
const seen: { method: string; url: string; headers: IncomingMessage['headers']; client: string }[] = []

before(async () => {
  cluster = await startTestCluster({ tokens: users, mayReach: unicastAndLoopbackNetwork, verifyKubelets: true })
  const { server, ask } = cluster
  const leaf = await server.pki.leaf('kubelet', nodeServingLeaf('n1', ['127.0.0.1']))
  const note = (request: IncomingMessage) => {
    const peer = (request.socket as unknown as { getPeerCertificate(): { subject: { CN: string } } }).getPeerCertificate()
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, client: peer.subject.CN })
  }
  kubelet = createHttps(
    { cert: leaf.certificate, key: leaf.privateKey, ca: server.pki.authority.certificate, requestCert: true },
    (request, response) => {
      note(request)
      if (request.url?.includes('/broken/')) response.writeHead(500).end('no such log')
      else if (request.url?.startsWith('/containerLogs')) response.end('line 1\nline 2\n')
      else if (request.url === '/healthz') response.end('ok')
      else response.writeHead(404).end('not here')
    },
  )
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => [...offered][0] ?? false })
  kubelet.on('upgrade', (request, socket, head) => {
    note(request)
    if (request.headers.upgrade === 'SPDY/3.1') {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: SPDY/3.1\r\nx-stream-protocol-version: v4.channel.k8s.io\r\n\r\nhello',
      )
      socket.on('data', (data: Buffer) => socket.write(data.toString().toUpperCase()))
      socket.on('end', () => socket.end())
      return
    }
    if (request.url?.includes('refuse')) {
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 6\r\nconnection: close\r\n\r\nrefuse')
      return
    }
    sockets.handleUpgrade(request, socket, head, (connection) =>
      connection.on('message', (data) => connection.send(`echo ${String(data)}`)),
    )
  })
  kubelet.listen(0, '127.0.0.1')
  web = createHttp((request, response) => {
    const body: Buffer[] = []
    request.on('data', (chunk: Buffer) => body.push(chunk))
    request.on('end', () => {
      if (request.url === '/moved') response.writeHead(302, { location: '/there' }).end()
      else
        response.writeHead(201, { 'x-app': 'web' }).end(
          JSON.stringify({
            method: request.method,
            url: request.url,
            auth: request.headers.authorization,
            body: Buffer.concat(body).toString(),
          }),
        )
    })
  })
  web.listen(0, podAddress)
  await Promise.all([once(kubelet, 'listening'), once(web, 'listening')])
  const kubeletPort = (kubelet.address() as AddressInfo).port
  await ask('POST /api/v1/nodes', { metadata: { name: 'n1' } })
  const merge = { contentType: 'application/merge-patch+json' }
  await ask(
    'PATCH /api/v1/nodes/n1/status',
    { status: { addresses: [{ type: 'InternalIP', address: '127.0.0.1' }], daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } } } },
    merge,
  )
  await ask('POST /api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } })
  const port = (web.address() as AddressInfo).port
  for (const name of ['web', 'broken']) {
    await ask('POST /api/v1/namespaces/default/pods', {
      metadata: { name },
      spec: { nodeName: 'n1', containers: [{ name: 'c', image: 'i', ports: [{ containerPort: port }] }] },
    })
    await ask(
      `PATCH /api/v1/namespaces/default/pods/${name}/status`,
      { status: { podIP: podAddress, podIPs: [{ ip: podAddress }] } },
      merge,
    )
  }
  await ask('POST /api/v1/namespaces/default/services', {
    metadata: { name: 'front' },
    spec: { ports: [{ name: 'http', port: 80, targetPort: port }] },
  })
  await ask('POST /apis/discovery.k8s.io/v1/namespaces/default/endpointslices', {
    metadata: { name: 'front-1', labels: { 'kubernetes.io/service-name': 'front' } },
    addressType: 'IPv4',
    ports: [{ name: 'http', port, protocol: 'TCP' }],
    endpoints: [{ addresses: [podAddress], conditions: { ready: true }, targetRef: { kind: 'Pod', namespace: 'default', name: 'web' } }],
  })
  await ask('POST /apis/rbac.authorization.k8s.io/v1/namespaces/default/roles', {
    metadata: { name: 'reader' },
    rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods/exec', 'pods/log'] }],
  })
  await ask('POST /apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings', {
    metadata: { name: 'reader' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'reader' }],
  })
})
after(async () => {
  kubelet.closeAllConnections()
  kubelet.close()
  web.closeAllConnections()
  web.close()
  await cluster.close()
})

interface Answer {
  readonly code: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

/** Over TLS, as clients do. */
function fetchOverTls(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: '127.0.0.1',
        port: cluster.server.port,
        method,
        path,
        ca: cluster.server.pki.authority.certificate,
        agent: false,
        headers: { authorization: 'Bearer root', ...headers },
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({ code: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() }),
        )
        response.on('error', reject)
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

const pods = '/api/v1/namespaces/default/pods'

test("logs come from the kubelet, which sees the server's certificate and no token", async () => {
  const answer = await fetchOverTls('GET', `${pods}/web/log?tailLines=2&timestamps=true&follow=false`)
  assert.deepEqual([answer.code, answer.headers['content-type'], answer.text], [200, 'text/plain', 'line 1\nline 2\n'])
  const { url, headers, client } = seen.at(-1)!
  assert.deepEqual(
    [url, client, headers.authorization],
    ['/containerLogs/default/web/c?timestamps=true&tailLines=2', 'kube-apiserver-kubelet-client', undefined],
  )
  const broken = await fetchOverTls('GET', `${pods}/broken/log`)
  assert.deepEqual([broken.code, JSON.parse(broken.text).message], [500, 'Internal error occurred: no such log'])
})

/** Opens a WebSocket and gives what it says to one message. */
function talk(path: string, protocols: string[], message: string, token = 'root'): Promise<{ protocol: string; answer: string }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`wss://127.0.0.1:${cluster.server.port}${path}`, protocols, {
      ca: cluster.server.pki.authority.certificate,
      headers: { authorization: `Bearer ${token}` },
    })
    socket.on('open', () => socket.send(message))
    socket.on('message', (data) => {
      resolve({ protocol: socket.protocol, answer: String(data) })
      socket.close()
    })
    socket.on('unexpected-response', (_request, response) => reject(new Error(`refused: ${response.statusCode}`)))
    socket.on('error', reject)
  })
}

test('exec joins a WebSocket with the kubelet', async () => {
  const { protocol, answer } = await talk(
    `${pods}/web/exec?command=ls&command=-l&stdout=true&stdin=1&tty=false`,
    ['v5.channel.k8s.io'],
    'hi',
  )
  assert.deepEqual([protocol, answer], ['v5.channel.k8s.io', 'echo hi'])
  assert.equal(seen.at(-1)!.url, '/exec/default/web/c?input=1&output=1&command=ls&command=-l')
})

test('a token among the subprotocols does not reach the kubelet', async () => {
  const token = `base64url.bearer.authorization.k8s.io.${Buffer.from('root').toString('base64url')}`
  const opened = await new Promise<string>((resolve, reject) => {
    const socket = new WebSocket(`wss://127.0.0.1:${cluster.server.port}${pods}/web/attach?stdout=1`, [token, 'v4.channel.k8s.io'], {
      ca: cluster.server.pki.authority.certificate,
    })
    socket.on('open', () => {
      resolve(socket.protocol)
      socket.close()
    })
    socket.on('error', reject)
  })
  assert.equal(opened, 'v4.channel.k8s.io')
  assert.equal(seen.at(-1)!.headers['sec-websocket-protocol'], 'v4.channel.k8s.io')
})

test('who may only get pods/exec cannot open it by a GET', async () => {
  await assert.rejects(talk(`${pods}/web/exec?command=ls`, ['v5.channel.k8s.io'], 'hi', 'reader'), /refused: 403/)
  assert.equal((await fetchOverTls('GET', `${pods}/web/log`, undefined, { authorization: 'Bearer reader' })).code, 200)
})

test('a refusal of the kubelet is passed on', async () => {
  await assert.rejects(talk(`${pods}/web/exec?command=refuse`, ['v4.channel.k8s.io'], 'hi'), /refused: 403/)
})

test('SPDY is spliced byte for byte, in both directions', async () => {
  const text = await new Promise<string>((resolve, reject) => {
    const request = httpsRequest({
      host: '127.0.0.1',
      port: cluster.server.port,
      method: 'POST',
      path: `${pods}/web/portforward?ports=80`,
      ca: cluster.server.pki.authority.certificate,
      headers: {
        authorization: 'Bearer root',
        connection: 'Upgrade',
        upgrade: 'SPDY/3.1',
        'x-stream-protocol-version': 'portforward.k8s.io',
      },
    })
    request.on('upgrade', (response, socket, head) => {
      assert.equal(response.headers.upgrade, 'SPDY/3.1')
      let received = head.toString()
      socket.on('data', (data: Buffer) => {
        received += data.toString()
        if (received.includes('PING')) {
          resolve(received)
          socket.destroy()
        }
      })
      socket.write('ping')
    })
    request.on('response', (response) => reject(new Error(`answered ${response.statusCode}`)))
    request.on('error', reject)
    request.end()
  })
  assert.equal(text, 'helloPING')
  assert.equal(seen.at(-1)!.url, '/portForward/default/web?port=80')
})

test('exec without an upgrade is a bad request', async () => {
  const answer = await fetchOverTls('POST', `${pods}/web/exec?command=ls`)
  assert.deepEqual([answer.code, JSON.parse(answer.text).message], [400, 'Upgrade request required'])
})

test('pods/proxy: path, query, method and body go on, the token does not', async () => {
  const answer = await fetchOverTls('POST', `${pods}/web/proxy/a%20b/c?d=e`, 'payload')
  assert.deepEqual([answer.code, answer.headers['x-app']], [201, 'web'])
  assert.deepEqual(JSON.parse(answer.text), { method: 'POST', url: '/a%20b/c?d=e', body: 'payload' })
  const root = await fetchOverTls('GET', `${pods}/web/proxy?x=y`)
  assert.deepEqual([root.code, root.headers.location], [301, `${pods}/web/proxy/?x=y`])
  const moved = await fetchOverTls('GET', `${pods}/web/proxy/moved`)
  assert.deepEqual([moved.code, moved.headers.location], [302, `${pods}/web/proxy/there`])
})

test('services/proxy reaches a pod behind the Service', async () => {
  for (const name of ['front:http', 'front:80']) {
    const answer = await fetchOverTls('GET', `/api/v1/namespaces/default/services/${name}/proxy/x`)
    assert.deepEqual([answer.code, JSON.parse(answer.text).url], [201, '/x'], name)
  }
  const unknown = await fetchOverTls('GET', '/api/v1/namespaces/default/services/front:81/proxy/x')
  assert.deepEqual([unknown.code, JSON.parse(unknown.text).message], [503, 'no service port 81 found for service "front"'])
})

test('proxies reach nothing that is not allowed, and say when nobody answers', async () => {
  const merge = { contentType: 'application/merge-patch+json' }
  await cluster.ask(`PATCH ${pods}/broken/status`, { status: { podIP: '127.0.0.1', podIPs: [{ ip: '127.0.0.1' }] } }, merge)
  const loopback = await fetchOverTls('GET', `${pods}/broken/proxy/`)
  assert.deepEqual([loopback.code, JSON.parse(loopback.text).message], [400, 'address not allowed'])
  const closed = await fetchOverTls('GET', `${pods}/web:1/proxy/`)
  assert.deepEqual(
    [closed.code, JSON.parse(closed.text).message],
    [503, `error trying to reach service: dial tcp ${podAddress}:1: connect: connection refused`],
  )
})
