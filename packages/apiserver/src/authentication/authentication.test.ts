import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type ClusterPki, openClusterPki } from '../pki/cluster-pki.js'
import { clientLeaves, frontProxyClientLeaf, nodeClientLeaf, nodeServingLeaf } from '../pki/leaf-requests.js'
import { authentication } from './authentication.js'
import type { UserInfo } from './authenticator.js'
import { bearerTokens } from './bearer-token.js'
import { clientCertificates } from './client-certificate.js'
import { frontProxy } from './front-proxy.js'
import { parseTokenFile, staticTokens } from './static-token.js'

let directory: string
let pki: ClusterPki
const der = async (pair: Promise<{ certificate: string }>): Promise<Buffer> => new X509Certificate((await pair).certificate).raw

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'treeline-authentication-'))
  pki = await openClusterPki({ directory })
})
after(() => rm(directory, { recursive: true, force: true }))

const audiences = ['https://kubernetes.default.svc']
const tokens = new Map<string, UserInfo>([['good', { name: 'ann', uid: '7', groups: ['dev'] }]])

const chain = (options: { anonymous?: boolean | { paths: readonly string[] }; now?: () => number } = {}) =>
  authentication({
    methods: [
      frontProxy({ authorities: [pki.frontProxyAuthority.certificate], allowedNames: ['front-proxy-client'] }),
      clientCertificates([pki.authority.certificate], options.now),
      bearerTokens([staticTokens(tokens, audiences)]),
    ],
    audiences,
    anonymous: options.anonymous ?? true,
  })

test('who offers nothing is anonymous', async () => {
  const expected = { name: 'system:anonymous', groups: ['system:unauthenticated'] }
  for (const headers of [
    {},
    { authorization: 'Basic YTpi' },
    { authorization: 'Bearer ' },
    { authorization: 'Bearer' },
  ] as IncomingHttpHeaders[]) {
    assert.deepEqual(await chain().authenticate({ headers }), expected, JSON.stringify(headers))
  }
})

test('anonymous access can be cut off or kept to paths', async () => {
  const unauthorized = { code: 401, reason: 'Unauthorized', message: 'Unauthorized' }
  await assert.rejects(chain({ anonymous: false }).authenticate({ headers: {} }), unauthorized)
  const paths = chain({ anonymous: { paths: ['/healthz'] } })
  assert.equal((await paths.authenticate({ headers: {}, path: '/healthz' }))?.name, 'system:anonymous')
  await assert.rejects(paths.authenticate({ headers: {}, path: '/api' }), unauthorized)
})

test('bearer tokens: scheme in any case, a bad one is 401 everywhere', async () => {
  for (const authorization of ['Bearer good', 'bearer good', ' BEARER good ']) {
    assert.deepEqual(await chain().authenticate({ headers: { authorization } }), {
      name: 'ann',
      uid: '7',
      groups: ['dev', 'system:authenticated'],
    })
  }
  await assert.rejects(chain().authenticate({ headers: { authorization: 'Bearer bad' } }), { code: 401 })
  await assert.rejects(chain().authenticate({ headers: { authorization: `Bearer ${'x'.repeat(100_000)}` } }), { code: 401 })
})

test('a browser passes its token as a WebSocket subprotocol, beside another one', async () => {
  const offered = (...protocols: string[]) => ({ headers: { upgrade: 'websocket', 'sec-websocket-protocol': protocols.join(', ') } })
  const token = `base64url.bearer.authorization.k8s.io.${Buffer.from('good').toString('base64url')}`
  assert.equal((await chain().authenticate(offered(token, 'v5.channel.k8s.io')))?.name, 'ann')
  await assert.rejects(chain().authenticate(offered(token)), { code: 401 })
  await assert.rejects(chain().authenticate(offered(token, token, 'v4.channel.k8s.io')), { code: 401 })
  await assert.rejects(chain().authenticate(offered('base64url.bearer.authorization.k8s.io.%%', 'v4.channel.k8s.io')), { code: 401 })
})

test('client certificates: common name and organizations; they hide a bad token', async () => {
  const admin = await der(pki.leaf('admin', clientLeaves.admin))
  const user = await chain().authenticate({ headers: { authorization: 'Bearer bad' }, clientCertificate: admin })
  assert.equal(user?.name, 'kubernetes-admin')
  assert.deepEqual(user.groups, ['system:masters', 'system:authenticated'])
  assert.match(user.extra?.['authentication.kubernetes.io/credential-id']?.[0] ?? '', /^X509SHA256=[0-9a-f]{64}$/)
  const node = await chain().authenticate({ headers: {}, clientCertificate: await der(pki.leaf('node', nodeClientLeaf('n1'))) })
  assert.deepEqual([node?.name, node?.groups], ['system:node:n1', ['system:nodes', 'system:authenticated']])
})

test('a client certificate that does not count is 401', async () => {
  const admin = await der(pki.leaf('admin', clientLeaves.admin))
  const cases: [string, Buffer, (() => number)?][] = [
    ['of a stranger', await der(pki.frontProxyLeaf('stranger', clientLeaves.admin))],
    ['for serving', await der(pki.leaf('serving', nodeServingLeaf('n1', ['127.0.0.9'])))],
    ['expired', admin, () => Date.now() + 400 * 86_400_000],
    ['garbage', Buffer.from('certificate')],
  ]
  for (const [what, clientCertificate, now] of cases) {
    await assert.rejects(chain(now ? { now } : {}).authenticate({ headers: {}, clientCertificate }), { code: 401 }, what)
  }
})

test('a certificate that expires during a connection stops counting', async () => {
  const admin = await der(pki.leaf('admin', clientLeaves.admin))
  let now = Date.now()
  const authenticator = chain({ now: () => now })
  assert.ok(await authenticator.authenticate({ headers: {}, clientCertificate: admin }))
  now += 366 * 86_400_000
  await assert.rejects(authenticator.authenticate({ headers: {}, clientCertificate: admin }), { code: 401 })
})

test('a front proxy speaks for others in headers, before any token', async () => {
  const clientCertificate = await der(pki.frontProxyLeaf('front-proxy-client', frontProxyClientLeaf))
  const user = await chain().authenticate({
    headers: {
      'x-remote-user': 'bob',
      'x-remote-group': ['a', 'b, c'],
      'x-remote-uid': 'ignored',
      'x-remote-extra-example.com%2fscopes': ['read', 'write'],
      authorization: 'Bearer good',
    } as unknown as IncomingHttpHeaders,
    clientCertificate,
  })
  assert.deepEqual(user, {
    name: 'bob',
    groups: ['a', 'b, c', 'system:authenticated'],
    extra: { 'example.com/scopes': ['read', 'write'] },
  })
})

test('front-proxy headers from anyone else count for nothing', async () => {
  const headers = { 'x-remote-user': 'system:admin', 'x-remote-group': 'system:masters' }
  assert.equal((await chain().authenticate({ headers }))?.name, 'system:anonymous')
  const admin = await der(pki.leaf('node', nodeClientLeaf('n1')))
  assert.equal((await chain().authenticate({ headers, clientCertificate: admin }))?.name, 'system:node:n1')
  const unnamed = await der(pki.frontProxyLeaf('other', { subject: { commonName: 'other' }, usages: ['client'] }))
  await assert.rejects(chain().authenticate({ headers, clientCertificate: unnamed }), { code: 401 })
})

test('token files', () => {
  assert.deepEqual(parseTokenFile('t1,u1,1,"g1,g2"\n\n# remark\nt2,u2,2\n').get('t1'), { name: 'u1', uid: '1', groups: ['g1', 'g2'] })
  assert.throws(() => parseTokenFile('t1,u1'), /line 1/)
})
