import { certificateSigningRequestTypes } from './certificate-signing-request.js'

/** Every declared type of certificates.v1. */
export const certificatesV1Types = { ...certificateSigningRequestTypes } as const
