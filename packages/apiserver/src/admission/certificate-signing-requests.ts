import { Buffer } from 'node:buffer'
import type { CertificateSigningRequest } from '@treeline/api'
import { deepEqual } from '@treeline/machinery'
import type { UserInfo } from '../authentication/authenticator.js'
import type { Authorizer } from '../authorization/authorizer.js'
import { readSigningRequest } from '../pki/signing-request.js'
import type { AdmissionPlugin } from './admission.js'
import { isAbout, refused } from './refusal.js'

const resource = 'certificatesigningrequests.certificates.k8s.io'
const apiClientSigner = 'kubernetes.io/kube-apiserver-client'

/** Only who may approve for a signer changes the approval of its requests. */
export function certificateApproval(authorizer: Authorizer): AdmissionPlugin {
  return {
    name: 'CertificateApproval',
    async validate(attributes) {
      if (attributes.operation !== 'UPDATE' || !isAbout(attributes, resource, 'approval')) return
      const { signerName } = (attributes.oldObject as CertificateSigningRequest).spec
      if (await maySignFor(authorizer, attributes.user, 'approve', signerName)) return
      throw refused(attributes, `user not permitted to approve requests with signerName "${signerName}"`)
    },
  }
}

/** Only who may sign for a signer issues its certificates. */
export function certificateSigning(authorizer: Authorizer): AdmissionPlugin {
  return {
    name: 'CertificateSigning',
    async validate(attributes) {
      if (attributes.operation !== 'UPDATE' || !isAbout(attributes, resource, 'status')) return
      const old = attributes.oldObject as CertificateSigningRequest
      const { status } = attributes.object as CertificateSigningRequest
      if (status?.certificate === old.status?.certificate && deepEqual(status?.conditions, old.status?.conditions)) return
      if (await maySignFor(authorizer, attributes.user, 'sign', old.spec.signerName)) return
      throw refused(attributes, `user not permitted to sign requests with signerName "${old.spec.signerName}"`)
    },
  }
}

/** Nobody gets a client certificate of `system:masters` by asking for it. */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  async validate(attributes) {
    if (attributes.operation !== 'CREATE' || !isAbout(attributes, resource)) return
    const { signerName, request } = (attributes.object as CertificateSigningRequest).spec
    if (signerName !== apiClientSigner) return
    const read = await readSigningRequest(Buffer.from(request, 'base64').toString())
    if (!read) throw refused(attributes, 'failed to parse CSR: PEM block type must be CERTIFICATE REQUEST')
    if (read.organizations.includes('system:masters')) {
      throw refused(attributes, `use of ${apiClientSigner} signer with system:masters group is not allowed`)
    }
  },
}

/** Either for this signer, or for all signers of its domain. */
const maySignFor = async (authorizer: Authorizer, user: UserInfo, verb: string, signerName: string): Promise<boolean> => {
  const names = [signerName, `${signerName.split('/')[0]}/*`]
  for (const name of names) {
    const { decision } = await authorizer.authorize({ user, verb, group: 'certificates.k8s.io', version: '*', resource: 'signers', name })
    if (decision === 'Allow') return true
  }
  return false
}
