import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ValidatingAdmissionPolicyBinding = TypeOf<'admissionregistration.v1.ValidatingAdmissionPolicyBinding'>
export type ValidatingAdmissionPolicyBindingList = ListOf<ValidatingAdmissionPolicyBinding>

export const ValidatingAdmissionPolicyBinding: Kind<ValidatingAdmissionPolicyBinding> = defineKind(
  'admissionregistration.v1.ValidatingAdmissionPolicyBinding',
  {
    plural: 'validatingadmissionpolicybindings',
    categories: ['api-extensions'],
    scope: 'Cluster',
  },
)
