import type { ServiceAccountIssuer } from './service-account-issuer.js'
import { jsonWebKey } from './token-keys.js'

/** A public document that tells others how to verify service account tokens. */
export interface OpenIdDocument {
  readonly path: string
  readonly contentType: string
  /** Of every answer. */
  readonly cacheControl: string
  readonly body: string
}

/**
 * The discovery document and the key set of the issuer. `externalAddress` is host and port under which clients reach
 * the server. None when the issuer is no https URL, as upstream.
 */
export function openIdDocuments(issuer: ServiceAccountIssuer, externalAddress: string): readonly OpenIdDocument[] {
  const [name] = issuer.issuers
  if (!name?.startsWith('https://')) return []
  const cacheControl = 'public, max-age=3600'
  const configuration = {
    issuer: name,
    jwks_uri: `https://${externalAddress}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [...new Set(issuer.keys.map((key) => key.algorithm))].sort(),
  }
  return [
    { path: '/.well-known/openid-configuration', contentType: 'application/json', cacheControl, body: JSON.stringify(configuration) },
    {
      path: '/openid/v1/jwks',
      contentType: 'application/jwk-set+json',
      cacheControl,
      body: JSON.stringify({ keys: issuer.keys.map(jsonWebKey) }),
    },
  ]
}
