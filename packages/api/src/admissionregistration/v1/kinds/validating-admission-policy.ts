import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import { restoreMetadata } from '../../../declaration/status-rules.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ValidatingAdmissionPolicy = TypeOf<'admissionregistration.v1.ValidatingAdmissionPolicy'>
export type ValidatingAdmissionPolicyList = ListOf<ValidatingAdmissionPolicy>

/** Rules, as expressions, that objects must keep to be stored; in force where a binding says so. */
export const ValidatingAdmissionPolicy: Kind<ValidatingAdmissionPolicy> = defineKind('admissionregistration.v1.ValidatingAdmissionPolicy', {
  plural: 'validatingadmissionpolicies',
  categories: ['api-extensions'],
  scope: 'Cluster',
  subresources: [statusSubresource],
  columns: [
    nameColumn,
    column('Validations', 'integer', 'How many rules.', ({ spec }) => spec?.validations?.length ?? 0),
    column('ParamKind', 'string', 'What objects its parameters are.', ({ spec }) =>
      spec?.paramKind ? `${spec.paramKind.apiVersion ?? ''}/${spec.paramKind.kind ?? ''}` : '<unset>',
    ),
    ageColumn,
  ],
  strategy: {
    generation: 'spec',
    allowUnconditionalUpdate: false,
    prepareForStatusUpdate: (policy, old) => restoreMetadata(policy, old),
    resetFields: { '': ['status'], status: ['metadata', 'spec'] },
  },
})
