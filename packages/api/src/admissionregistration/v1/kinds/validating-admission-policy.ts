import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ValidatingAdmissionPolicy = TypeOf<'admissionregistration.v1.ValidatingAdmissionPolicy'>
export type ValidatingAdmissionPolicyList = ListOf<ValidatingAdmissionPolicy>

export const ValidatingAdmissionPolicy: Kind<ValidatingAdmissionPolicy> = defineKind('admissionregistration.v1.ValidatingAdmissionPolicy', {
  plural: 'validatingadmissionpolicies',
  categories: ['api-extensions'],
  scope: 'Cluster',
  subresources: [statusSubresource],
})
