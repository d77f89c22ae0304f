export { certificateApprovalController } from './approve.js'
export { certificateCleaner } from './clean.js'
export { type CertificateSigningOptions, certificateSigningController } from './issue.js'
export type { SigningAuthority } from './sign.js'
