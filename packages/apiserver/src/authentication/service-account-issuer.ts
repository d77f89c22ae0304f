import { CompactSign } from 'jose'
import { type ClaimsRequest, type ServiceAccountClaims, serviceAccountClaims } from './service-account-claims.js'
import { type SigningKey, signingKey, type VerificationKey, verificationKey } from './token-keys.js'

export interface ServiceAccountIssuerOptions {
  /** The first signs; tokens of the others are accepted too. URLs. */
  readonly issuers: readonly string[]
  /** Audiences a token gets when none is asked for, and by which the API server is meant. By default the issuers. */
  readonly audiences?: readonly string[]
  /** PEM of the private key. */
  readonly signingKey: string
  /** PEM of further keys whose tokens are accepted, as after a change of key. */
  readonly verificationKeys?: readonly string[]
  readonly now?: () => number
}

/** Issues service account tokens, and knows the keys and names by which they are recognised. */
export interface ServiceAccountIssuer {
  readonly issuers: readonly string[]
  readonly audiences: readonly string[]
  readonly keys: readonly VerificationKey[]
  issue(request: ClaimsRequest): Promise<{ readonly token: string; readonly claims: ServiceAccountClaims }>
}

/** Throws when a key cannot be read or no issuer is named. */
export function serviceAccountIssuer(options: ServiceAccountIssuerOptions): ServiceAccountIssuer {
  const { issuers, audiences = issuers, now = Date.now } = options
  const [issuer] = issuers
  if (!issuer) throw new Error('a service account issuer must have a name')
  const key = signingKey(options.signingKey)
  const others = (options.verificationKeys ?? []).map(verificationKey).filter((other) => other.id !== key.id)
  return {
    issuers,
    audiences,
    keys: [key, ...others],
    async issue(request) {
      const claims = serviceAccountClaims(request, issuer, now())
      return { token: await sign(claims, key), claims }
    },
  }
}

const encoder = new TextEncoder()

const sign = (claims: ServiceAccountClaims, key: SigningKey): Promise<string> =>
  new CompactSign(encoder.encode(JSON.stringify(claims))).setProtectedHeader({ alg: key.algorithm, kid: key.id }).sign(key.privateKey)
