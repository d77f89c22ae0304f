import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect, createServer } from 'node:tls'
import { subjectAttributes } from './certificate-check.js'
import { leafLifetime } from './certificate-issue.js'
import { openClusterPki } from './cluster-pki.js'
import { apiServerLeaf, clientLeaves, nodeClientLeaf, nodeServingLeaf } from './leaf-requests.js'

const inDirectory = async (run: (directory: string) => Promise<void>): Promise<void> => {
  const directory = await mkdtemp(join(tmpdir(), 'treeline-pki-'))
  try {
    await run(join(directory, 'pki'))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

const serving = apiServerLeaf({ serviceAddress: '10.96.0.1', hostnames: ['box'], addresses: ['192.0.2.7'] })

test('makes authorities, leaves and the service account key; keys belong to the owner alone', () =>
  inDirectory(async (directory) => {
    const pki = await openClusterPki({ directory })
    const pair = await pki.leaf('apiserver', serving)
    await pki.leaf('clients/admin', clientLeaves.admin)
    const certificate = new X509Certificate(pair.certificate)
    for (const name of [
      'localhost',
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
      'kubernetes.default.svc.cluster.local',
      'box',
    ]) {
      assert.equal(certificate.checkHost(name), name)
    }
    for (const address of ['127.0.0.1', '::1', '10.96.0.1', '192.0.2.7']) assert.equal(certificate.checkIP(address), address)
    for (const key of ['ca.key', 'front-proxy-ca.key', 'sa.key', 'apiserver.key', 'clients/admin.key']) {
      assert.equal((await stat(join(directory, key))).mode & 0o777, 0o600, key)
    }
    assert.equal((await stat(directory)).mode & 0o777, 0o700)
    const sa = createPrivateKey(pki.serviceAccountKey)
    assert.equal(sa.asymmetricKeyDetails?.namedCurve, 'prime256v1')
  }))

test('openssl accepts the chain', () =>
  inDirectory(async (directory) => {
    const pki = await openClusterPki({ directory })
    await pki.leaf('apiserver', serving)
    await pki.leaf('node', nodeClientLeaf('node-1'))
    const verify = (purpose: string, name: string) =>
      execFileSync('openssl', [
        'verify',
        '-x509_strict',
        '-purpose',
        purpose,
        '-CAfile',
        join(directory, 'ca.crt'),
        join(directory, `${name}.crt`),
      ]).toString()
    assert.match(verify('sslserver', 'apiserver'), /OK/)
    assert.match(verify('sslclient', 'node'), /OK/)
  }))

test('mutual TLS works with what was made', () =>
  inDirectory(async (directory) => {
    const pki = await openClusterPki({ directory })
    const [server, client] = await Promise.all([pki.leaf('apiserver', serving), pki.leaf('clients/admin', clientLeaves.admin)])
    const listener = createServer({
      cert: server.certificate,
      key: server.privateKey,
      ca: pki.authority.certificate,
      requestCert: true,
      rejectUnauthorized: true,
    })
    listener.listen(0, '127.0.0.1')
    const peer = new Promise<Buffer>((resolve, reject) => {
      listener.once('secureConnection', (socket) => {
        resolve(socket.getPeerCertificate().raw)
        socket.end()
      })
      listener.once('tlsClientError', reject)
    })
    await new Promise((resolve) => listener.once('listening', resolve))
    const address = listener.address() as { port: number }
    const socket = connect({
      host: '127.0.0.1',
      port: address.port,
      servername: 'kubernetes.default.svc',
      ca: pki.authority.certificate,
      cert: client.certificate,
      key: client.privateKey,
    })
    socket.resume()
    try {
      const attributes = subjectAttributes(new X509Certificate(await peer))
      assert.deepEqual([attributes.get('CN'), attributes.get('O')], [['kubernetes-admin'], ['system:masters']])
    } finally {
      socket.destroy()
      await new Promise((resolve) => listener.close(resolve))
    }
  }))

test('a second opening uses everything again', () =>
  inDirectory(async (directory) => {
    const first = await openClusterPki({ directory })
    const leaf = await first.leaf('apiserver', serving)
    const second = await openClusterPki({ directory })
    assert.deepEqual(second.authority, first.authority)
    assert.deepEqual(second.frontProxyAuthority, first.frontProxyAuthority)
    assert.equal(second.serviceAccountKey, first.serviceAccountKey)
    assert.deepEqual(await second.leaf('apiserver', serving), leaf)
  }))

test('a leaf is made anew near its end, for other names, and when its key was swapped', () =>
  inDirectory(async (directory) => {
    const pki = await openClusterPki({ directory })
    const leaf = await pki.leaf('apiserver', serving)
    const later = await openClusterPki({ directory, now: () => Date.now() + leafLifetime - 86_400_000 })
    const renewed = await later.leaf('apiserver', serving)
    assert.notEqual(renewed.certificate, leaf.certificate)
    assert.deepEqual(later.authority, pki.authority)
    const widened = await pki.leaf('apiserver', { ...serving, hostnames: [...(serving.hostnames ?? []), 'another'] })
    assert.equal(new X509Certificate(widened.certificate).checkHost('another'), 'another')
    await writeFile(join(directory, 'apiserver.key'), pki.authority.privateKey)
    const repaired = await pki.leaf('apiserver', serving)
    assert.ok(new X509Certificate(repaired.certificate).checkPrivateKey(createPrivateKey(repaired.privateKey)))
  }))

test('a crash between key and certificate of an authority is gone on with; a lost key is an error', () =>
  inDirectory(async (directory) => {
    const first = await openClusterPki({ directory })
    await rm(join(directory, 'ca.crt'))
    const second = await openClusterPki({ directory })
    assert.equal(second.authority.privateKey, first.authority.privateKey)
    await rm(join(directory, 'ca.key'))
    await assert.rejects(openClusterPki({ directory }), /ca\.key is missing or unreadable/)
  }))

test('a key that was opened to others is taken back', () =>
  inDirectory(async (directory) => {
    await openClusterPki({ directory })
    await chmod(join(directory, 'sa.key'), 0o644)
    await openClusterPki({ directory })
    assert.equal((await stat(join(directory, 'sa.key'))).mode & 0o777, 0o600)
    assert.match(await readFile(join(directory, 'sa.pub'), 'utf8'), /BEGIN PUBLIC KEY/)
  }))

test('a node serving certificate carries its name and addresses', () =>
  inDirectory(async (directory) => {
    const pki = await openClusterPki({ directory })
    const pair = await pki.leaf('kubelet', nodeServingLeaf('node-1', ['127.0.1.1']))
    const certificate = new X509Certificate(pair.certificate)
    assert.equal(certificate.checkHost('node-1'), 'node-1')
    assert.equal(certificate.checkIP('127.0.1.1'), '127.0.1.1')
  }))
