import assert from 'node:assert/strict'
import { generateKeyPairSync, webcrypto, X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { CertificateSigningRequest } from '@treeline/api'
import { ControllerFixture, FakeClock } from '@treeline/client/testing'
import { world } from '../testing/objects.js'
import { isOver } from './clean.js'
import { certificateApprovalController, certificateSigningController } from './index.js'
import { signers } from './signers.js'
import { certificateLibrary, type ReadRequest } from './signing-request.js'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const now = Date.parse('2026-01-01T00:00:00Z')

async function request(subject: string): Promise<string> {
  const x509 = await certificateLibrary()
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({ name: subject, keys, signingAlgorithm: algorithm })
  return Buffer.from(csr.toString('pem')).toString('base64')
}

async function authority() {
  const x509 = await certificateLibrary()
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const [signingKey, publicKey] = await Promise.all([
    webcrypto.subtle.importKey('pkcs8', privateKey.export({ type: 'pkcs8', format: 'der' }), algorithm, true, ['sign']),
    webcrypto.subtle.importKey(
      'jwk',
      { ...privateKey.export({ format: 'jwk' }), d: undefined, key_ops: ['verify'] } as webcrypto.JsonWebKey,
      algorithm,
      true,
      ['verify'],
    ),
  ])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=ca',
    keys: { privateKey: signingKey, publicKey },
    notBefore: new Date(now - 86_400_000),
    notAfter: new Date(now + 30 * 86_400_000),
    signingAlgorithm: algorithm,
  })
  return { certificate: certificate.toString('pem'), privateKey: pem }
}

const csr = (
  spec: Partial<NonNullable<CertificateSigningRequest['spec']>>,
  status?: CertificateSigningRequest['status'],
): CertificateSigningRequest => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name: 'c', uid: 'c', creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: {
    request: '',
    signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
    usages: ['digital signature', 'client auth'],
    username: 'system:node:n1',
    ...spec,
  },
  ...(status && { status }),
})
const approved = { conditions: [{ type: 'Approved', status: 'True', lastUpdateTime: '2026-01-01T00:00:00Z' }] } as const

test('a node agent that may have its certificate has it approved, another has not', async () => {
  for (const allowed of [true, false]) {
    const fixture = new ControllerFixture(certificateApprovalController(), {
      objects: [csr({ request: await request('O=system:nodes,CN=system:node:n1') })],
    })
    const create = fixture.client.create.bind(fixture.client)
    fixture.client.create = async (kind, object, options) => {
      const made = await create(kind, object, options)
      return { ...made, status: { allowed } }
    }
    // Reviews have no name; in a world that keeps objects they need one.
    const asked: unknown[] = []
    const plain = fixture.client.create
    fixture.client.create = async (kind, object, options) => {
      asked.push((object as { spec?: { resourceAttributes?: { subresource?: string } } }).spec?.resourceAttributes?.subresource)
      return plain(kind, { ...object, metadata: { name: `review ${asked.length}` } }, options)
    }
    await fixture.settle()
    const [condition] = world(fixture, CertificateSigningRequest)[0]?.status?.conditions ?? []
    assert.deepEqual(asked, allowed ? ['selfnodeclient'] : ['selfnodeclient', 'nodeclient'])
    assert.equal(condition?.message, allowed ? 'Auto approving self kubelet client certificate after SubjectAccessReview.' : undefined)
  }
})

test('an approved request is signed for what it asks, no longer than its authority lives', async () => {
  const ca = await authority()
  for (const [expirationSeconds, end] of [
    [3600, '2026-01-01T01:00:00Z'],
    [undefined, '2026-01-31T00:00:00Z'],
  ] as const) {
    const clock = new FakeClock(now)
    const objects = [
      csr({ request: await request('O=system:nodes,CN=system:node:n1'), expirationSeconds }, structuredClone(approved) as never),
    ]
    const fixture = new ControllerFixture(certificateSigningController(ca), { objects, clock })
    await fixture.settle()
    const certificate = new X509Certificate(Buffer.from(world(fixture, CertificateSigningRequest)[0]?.status?.certificate ?? '', 'base64'))
    assert.ok(certificate.verify(new X509Certificate(ca.certificate).publicKey))
    assert.deepEqual(certificate.subject.split('\n').sort(), ['CN=system:node:n1', 'O=system:nodes'])
    assert.equal(new Date(certificate.validTo).toISOString().slice(0, 19), end.slice(0, 19))
    assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.2'])
  }
})

test('a request that breaks the rules of its signer fails', async () => {
  const serving = csr(
    {
      signerName: 'kubernetes.io/kubelet-serving',
      usages: ['digital signature', 'server auth'],
      request: await request('O=system:nodes,CN=system:node:n1'),
    },
    structuredClone(approved) as never,
  )
  const fixture = new ControllerFixture(certificateSigningController(await authority()), { objects: [serving] })
  await fixture.settle()
  const failed = world(fixture, CertificateSigningRequest)[0]?.status?.conditions?.at(-1)
  assert.deepEqual(
    [failed?.type, failed?.reason, failed?.message],
    ['Failed', 'SignerValidationFailure', 'DNS or IP subjectAltName is required'],
  )
})

test('the rules of the signers', () => {
  const read: ReadRequest = {
    commonName: 'system:node:n1',
    organizations: ['system:nodes'],
    dnsNames: [],
    addresses: [],
    emails: [],
    uris: [],
    pem: '',
  }
  const client = signers.get('kubernetes.io/kube-apiserver-client-kubelet')!
  const usages = ['key encipherment', 'digital signature', 'client auth']
  assert.equal(client(read, usages), undefined)
  assert.equal(client(read, usages.slice(1)), undefined)
  assert.match(client(read, [...usages, 'server auth']) ?? '', /usages/)
  assert.match(client({ ...read, organizations: ['x'] }, usages) ?? '', /organization/)
  assert.match(client({ ...read, commonName: 'x' }, usages) ?? '', /common name/)
  assert.match(client({ ...read, dnsNames: ['x'] }, usages) ?? '', /DNS/)
  assert.match(signers.get('kubernetes.io/kube-apiserver-client')!(read, []) ?? '', /client auth/)
})

test('a request is over an hour after its answer, a day after nobody answered', () => {
  const hours = (count: number) => now + count * 3_600_000
  assert.deepEqual([isOver(csr({}), hours(24)), isOver(csr({}), hours(25))], [false, true])
  const denied = csr({}, { conditions: [{ type: 'Denied', status: 'True', lastUpdateTime: '2026-01-01T00:00:00Z' }] })
  assert.deepEqual([isOver(denied, hours(1)), isOver(denied, hours(1.1))], [false, true])
  const unissued = csr({}, structuredClone(approved) as never)
  assert.deepEqual([isOver(unissued, hours(2)), isOver(unissued, hours(25))], [false, true])
})
