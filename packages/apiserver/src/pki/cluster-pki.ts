import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { isCurrent, isUsable, readCertificate, renewBefore } from './certificate-check.js'
import { type CertificateAuthority, issueAuthority, issueLeaf, type KeyPair, type LeafRequest } from './certificate-issue.js'
import { makeSecretDirectory, publicMode, readSecret, readText, secretMode, writeWhole } from './files.js'
import { generatePrivateKey, privateKeyPem, readPrivateKey } from './private-key.js'

export interface ClusterPkiOptions {
  /** Where keys and certificates are kept; made when it is missing. */
  readonly directory: string
  /** Milliseconds since the epoch; for tests. */
  readonly now?: () => number
}

/**
 * The keys and certificates of one cluster, kept in a directory under the names kubeadm gives them. What is there and
 * good is used again; what is missing, near its end or not what is asked for is made.
 */
export interface ClusterPki {
  readonly directory: string
  /** Signs serving and client certificates of the cluster. */
  readonly authority: CertificateAuthority
  /** Signs the certificate with which the API server shows itself to extension API servers. */
  readonly frontProxyAuthority: CertificateAuthority
  /** Signs service account tokens; PKCS#8 PEM. */
  readonly serviceAccountKey: string
  /** A leaf certificate of the cluster authority under a file name of its own, such as `apiserver` or `clients/admin`. */
  leaf(name: string, request: LeafRequest): Promise<KeyPair>
  /** The same of the front-proxy authority. */
  frontProxyLeaf(name: string, request: LeafRequest): Promise<KeyPair>
}

/** Opens the directory; makes both authorities and the service account key where they are missing. Throws when an authority's key is lost. */
export async function openClusterPki(options: ClusterPkiOptions): Promise<ClusterPki> {
  const { directory, now = Date.now } = options
  await makeSecretDirectory(directory)
  const [authority, frontProxyAuthority, serviceAccountKey] = await Promise.all([
    openAuthority(directory, 'ca', 'kubernetes', now()),
    openAuthority(directory, 'front-proxy-ca', 'front-proxy-ca', now()),
    openServiceAccountKey(directory),
  ])
  const leafOf = (issuer: OpenAuthority) => (name: string, request: LeafRequest) => openLeaf(directory, name, request, issuer, now())
  return {
    directory,
    authority: authority.pem,
    frontProxyAuthority: frontProxyAuthority.pem,
    serviceAccountKey,
    leaf: leafOf(authority),
    frontProxyLeaf: leafOf(frontProxyAuthority),
  }
}

interface OpenAuthority {
  readonly pem: CertificateAuthority
  readonly key: KeyObject
  readonly certificate: X509Certificate
}

async function openAuthority(directory: string, name: string, commonName: string, now: number): Promise<OpenAuthority> {
  const certificatePath = join(directory, `${name}.crt`)
  const keyPath = join(directory, `${name}.key`)
  const [certificatePem, keyPem] = await Promise.all([readText(certificatePath), readSecret(keyPath)])
  const certificate = certificatePem === undefined ? undefined : readCertificate(certificatePem)
  const key = keyPem === undefined ? undefined : readPrivateKey(keyPem)
  if (certificatePem !== undefined && certificate && key && certificate.checkPrivateKey(key) && isCurrent(certificate, now, renewBefore)) {
    return { pem: { commonName, certificate: certificatePem, privateKey: privateKeyPem(key) }, key, certificate }
  }
  // A new key would silently cut off every client that trusts the old certificate. Only a person can decide that.
  if (certificatePem !== undefined && !key) throw new Error(`${keyPath} is missing or unreadable, but ${certificatePath} is there`)
  return makeAuthority(certificatePath, keyPath, commonName, key, now)
}

/** The key is written before the certificate: a crash between them leaves a key that the next start goes on with. */
async function makeAuthority(
  certificatePath: string,
  keyPath: string,
  commonName: string,
  existing: KeyObject | undefined,
  now: number,
): Promise<OpenAuthority> {
  const key = existing ?? (await generatePrivateKey())
  const pem = await issueAuthority(commonName, key, now)
  if (!existing) await writeWhole(keyPath, pem.privateKey, secretMode)
  await writeWhole(certificatePath, pem.certificate, publicMode)
  return { pem, key, certificate: new X509Certificate(pem.certificate) }
}

async function openLeaf(directory: string, name: string, request: LeafRequest, issuer: OpenAuthority, now: number): Promise<KeyPair> {
  const certificatePath = join(directory, `${name}.crt`)
  const keyPath = join(directory, `${name}.key`)
  const [certificatePem, keyPem] = await Promise.all([readText(certificatePath), readSecret(keyPath)])
  const stored = keyPem === undefined ? undefined : readPrivateKey(keyPem)
  if (certificatePem !== undefined && stored && isUsable(certificatePem, stored, issuer.certificate, request, now)) {
    return { certificate: certificatePem, privateKey: privateKeyPem(stored) }
  }
  const pair = await issueLeaf(request, await generatePrivateKey(), { commonName: issuer.pem.commonName, key: issuer.key }, now)
  if (name.includes('/')) await makeSecretDirectory(join(directory, name, '..'))
  await writeWhole(keyPath, pair.privateKey, secretMode)
  await writeWhole(certificatePath, pair.certificate, publicMode)
  return pair
}

async function openServiceAccountKey(directory: string): Promise<string> {
  const path = join(directory, 'sa.key')
  const stored = await readSecret(path)
  if (stored !== undefined) {
    if (!readPrivateKey(stored)) throw new Error(`${path} does not hold a private key in PEM form`)
    return stored
  }
  const key = await generatePrivateKey()
  const pem = privateKeyPem(key)
  await writeWhole(path, pem, secretMode)
  await writeWhole(join(directory, 'sa.pub'), createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(), publicMode)
  return pem
}
