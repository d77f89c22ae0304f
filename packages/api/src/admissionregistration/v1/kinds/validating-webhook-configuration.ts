import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ValidatingWebhookConfiguration = TypeOf<'admissionregistration.v1.ValidatingWebhookConfiguration'>
export type ValidatingWebhookConfigurationList = ListOf<ValidatingWebhookConfiguration>

export const ValidatingWebhookConfiguration: Kind<ValidatingWebhookConfiguration> = defineKind(
  'admissionregistration.v1.ValidatingWebhookConfiguration',
  {
    plural: 'validatingwebhookconfigurations',
    categories: ['api-extensions'],
    scope: 'Cluster',
  },
)
