import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { BasicConstraintsExtension, cryptoProvider, PemConverter, X509CertificateGenerator } from '@peculiar/x509'
import type { KeyPair } from '../server/key-pair.js'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** A certificate authority for tests of the endpoints, and what it signs. */
export interface TestAuthority {
  readonly certificate: string
  /** `name` is a subject such as `CN=admin, O=system:masters`. */
  issue(name: string): Promise<KeyPair>
}

export async function testAuthority(): Promise<TestAuthority> {
  cryptoProvider.set(webcrypto)
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const notAfter = new Date(Date.now() + 3_600_000)
  const authority = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=test authority',
    keys,
    notAfter,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true)],
  })
  return {
    certificate: authority.toString('pem'),
    async issue(name) {
      const own = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
      const certificate = await X509CertificateGenerator.create({
        subject: name,
        issuer: authority.subject,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        notAfter,
        signingAlgorithm: algorithm,
      })
      const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', own.privateKey), 'PRIVATE KEY')
      return { key, cert: certificate.toString('pem') }
    },
  }
}
