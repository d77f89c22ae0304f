import type { Kind } from '../../kind.js'
import { CertificateSigningRequest } from './kinds/certificate-signing-request.js'

export * from './kinds/certificate-signing-request.js'
export type * from './types.js'

/** In discovery's order. */
export const certificatesV1Kinds: readonly Kind[] = [CertificateSigningRequest]
