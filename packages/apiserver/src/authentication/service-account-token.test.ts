import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { CompactSign, createLocalJWKSet, jwtVerify } from 'jose'
import { privateKeyPem } from '../pki/private-key.js'
import { openIdDocuments } from './openid-documents.js'
import type { ClaimsRequest } from './service-account-claims.js'
import { serviceAccountIssuer } from './service-account-issuer.js'
import { type Liveness, serviceAccountTokens, type TokenSubjects } from './service-account-token.js'

const name = 'https://kubernetes.default.svc'
const pemOf = (type: 'ec' | 'rsa'): string =>
  privateKeyPem(
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
      : generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  )
const keys = { current: pemOf('ec'), former: pemOf('rsa'), foreign: pemOf('ec') }

const start = Date.parse('2026-01-01T00:00:00Z')

function world(options: { signing?: string; issuers?: string[] } = {}) {
  const objects = new Map<string, Liveness>([
    ['serviceaccount', { uid: 'sa-1' }],
    ['pod', { uid: 'pod-1' }],
    ['secret', { uid: 'secret-1' }],
    ['node', { uid: 'node-1' }],
  ])
  const clock = { now: start }
  const subjects: TokenSubjects = {
    serviceAccount: () => objects.get('serviceaccount'),
    pod: () => objects.get('pod'),
    secret: () => objects.get('secret'),
    node: () => objects.get('node'),
  }
  const now = () => clock.now
  const issuer = serviceAccountIssuer({ issuers: [name], signingKey: keys.current, verificationKeys: [keys.former, keys.current], now })
  const signer = serviceAccountIssuer({ issuers: options.issuers ?? [name], signingKey: options.signing ?? keys.current, now })
  return { objects, clock, issuer, signer, authenticator: serviceAccountTokens(issuer, subjects, now) }
}

const request: ClaimsRequest = { namespace: 'shop', serviceAccount: { name: 'web', uid: 'sa-1' }, audiences: [name], lifetime: 3600 }
const pod = { pod: { name: 'web-1', uid: 'pod-1' }, node: { name: 'n1', uid: 'node-1' } }

test('a token tells who it is for, and what it is bound to', async () => {
  const { issuer, authenticator } = world()
  const { token, claims } = await issuer.issue({ ...request, boundTo: pod })
  assert.deepEqual(await authenticator.recogniseToken(token, []), {
    user: {
      name: 'system:serviceaccount:shop:web',
      uid: 'sa-1',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:shop'],
      extra: {
        'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti}`],
        'authentication.kubernetes.io/node-name': ['n1'],
        'authentication.kubernetes.io/node-uid': ['node-1'],
        'authentication.kubernetes.io/pod-name': ['web-1'],
        'authentication.kubernetes.io/pod-uid': ['pod-1'],
      },
    },
    audiences: [name],
  })
})

test('a token is void when what it is bound to is gone, also right after it was good', async () => {
  const gone = { uid: 'x', deletionTimestamp: new Date(start - 61_000).toISOString() }
  const cases: [string, ClaimsRequest['boundTo'], RegExp, RegExp][] = [
    ['serviceaccount', undefined, /serviceaccounts "web" not found/, /has been deleted|does not match/],
    ['pod', pod, /invalidated/, /pod UID/],
    ['secret', { secret: { name: 's', uid: 'secret-1' } }, /invalidated/, /secret UID/],
    ['node', { node: { name: 'n1', uid: 'node-1' } }, /invalidated/, /node UID/],
  ]
  for (const [what, boundTo, absent, other] of cases) {
    const { issuer, authenticator, objects } = world()
    const { token } = await issuer.issue(boundTo ? { ...request, boundTo } : request)
    const recognise = async () => authenticator.recogniseToken(token, [])
    assert.ok(await recognise(), what)
    const uid = objects.get(what)?.uid
    objects.set(what, { uid: 'another' })
    await assert.rejects(recognise(), other, what)
    objects.set(what, { ...gone, uid })
    await assert.rejects(recognise(), /invalidated|has been deleted/, what)
    objects.set(what, { uid, deletionTimestamp: new Date(start - 30_000).toISOString() })
    assert.ok(await recognise(), `${what} lives on for a minute`)
    objects.delete(what)
    await assert.rejects(recognise(), absent, what)
  }
})

test('the node of a pod bound token need not exist', async () => {
  const { issuer, authenticator, objects } = world()
  objects.delete('node')
  const { token } = await issuer.issue({ ...request, boundTo: { pod: pod.pod, node: { name: 'n1' } } })
  assert.ok(await authenticator.recogniseToken(token, []))
})

test('times: a minute of leeway on both ends', async () => {
  const { issuer, authenticator, clock } = world()
  const { token } = await issuer.issue(request)
  for (const [offset, good] of [
    [0, true],
    [3_600_000, true],
    [3_659_000, true],
    [3_661_000, false],
    [-59_000, true],
    [-61_000, false],
  ] as const) {
    clock.now = start + offset
    const attempt = (async () => authenticator.recogniseToken(token, []))()
    if (good) assert.ok(await attempt)
    else await assert.rejects(attempt, /expired|not valid yet/)
  }
})

test('audiences', async () => {
  const { issuer, authenticator } = world()
  const { token } = await issuer.issue({ ...request, audiences: ['vault', name] })
  const recognise = async (...asked: string[]) => (await authenticator.recogniseToken(token, asked))?.audiences
  assert.deepEqual(await recognise('vault'), ['vault'])
  assert.deepEqual(await recognise(), [name])
  await assert.rejects(recognise('mail'), { message: `token audiences ["vault" "${name}"] is invalid for the target audiences ["mail"]` })
})

test('keys: a former key still counts, a foreign one does not', async () => {
  const former = world({ signing: keys.former })
  assert.ok(await former.authenticator.recogniseToken((await former.signer.issue(request)).token, []))
  const foreign = world({ signing: keys.foreign })
  const { token } = await foreign.signer.issue(request)
  await assert.rejects(async () => foreign.authenticator.recogniseToken(token, []), /no keys found/)
})

test('what is not ours is left to others; what is ours but broken is refused', async () => {
  const { issuer, authenticator, signer } = world({ issuers: ['https://elsewhere'] })
  assert.equal(await authenticator.recogniseToken((await signer.issue(request)).token, []), undefined)
  for (const token of ['', 'a.b', 'a.b.c', '..', 'abc.%%%.def', `x.${Buffer.from('null').toString('base64url')}.y`]) {
    assert.equal(await authenticator.recogniseToken(token, []), undefined, token)
  }
  const { token } = await issuer.issue(request)
  const [header, payload, signature] = token.split('.')
  const changed = Buffer.from(Buffer.from(payload!, 'base64url').toString().replace('shop', 'bank')).toString('base64url')
  const none = Buffer.from('{"alg":"none"}').toString('base64url')
  for (const forged of [
    `${header}.${changed}.${signature}`,
    `${none}.${payload}.`,
    `${header}.${payload}.AAAA`,
    `${header}.${payload}.`,
    `AAAA.${payload}.${signature}`,
  ]) {
    await assert.rejects(async () => authenticator.recogniseToken(forged, []), { name: 'Error' }, forged)
  }
})

test('a signed payload of another shape is refused', async () => {
  const { issuer, authenticator } = world()
  const key = (await import('node:crypto')).createPrivateKey(keys.current)
  for (const payload of [{ iss: name }, { iss: name, sub: 's', 'kubernetes.io': { namespace: 1 } }, { iss: name, sub: 's', aud: [1] }]) {
    const token = await new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
      .setProtectedHeader({ alg: 'ES256', kid: issuer.keys[0]!.id })
      .sign(key)
    await assert.rejects(async () => authenticator.recogniseToken(token, []), /could not be validated/)
  }
})

test('others verify tokens with the published keys', async () => {
  const { issuer } = world()
  const [configuration, keySet] = openIdDocuments(issuer, '192.0.2.1:6443')
  assert.deepEqual(JSON.parse(configuration!.body), {
    issuer: name,
    jwks_uri: 'https://192.0.2.1:6443/openid/v1/jwks',
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256', 'RS256'],
  })
  const { token } = await issuer.issue({ ...request, warnAfter: 3607 })
  const { payload } = await jwtVerify(token, createLocalJWKSet(JSON.parse(keySet!.body)), {
    issuer: name,
    audience: name,
    currentDate: new Date(start),
  })
  assert.equal(payload.sub, 'system:serviceaccount:shop:web')
})
