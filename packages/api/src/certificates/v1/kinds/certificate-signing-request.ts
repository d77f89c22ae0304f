import { humanDuration } from '@treeline/machinery'
import { orNone } from '../../../declaration/cells.js'
import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'
import { keepDecision, prepareApproval, prepareRequest, stampConditions } from '../request-preparation.js'

export type CertificateSigningRequest = TypeOf<'certificates.v1.CertificateSigningRequest'>
export type CertificateSigningRequestList = ListOf<CertificateSigningRequest>

/** A request for a certificate, its approval, and the certificate. */
export const CertificateSigningRequest: Kind<CertificateSigningRequest> = defineKind('certificates.v1.CertificateSigningRequest', {
  plural: 'certificatesigningrequests',
  shortNames: ['csr'],
  scope: 'Cluster',
  subresources: [{ name: 'approval', verbs: ['get', 'patch', 'update'] }, statusSubresource],
  selectableFields: { 'spec.signerName': ({ spec }) => spec.signerName },
  columns: [
    nameColumn,
    ageColumn,
    column('SignerName', 'string', 'Who is to sign.', ({ spec }) => orNone(spec.signerName)),
    column('Requestor', 'string', 'Who asks.', ({ spec }) => spec.username ?? ''),
    column('RequestedDuration', 'string', 'For how long.', ({ spec }) =>
      spec.expirationSeconds === undefined ? '<none>' : humanDuration(spec.expirationSeconds * 1000),
    ),
    column('Condition', 'string', 'How far it has come.', stateCell),
  ],
  strategy: {
    prepareForCreate: prepareRequest,
    prepareForUpdate(request, old) {
      request.spec = old.spec
    },
    prepareForStatusUpdate(request, old, write) {
      keepDecision(request, old)
      stampConditions(request, old, write)
    },
    subresources: { approval: { prepareForUpdate: prepareApproval } },
    resetFields: { '': ['spec', 'status'], status: ['spec', 'status.conditions'], approval: ['spec', 'status.certificate'] },
  },
})

function stateCell({ status }: CertificateSigningRequest): string {
  const has = (type: string): boolean => status?.conditions?.some((condition) => condition.type === type) ?? false
  const decision = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending'
  return [decision, ...(has('Failed') ? ['Failed'] : []), ...(status?.certificate ? ['Issued'] : [])].join(',')
}
