import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

/** A public key that verifies service account tokens. */
export interface VerificationKey {
  /** base64url of the SHA-256 of its SubjectPublicKeyInfo, as upstream names keys. */
  readonly id: string
  /** JWS algorithm that goes with the key: ES256, ES384, ES512 or RS256. */
  readonly algorithm: string
  readonly publicKey: KeyObject
}

/** A private key that signs service account tokens, with its public half. */
export interface SigningKey extends VerificationKey {
  readonly privateKey: KeyObject
}

const curveAlgorithms: Readonly<Record<string, string>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' }

/** Reads a private key in PEM. Throws when it is neither RSA nor on a NIST curve. */
export function signingKey(pem: string): SigningKey {
  const privateKey = createPrivateKey(pem)
  return { ...verificationKeyOf(createPublicKey(privateKey)), privateKey }
}

/** Reads a public key, or the public half of a private one, in PEM. Throws as `signingKey`. */
export function verificationKey(pem: string): VerificationKey {
  return verificationKeyOf(createPublicKey(pem))
}

/** The key as a member of a JSON Web Key Set. */
export function jsonWebKey(key: VerificationKey): Record<string, unknown> {
  const { kty, crv, ...numbers } = key.publicKey.export({ format: 'jwk' })
  return { use: 'sig', kty, kid: key.id, ...(crv === undefined ? {} : { crv }), alg: key.algorithm, ...numbers }
}

const verificationKeyOf = (publicKey: KeyObject): VerificationKey => {
  const id = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url')
  const curve = publicKey.asymmetricKeyDetails?.namedCurve
  const algorithm = publicKey.asymmetricKeyType === 'rsa' ? 'RS256' : curve === undefined ? undefined : curveAlgorithms[curve]
  if (algorithm === undefined)
    throw new Error(`a service account key must be RSA or ECDSA, not ${publicKey.asymmetricKeyType} ${curve ?? ''}`)
  return { id, algorithm, publicKey }
}
