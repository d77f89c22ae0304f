import { type KeyObject, X509Certificate } from 'node:crypto'
import type { LeafRequest } from './certificate-issue.js'

/** A certificate is made anew when less than this is left of its life, in milliseconds: 30 days. */
export const renewBefore = 30 * 86_400_000

/** The certificate in `pem`, or undefined when it holds none that can be read. */
export function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

/** Whether `now` (milliseconds) lies in the certificate's life, with `margin` milliseconds of it left. */
export function isCurrent(certificate: X509Certificate, now: number, margin = 0): boolean {
  return Date.parse(certificate.validFrom) <= now && now + margin < Date.parse(certificate.validTo)
}

/** Whether a stored leaf can still be used: whole, in life, of this issuer, and for all that is asked of it. */
export function isUsable(pem: string, key: KeyObject, issuer: X509Certificate, request: LeafRequest, now: number): boolean {
  const certificate = readCertificate(pem)
  return (
    certificate !== undefined &&
    isCurrent(certificate, now, renewBefore) &&
    certificate.checkPrivateKey(key) &&
    certificate.checkIssued(issuer) &&
    certificate.verify(issuer.publicKey) &&
    hasSubject(certificate, request) &&
    (request.hostnames ?? []).every((hostname) => certificate.checkHost(hostname) !== undefined) &&
    (request.addresses ?? []).every((address) => certificate.checkIP(address) !== undefined)
  )
}

/** The attributes of a certificate's subject; an attribute that occurs more than once gives several values. */
export function subjectAttributes(certificate: X509Certificate): ReadonlyMap<string, readonly string[]> {
  const subject = certificate.toLegacyObject().subject as unknown as Record<string, string | string[]> | undefined
  return new Map(Object.entries(subject ?? {}).map(([name, value]) => [name, Array.isArray(value) ? value : [value]]))
}

const hasSubject = (certificate: X509Certificate, request: LeafRequest): boolean => {
  const attributes = subjectAttributes(certificate)
  const organizations = attributes.get('O') ?? []
  const wanted = request.subject.organizations ?? []
  return (
    attributes.get('CN')?.[0] === request.subject.commonName &&
    organizations.length === wanted.length &&
    wanted.every((organization) => organizations.includes(organization))
  )
}
