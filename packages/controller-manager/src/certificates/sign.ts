import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, webcrypto } from 'node:crypto'
import { alternativeNames, certificateLibrary } from './signing-request.js'

/** A key pair that signs certificates, in PEM. */
export interface SigningAuthority {
  readonly certificate: string
  readonly privateKey: string
}

/** Certificates begin this much before they are made, for clocks that are behind; milliseconds. */
const backdate = 300_000
/** Lives shorter than this are not cut at their end for beginning early. */
const shortLife = 8 * 3_600_000

const keyUsages: Readonly<Record<string, string>> = {
  signing: 'digitalSignature',
  'digital signature': 'digitalSignature',
  'content commitment': 'nonRepudiation',
  'key encipherment': 'keyEncipherment',
  'key agreement': 'keyAgreement',
  'data encipherment': 'dataEncipherment',
  'cert sign': 'keyCertSign',
  'crl sign': 'cRLSign',
  'encipher only': 'encipherOnly',
  'decipher only': 'decipherOnly',
}
const extendedUsages: Readonly<Record<string, string>> = {
  any: '2.5.29.37.0',
  'server auth': '1.3.6.1.5.5.7.3.1',
  'client auth': '1.3.6.1.5.5.7.3.2',
  'code signing': '1.3.6.1.5.5.7.3.3',
  'email protection': '1.3.6.1.5.5.7.3.4',
  's/mime': '1.3.6.1.5.5.7.3.4',
  'ipsec end system': '1.3.6.1.5.5.7.3.5',
  'ipsec tunnel': '1.3.6.1.5.5.7.3.6',
  'ipsec user': '1.3.6.1.5.5.7.3.7',
  timestamping: '1.3.6.1.5.5.7.3.8',
  'ocsp signing': '1.3.6.1.5.5.7.3.9',
  'microsoft sgc': '1.3.6.1.4.1.311.10.3.3',
  'netscape sgc': '2.16.840.1.113730.4.1',
}

/** Signs a PKCS#10 request (PEM) for these usages and `lifetime` milliseconds, but never beyond the authority's own end. Gives PEM. */
export async function signRequest(
  request: string,
  usages: readonly string[],
  lifetime: number,
  authority: SigningAuthority,
  now: number,
): Promise<string> {
  const x509 = await certificateLibrary()
  const wanted = new x509.Pkcs10CertificateRequest(request)
  const issuer = new x509.X509Certificate(authority.certificate)
  const key = createPrivateKey(authority.privateKey)
  const end = lifetime < shortLife ? now + lifetime : now + lifetime - backdate
  const names = wanted.getExtension(alternativeNames)
  const flags = usages.flatMap((usage) => keyUsages[usage] ?? [])
  const extended = usages.flatMap((usage) => extendedUsages[usage] ?? [])
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: wanted.subject,
    issuer: issuer.subject,
    notBefore: wholeSecond(now - backdate),
    notAfter: wholeSecond(Math.min(end, issuer.notAfter.getTime())),
    publicKey: wanted.publicKey,
    signingKey: await signingKey(key),
    signingAlgorithm: algorithmOf(key),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      ...(flags.length > 0 ? [new x509.KeyUsagesExtension(flagBits(x509.KeyUsageFlags, flags), true)] : []),
      ...(extended.length > 0 ? [new x509.ExtendedKeyUsageExtension(extended)] : []),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...(names ? [new x509.SubjectAlternativeNameExtension(names.rawData)] : []),
    ],
  })
  const pem = certificate.toString('pem')
  return pem.endsWith('\n') ? pem : `${pem}\n`
}

/** The numbers of named flags, together. */
function flagBits(all: unknown, names: readonly string[]): number {
  const byName = all as Readonly<Record<string, number>>
  return names.reduce((bits, name) => bits | (byName[name] ?? 0), 0)
}

function algorithmOf(key: KeyObject): { name: string; hash: string; namedCurve?: string } {
  if (key.asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const curve = createPublicKey(key).export({ format: 'jwk' }).crv ?? 'P-256'
  return { name: 'ECDSA', hash: curve === 'P-384' ? 'SHA-384' : curve === 'P-521' ? 'SHA-512' : 'SHA-256', namedCurve: curve }
}

function signingKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', key.export({ type: 'pkcs8', format: 'der' }), algorithmOf(key), false, ['sign'])
}

/** 128 random bits, of which the first is zero and the first byte is not, so that the number is positive and whole. */
function serialNumber(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 1
  return bytes.toString('hex')
}

const wholeSecond = (time: number): Date => new Date(Math.floor(time / 1000) * 1000)
