import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type MutatingWebhookConfiguration = TypeOf<'admissionregistration.v1.MutatingWebhookConfiguration'>
export type MutatingWebhookConfigurationList = ListOf<MutatingWebhookConfiguration>

/** Webhooks that may change objects on their way into the store. */
export const MutatingWebhookConfiguration: Kind<MutatingWebhookConfiguration> = defineKind(
  'admissionregistration.v1.MutatingWebhookConfiguration',
  {
    plural: 'mutatingwebhookconfigurations',
    categories: ['api-extensions'],
    scope: 'Cluster',
    columns: [nameColumn, column('Webhooks', 'integer', 'How many webhooks.', ({ webhooks }) => webhooks?.length ?? 0), ageColumn],
    strategy: { generation: 'outside-metadata', allowUnconditionalUpdate: false },
  },
)
