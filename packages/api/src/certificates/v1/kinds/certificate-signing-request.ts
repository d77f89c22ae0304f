import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type CertificateSigningRequest = TypeOf<'certificates.v1.CertificateSigningRequest'>
export type CertificateSigningRequestList = ListOf<CertificateSigningRequest>

export const CertificateSigningRequest: Kind<CertificateSigningRequest> = defineKind('certificates.v1.CertificateSigningRequest', {
  plural: 'certificatesigningrequests',
  shortNames: ['csr'],
  scope: 'Cluster',
  subresources: [{ name: 'approval', verbs: ['get', 'patch', 'update'] }, statusSubresource],
})
