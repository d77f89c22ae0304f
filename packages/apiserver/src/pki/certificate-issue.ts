import { createPublicKey, type KeyObject, randomBytes, webcrypto } from 'node:crypto'
import { privateKeyPem } from './private-key.js'

/** Who a certificate speaks for. */
export interface CertificateSubject {
  readonly commonName: string
  readonly organizations?: readonly string[]
}

/** What a leaf certificate is for. */
export interface LeafRequest {
  readonly subject: CertificateSubject
  readonly usages: readonly ('client' | 'server')[]
  readonly hostnames?: readonly string[]
  readonly addresses?: readonly string[]
}

/** A certificate and its private key, in PEM. */
export interface KeyPair {
  readonly certificate: string
  readonly privateKey: string
}

/** A key pair that signs others. */
export interface CertificateAuthority extends KeyPair {
  readonly commonName: string
}

/** Lifetime of authorities, in milliseconds: ten years. */
export const authorityLifetime = 10 * 365 * 86_400_000
/** Lifetime of leaf certificates, in milliseconds: one year. */
export const leafLifetime = 365 * 86_400_000
/** Certificates begin this many milliseconds before they were made, for machines whose clocks are behind. */
const clockSkew = 5 * 60_000

const extendedKeyUsages = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const
const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

// The library costs about 0.1 s to load, so only a start that really signs something loads it.
const loadLibrary = (): Promise<typeof import('@peculiar/x509')> => {
  library ??= import('reflect-metadata').then(() => import('@peculiar/x509'))
  return library
}
let library: Promise<typeof import('@peculiar/x509')> | undefined

/** Makes the self-signed certificate of an authority around `key`. */
export async function issueAuthority(commonName: string, key: KeyObject, now: number): Promise<CertificateAuthority> {
  const x509 = await loadLibrary()
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [commonName] }],
    issuer: [{ CN: [commonName] }],
    notBefore: wholeSecond(now - clockSkew),
    notAfter: wholeSecond(now + authorityLifetime),
    publicKey: await publicCryptoKey(key),
    signingKey: await privateCryptoKey(key),
    signingAlgorithm: signing,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature |
          x509.KeyUsageFlags.keyCertSign |
          x509.KeyUsageFlags.keyEncipherment |
          x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(await publicCryptoKey(key)),
    ],
  })
  return { commonName, certificate: pemText(certificate.toString('pem')), privateKey: privateKeyPem(key) }
}

/** Signs a leaf certificate for `key`. */
export async function issueLeaf(
  request: LeafRequest,
  key: KeyObject,
  issuer: { readonly commonName: string; readonly key: KeyObject },
  now: number,
): Promise<KeyPair> {
  const x509 = await loadLibrary()
  const names = [
    ...(request.hostnames ?? []).map((value) => ({ type: 'dns' as const, value })),
    ...(request.addresses ?? []).map((value) => ({ type: 'ip' as const, value })),
  ]
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: distinguishedName(request.subject),
    issuer: [{ CN: [issuer.commonName] }],
    notBefore: wholeSecond(now - clockSkew),
    notAfter: wholeSecond(now + leafLifetime),
    publicKey: await publicCryptoKey(key),
    signingKey: await privateCryptoKey(issuer.key),
    signingAlgorithm: signing,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
      new x509.ExtendedKeyUsageExtension(request.usages.map((usage) => extendedKeyUsages[usage])),
      await x509.AuthorityKeyIdentifierExtension.create(await publicCryptoKey(issuer.key)),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ],
  })
  return { certificate: pemText(certificate.toString('pem')), privateKey: privateKeyPem(key) }
}

// One attribute per relative name, organizations first: the order in which upstream writes them.
const distinguishedName = (subject: CertificateSubject): Record<string, string[]>[] => [
  ...(subject.organizations ?? []).map((organization) => ({ O: [organization] })),
  { CN: [subject.commonName] },
]

const privateCryptoKey = (key: KeyObject): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey('pkcs8', key.export({ type: 'pkcs8', format: 'der' }), signing, true, ['sign'])

const publicCryptoKey = (key: KeyObject): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey('spki', createPublicKey(key).export({ type: 'spki', format: 'der' }), signing, true, ['verify'])

/** 16 random bytes; the first is kept in 1..127, so the number is positive and its encoding minimal. */
const serialNumber = (): string => {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 1
  return bytes.toString('hex')
}

const wholeSecond = (time: number): Date => new Date(Math.floor(time / 1000) * 1000)

const pemText = (pem: string): string => (pem.endsWith('\n') ? pem : `${pem}\n`)
