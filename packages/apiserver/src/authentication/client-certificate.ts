import { createHash, X509Certificate } from 'node:crypto'
import { isCurrent, subjectAttributes } from '../pki/certificate-check.js'
import { type Identity, RefusedCredential, type RequestAuthenticator } from './attempt.js'
import { credentialIdKey } from './identities.js'

const clientAuthentication = '1.3.6.1.5.5.7.3.2'
const anyUsage = '2.5.29.37.0'
/** Attribute of a subject that carries a user's uid. */
const uidAttribute = '1.3.6.1.4.1.57683.2'

/**
 * Client certificates: the common name is the user, the organizations are its groups. The server hands over the same
 * Buffer for every request of a connection, so what it proved is remembered with it.
 */
export function clientCertificates(authorities: readonly string[], now: () => number = Date.now): RequestAuthenticator {
  const verifier = certificateVerifier(authorities, now)
  const identities = new WeakMap<Buffer, Identity>()
  return {
    recognise({ clientCertificate }) {
      if (!clientCertificate) return undefined
      const certificate = verifier(clientCertificate)
      let identity = identities.get(clientCertificate)
      if (!identity) {
        identity = identityOf(certificate)
        identities.set(clientCertificate, identity)
      }
      return identity
    },
  }
}

/** Checks a client certificate (DER) against authorities, its life and its purpose, and throws RefusedCredential. */
export function certificateVerifier(authorities: readonly string[], now: () => number): (der: Buffer) => X509Certificate {
  const issuers = authorities.map((pem) => new X509Certificate(pem))
  const verified = new WeakMap<Buffer, X509Certificate>()
  return (der) => {
    let certificate = verified.get(der)
    if (!certificate) {
      certificate = readDer(der)
      verifyIssuerAndPurpose(certificate, issuers)
      verified.set(der, certificate)
    }
    if (!isCurrent(certificate, now())) throw new RefusedCredential('x509: certificate has expired or is not yet valid')
    return certificate
  }
}

const readDer = (der: Buffer): X509Certificate => {
  try {
    return new X509Certificate(der)
  } catch (error) {
    throw new RefusedCredential('x509: malformed certificate', { cause: error })
  }
}

const verifyIssuerAndPurpose = (certificate: X509Certificate, issuers: readonly X509Certificate[]): void => {
  if (!issuers.some((issuer) => certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey))) {
    throw new RefusedCredential('x509: certificate signed by unknown authority')
  }
  // Node calls the extended key usages `keyUsage`; a certificate without them is good for everything.
  const usages = certificate.keyUsage as readonly string[] | undefined
  if (usages && !usages.includes(clientAuthentication) && !usages.includes(anyUsage)) {
    throw new RefusedCredential('x509: certificate specifies an incompatible key usage')
  }
}

const identityOf = (certificate: X509Certificate): Identity => {
  const subject = subjectAttributes(certificate)
  const name = subject.get('CN')?.at(-1)
  if (!name) throw new RefusedCredential('x509: subject has no common name')
  const uids = subject.get(uidAttribute) ?? []
  if (uids.length > 1 || uids[0] === '') throw new RefusedCredential('x509: subject must carry one non-empty uid')
  const fingerprint = createHash('sha256').update(certificate.raw).digest('hex')
  return {
    user: {
      name,
      ...(uids[0] !== undefined ? { uid: uids[0] } : {}),
      groups: subject.get('O') ?? [],
      extra: { [credentialIdKey]: [`X509SHA256=${fingerprint}`] },
    },
  }
}
