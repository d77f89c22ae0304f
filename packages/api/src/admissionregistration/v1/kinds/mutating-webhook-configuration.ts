import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type MutatingWebhookConfiguration = TypeOf<'admissionregistration.v1.MutatingWebhookConfiguration'>
export type MutatingWebhookConfigurationList = ListOf<MutatingWebhookConfiguration>

export const MutatingWebhookConfiguration: Kind<MutatingWebhookConfiguration> = defineKind(
  'admissionregistration.v1.MutatingWebhookConfiguration',
  {
    plural: 'mutatingwebhookconfigurations',
    categories: ['api-extensions'],
    scope: 'Cluster',
  },
)
