import type { TypeOf } from '../../declaration/type-of.js'

export type CertificateSigningRequestCondition = TypeOf<'certificates.v1.CertificateSigningRequestCondition'>
export type CertificateSigningRequestSpec = TypeOf<'certificates.v1.CertificateSigningRequestSpec'>
export type CertificateSigningRequestStatus = TypeOf<'certificates.v1.CertificateSigningRequestStatus'>
export type KeyUsage = TypeOf<'certificates.v1.KeyUsage'>
export type RequestConditionType = TypeOf<'certificates.v1.RequestConditionType'>
