import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ValidatingAdmissionPolicyBinding = TypeOf<'admissionregistration.v1.ValidatingAdmissionPolicyBinding'>
export type ValidatingAdmissionPolicyBindingList = ListOf<ValidatingAdmissionPolicyBinding>

/** Where a policy is in force, with which parameters. */
export const ValidatingAdmissionPolicyBinding: Kind<ValidatingAdmissionPolicyBinding> = defineKind(
  'admissionregistration.v1.ValidatingAdmissionPolicyBinding',
  {
    plural: 'validatingadmissionpolicybindings',
    categories: ['api-extensions'],
    scope: 'Cluster',
    columns: [
      nameColumn,
      column('PolicyName', 'string', 'The policy.', ({ spec }) => spec?.policyName ?? ''),
      column('ParamRef', 'string', 'Its parameters.', paramCell),
      ageColumn,
    ],
    strategy: { generation: 'spec', allowUnconditionalUpdate: false },
  },
)

function paramCell({ spec }: ValidatingAdmissionPolicyBinding): string {
  const param = spec?.paramRef
  if (!param) return '<unset>'
  if (param.name) return `${param.namespace || '*'}/${param.name}`
  return param.selector ? printedSelector(param.selector) : '<unset>'
}

/** The way upstream prints the struct. */
function printedSelector({
  matchLabels,
  matchExpressions,
}: NonNullable<NonNullable<ValidatingAdmissionPolicyBinding['spec']>['paramRef']>['selector'] & object): string {
  const labels = Object.entries(matchLabels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`)
    .join('')
  const expressions = (matchExpressions ?? [])
    .map(({ key, operator, values }) => `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${(values ?? []).join(' ')}],},`)
    .join('')
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`
}
